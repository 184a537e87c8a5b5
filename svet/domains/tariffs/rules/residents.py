"""Households as calculation needs them: every day of the month, with the number of persons that count."""

from __future__ import annotations

import polars as pl

from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.tables import overlap, remembered, starts, uncovered


@remembered
def every_day(households: pl.DataFrame, supplies: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    """Return the households of each account clipped to its supplied days, gaps filled by rows of nulls.

    `residents` are registered and temporary ones; `persons` are those, or the owners when nobody lives there.
    Who stays no longer than the policy's days in a row does not count.
    """
    days = supplies.group_by("account_id").agg(pl.col("from_on").min(), pl.col("until_on").max())
    known = overlap(days, _staying(households, policies=policies), on=["account_id"])
    unknown = uncovered(days, known, on=["account_id"])
    residents = pl.col("registered") + pl.col("temporary")
    return pl.concat([known, unknown], how="diagonal").with_columns(
        residents=residents,
        persons=pl.when(residents > 0).then(residents).otherwise(pl.col("owners")),
        privileged=pl.col("privileged").fill_null(False),
    )


def _staying(households: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    """Return the households, temporary residents of too few days in a row left out (PP 354 p. 56)."""
    visits = households.filter(pl.col("temporary") > 0)
    if visits.is_empty():
        return households
    visits = visits.sort("account_id", "from_on")
    goes_on = (pl.col("from_on") == pl.col("until_on").shift(1)) & ~starts("account_id")
    stays = (
        visits.with_columns(stay=(~goes_on).fill_null(True).cum_sum())
        .with_columns(
            stay_from=pl.col("from_on").min().over("stay"),
            stay_until=pl.when(pl.col("until_on").is_null().any().over("stay"))
            .then(None)
            .otherwise(pl.col("until_on").max().over("stay")),
        )
        .with_columns(days=(pl.col("stay_until") - pl.col("stay_from")).dt.total_days())
    )
    short = stays.filter(pl.col("days") <= policies.temporary_residents_min_days).select("account_id", "from_on")
    left = households.join(short, on=["account_id", "from_on"], how="semi").with_columns(
        temporary=pl.lit(0, dtype=pl.Int32)
    )
    return pl.concat([households.join(short, on=["account_id", "from_on"], how="anti"), left])

"""Households as calculation needs them: every day of the month, with the number of persons that count."""

from __future__ import annotations

import polars as pl

from svet.kernel.tables import overlap, uncovered


def every_day(households: pl.DataFrame, supplies: pl.DataFrame) -> pl.DataFrame:
    """Return the households of each account clipped to its supplied days, gaps filled by rows of nulls.

    `residents` are registered and temporary ones; `persons` are those, or the owners when nobody lives there.
    """
    days = supplies.group_by("account_id").agg(pl.col("from_on").min(), pl.col("until_on").max())
    known = overlap(days, households, on=["account_id"])
    unknown = uncovered(days, known, on=["account_id"])
    residents = pl.col("registered") + pl.col("temporary")
    return pl.concat([known, unknown], how="diagonal").with_columns(
        residents=residents,
        persons=pl.when(residents > 0).then(residents).otherwise(pl.col("owners")),
        privileged=pl.col("privileged").fill_null(False),
    )

"""Whose month is told by two late readings of each register, so that no average can be asked of his history."""

from __future__ import annotations

import polars as pl

from svet.kernel.period import Month

LATE_MONTHS = 2
"""So many months before the month in hand are late ones."""
_REGISTER = ["account_id", "supply_point_id", "register_id"]


def plainly_read(
    *,
    supplies: pl.DataFrame,
    registers: pl.DataFrame,
    conditions: pl.DataFrame,
    billed: pl.DataFrame,
    late: pl.DataFrame,
    month: Month,
    cutoff_day: int,
) -> pl.DataFrame:
    """Return the accounts (`account_id`) for which the readings before the late months change nothing.

    Each of their registers has hung all the time on a fit meter, was billed up to a late reading, and has a reading of
    the month in time; none since fell. `late` are the readings (frame READINGS) since the first of the late months.
    """
    since_on = month.plus(-LATE_MONTHS).first_on
    hanging = supplies.select("account_id", "supply_point_id", "agreement_from_on", "agreement_until_on").join(
        registers, on="supply_point_id"
    )
    stands = billed.filter(pl.col("register_id").is_not_null()).with_columns(
        base_on="taken_on", base_wh=pl.coalesce("now_value_wh", "value_wh")
    )
    ends = (
        late.join(stands.select("account_id", "register_id", "base_on", "base_wh"), on=["account_id", "register_id"])
        .filter(pl.col("taken_on") > pl.col("base_on"))
        .with_columns(
            in_time=pl.col("taken_on").is_between(month.first_on, month.last_on)
            & (pl.col("taken_on").dt.day() <= cutoff_day),
            rose=pl.col("value_wh") >= pl.col("base_wh"),
        )
        .group_by("account_id", "register_id")
        .agg(pl.col("in_time").any(), pl.col("rose").all())
    )
    told = (
        hanging.join(stands, on=_REGISTER, how="left")
        .join(ends, on=["account_id", "register_id"], how="left")
        .with_columns(is_odd=pl.col("supply_point_id").is_in(conditions["supply_point_id"].unique().implode()))
    )
    plain = (
        ~pl.col("is_odd")
        & (pl.col("agreement_from_on") <= since_on)
        & pl.col("agreement_until_on").is_null()
        & (pl.col("installed_on") <= since_on)
        & pl.col("removed_on").is_null()
        & (pl.col("verification_due_on").is_null() | (pl.col("verification_due_on") >= month.next.first_on))
        & (pl.col("base_on") >= since_on).fill_null(False)
        & pl.col("final_until_on").is_null()
        & pl.col("gap_until_on").is_null()
        & pl.col("in_time").fill_null(False)
        & pl.col("rose").fill_null(False)
    )
    return told.group_by("account_id").agg(plain.all().alias("is_plain")).filter("is_plain").select("account_id")

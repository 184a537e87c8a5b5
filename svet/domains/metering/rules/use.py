"""What a value means: the month whose bill may use it, and the energy since the reading before it."""

from __future__ import annotations

import polars as pl

from svet.domains.metering.rules import Channel, ReadingKind
from svet.domains.metering.rules.policies import ReadingPolicies

OWN_READERS = (Channel.METER_READER, Channel.SMART_METER, Channel.GRID, Channel.IMPORT)
"""Channels of the companies themselves: the window is for consumers."""


def with_month(rows: pl.DataFrame, policies: ReadingPolicies) -> pl.DataFrame:
    """Add `counts_from`, the first month whose bill may use the reading, and what made it so.

    A consumer's reading given after the window counts for the next month; one that corrects a reading of a
    month not yet billed counts where that one counted; nothing counts for a month that is billed.
    """
    own = pl.col("taken_on").dt.truncate("1mo")
    given = pl.col("given_on").dt.truncate("1mo")
    until = policies.cutoff_day
    asked_of_consumer = ~pl.col("channel").is_in([str(c) for c in OWN_READERS]) & (
        pl.col("kind") == ReadingKind.REGULAR.value
    )
    in_time = (given == own) & (pl.col("given_on").dt.day() <= until)
    after = pl.when(pl.col("given_on").dt.day() <= until).then(given).otherwise(given.dt.offset_by("1mo"))
    month = pl.when(asked_of_consumer & ~in_time & (given >= own)).then(after).otherwise(own)
    replaced = pl.when("replaced_is_open").then(pl.col("replaced_counts_from"))
    month = pl.min_horizontal(month, replaced)
    return rows.with_columns(
        is_billed=(own <= pl.col("billed_month")).fill_null(False),
        counts_from=pl.max_horizontal(month, pl.col("billed_month").dt.offset_by("1mo")),
    ).with_columns(is_late=~pl.col("is_billed") & (pl.col("counts_from") > own))


def with_use(rows: pl.DataFrame, policies: ReadingPolicies) -> pl.DataFrame:
    """Add the use since the previous reading in watt-hours of the dial, and the bounds of what is plausible."""
    days = (pl.col("taken_on") - pl.col("previous_on")).dt.total_days()
    at_least = policies.large_at_least_kwh * 1000
    by_usual = pl.max_horizontal(pl.col("usual_wh_day") * days * policies.large_factor, pl.lit(at_least))
    unknown = policies.large_without_history_kwh * 1000 * pl.max_horizontal(days, pl.lit(30)) // 30
    rows = rows.with_columns(
        days=days,
        step_wh=pl.col("value_wh") - pl.col("previous_wh"),
        limit_wh=pl.when(pl.col("usual_wh_day").is_null()).then(unknown).otherwise(by_usual),
    )
    round_wh = pl.col("step_wh") + pl.col("dial_wh")
    fits_dial = pl.col("value_wh") < pl.col("dial_wh")
    # As the calculation believes it (rule of volumes): both must agree on what passed zero.
    months = pl.max_horizontal(_month_number(pl.col("taken_on")) - _month_number(pl.col("previous_on")), pl.lit(1))
    believed = pl.coalesce(
        pl.col("usual_wh_day") * 30 * policies.rollover_factor * pl.col("multiplier_e4"),
        pl.lit(policies.rollover_limit_kwh * 1000 * 10_000),
    )
    rolled = (pl.col("step_wh") < 0) & (round_wh * pl.col("multiplier_e4") <= believed * months)
    return rows.with_columns(fits_dial=fits_dial.fill_null(False), rolled_over=rolled.fill_null(False)).with_columns(
        kwh_wh=pl.when("rolled_over").then(round_wh).when(pl.col("step_wh") >= 0).then("step_wh")
    )


def _month_number(day: pl.Expr) -> pl.Expr:
    return day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64)

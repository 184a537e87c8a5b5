"""The days of a supply cut where its price list changes: one tariff version in force in each segment."""

from __future__ import annotations

import polars as pl

from svet.kernel.tables import DAYS, overlap, remembered, starts

KEY = ["account_id", "supply_point_id"]
UNIT = [*KEY, "month_on"]
"""What is priced at once: a supply in one month, the billed one or an earlier one that is priced anew."""
SEGMENT = [*UNIT, "from_on"]
"""A segment is known by its supply and its first day."""

_VERSION = ["tariff_version_id", "territory", "category", "structure", "from_on", "until_on"]


@remembered
def price_segments(supplies: pl.DataFrame, categories: pl.DataFrame, tariffs: pl.DataFrame) -> pl.DataFrame:
    """Return the segments of each supply with territory, category, version and structure, and their `days`.

    Neighbouring days of one version are one segment, however often the category was written down.
    """
    classes = categories.select("supply_point_id", "territory", "category", "from_on", "until_on")
    classed = overlap(supplies.select(*UNIT, "from_on", "until_on"), classes, on=["supply_point_id"])
    versions = tariffs.select(_VERSION).unique()
    cut = overlap(classed, versions, on=["territory", "category"]).sort(SEGMENT)
    goes_on = (
        (pl.col("from_on") == pl.col("until_on").shift(1))
        & (pl.col("tariff_version_id") == pl.col("tariff_version_id").shift(1))
        & ~starts(*UNIT)
    )
    return (
        cut.with_columns(run=(~goes_on).fill_null(True).cum_sum())
        .group_by("run", maintain_order=True)
        .agg(pl.exclude("until_on").first(), pl.col("until_on").last())
        .drop("run")
        .with_columns(days=DAYS)
    )


@remembered
def unpriced(supplies: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """Return a finding (F04) for each supply some of whose days have no category or no tariff in force."""
    asked = supplies.group_by(UNIT).agg(DAYS.sum().alias("days"))
    given = segments.group_by(UNIT).agg(pl.col("days").sum().alias("priced_days"))
    return (
        asked.join(given, on=UNIT, how="left")
        .with_columns(pl.col("priced_days").fill_null(0))
        .filter(pl.col("priced_days") != pl.col("days"))
        .select(
            *KEY,
            code=pl.lit("F04"),
            level=pl.lit("hold"),
            facts=pl.struct("days", "priced_days").struct.json_encode(),
        )
    )

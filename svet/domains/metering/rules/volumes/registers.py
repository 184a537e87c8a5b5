"""Where each register stands in the month: since which reading, until which one, hanging on which days.

Only facts are found here; `measured`, `average` and `norm` make volumes of them. A row is one register at one
supply point of one account.
"""

from __future__ import annotations

import polars as pl

from svet.domains.metering.rules import ReadingKind
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.period import Month
from svet.kernel.tables import follows, month_index, remembered

KEY = ["account_id", "supply_point_id"]
REGISTER = [*KEY, "register_id"]
OPENING_KINDS = [ReadingKind.INSTALLED.value, ReadingKind.INITIAL.value]
CLOSING_KINDS = [ReadingKind.REMOVED.value, ReadingKind.FINAL.value, ReadingKind.CONTROL.value]


def spans_of(supplies: pl.DataFrame) -> pl.DataFrame:
    """Return one row per account and supply point: the days of the month from the first to the last."""
    goes_on = pl.col("agreement_until_on").is_null().any()
    return supplies.group_by(KEY).agg(
        pl.col("from_on").min(),
        pl.col("until_on").max(),
        pl.col("agreement_from_on").min(),
        pl.when(goes_on).then(None).otherwise(pl.col("agreement_until_on").max()).alias("agreement_until_on"),
    )


@remembered
def registers_of(supplies: pl.DataFrame, registers: pl.DataFrame) -> pl.DataFrame:
    """Return the registers of each supply with the days on which their meters hang (none: `hangs` is false)."""
    latest = registers.sort("installed_on").unique(["supply_point_id", "register_id"], keep="last")
    return (
        spans_of(supplies)
        .join(latest, on="supply_point_id")
        .with_columns(
            hang_from=pl.max_horizontal("from_on", "installed_on"),
            hang_until=pl.min_horizontal("until_on", "removed_on"),
        )
        .with_columns(hangs=pl.col("hang_from") < pl.col("hang_until"))
        .drop("from_on", "until_on")
    )


def usable(readings: pl.DataFrame, places: pl.DataFrame, *, month: Month, policies: Policies) -> pl.DataFrame:
    """Return the readings that may be used up to `month`, each with `counts`, the index of the month it counts for.

    A consumer's own reading counts by the cut-off day, or in the month itself when the agreement ends in it. A
    final reading of the day after the last one belongs to the last month.
    """
    this = month.first_on.year * 12 + month.first_on.month
    ends = pl.col("agreement_until_on")
    day = pl.when(pl.col("kind") == ReadingKind.FINAL.value).then(
        pl.min_horizontal("taken_on", ends.dt.offset_by("-1d"))
    )
    taken = month_index(pl.coalesce(day, pl.col("taken_on")))
    is_last_month = (taken == this) & (ends <= month.next.first_on).fill_null(False)
    late = (
        (pl.col("kind") == ReadingKind.REGULAR.value)
        & (pl.col("taken_on").dt.day() > policies.reading_cutoff_day)
        & ~is_last_month
    )
    return (
        readings.join(
            places.select(*REGISTER, "agreement_from_on", "agreement_until_on", "installed_on"),
            on=["account_id", "register_id"],
        )
        .with_columns(counts=taken + late.cast(pl.Int32))
        .filter((pl.col("counts") <= this) & ((pl.col("taken_on") <= ends) | ends.is_null()))
        .sort("taken_on", "reading_id")
    )


def positions(places: pl.DataFrame, known: pl.DataFrame, billed: pl.DataFrame) -> pl.DataFrame:
    """Return `places` with the reading each count starts at (`base_*`) and the one it ends at (`end_*`), if any."""
    standing = places.join(billed.filter(pl.col("register_id").is_not_null()), on=REGISTER, how="left").rename(
        {"reading_id": "used_id", "value_wh": "used_wh", "taken_on": "used_on"}
    )
    based = standing.join(
        _openings(standing.filter(pl.col("used_id").is_null()), known), on=REGISTER, how="left"
    ).with_columns(
        pl.col("average_months", "failed_months", "refused_months").fill_null(0),
        base_id=pl.coalesce("now_reading_id", "used_id", "opening_id"),
        base_wh=pl.coalesce("now_value_wh", "used_wh", "opening_wh"),
        base_on=pl.coalesce("used_on", "opening_on"),
        opens=pl.col("used_id").is_null() & pl.col("opening_id").is_not_null(),
    )
    placed = billed.filter(pl.col("register_id").is_null() & pl.col("final_until_on").is_not_null())
    if not placed.is_empty():
        final = pl.max_horizontal("final_until_on", "place_final_on")
        ends = placed.select(*KEY, place_final_on="final_until_on")
        based = based.join(ends, on=KEY, how="left").with_columns(final_until_on=final).drop("place_final_on")
    return based.join(later_ends(based, known), on=REGISTER, how="left").drop("norm_months")


@follows(0)
def _openings(unbilled: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the reading at which the count of each register never billed by meter opens.

    The latest initial one (a move-in, or a take-over from another system) goes before the first one of an
    installation; without either it is the earliest reading.
    """
    fresh = known.join(unbilled, on=REGISTER, how="semi")
    by_act = pl.col("kind").is_in(OPENING_KINDS) & (
        (pl.col("taken_on") >= pl.col("installed_on")) | (pl.col("taken_on") >= pl.col("agreement_from_on"))
    )
    is_initial = by_act & (pl.col("kind") == ReadingKind.INITIAL.value)
    day = pl.col("taken_on").to_physical()
    return (
        fresh.sort(~is_initial, ~by_act, pl.when(is_initial).then(-day).otherwise(day), "reading_id")
        .group_by(REGISTER, maintain_order=True)
        .first()
        .select(
            *REGISTER,
            opening_id="reading_id",
            opening_wh="value_wh",
            opening_on="taken_on",
            opening_kind="kind",
        )
    )


def later_ends(based: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the latest usable reading of each register that is later than its base."""
    after = known.join(based.select(*REGISTER, "base_id", "base_on"), on=REGISTER)
    same_day = (
        (pl.col("taken_on") == pl.col("base_on"))
        & (pl.col("reading_id") > pl.col("base_id"))
        & pl.col("kind").is_in(CLOSING_KINDS)
    )
    later = ((pl.col("taken_on") > pl.col("base_on")) | same_day) & (pl.col("reading_id") != pl.col("base_id"))
    return (
        after.filter(later)
        .sort("taken_on", "reading_id")
        .group_by(REGISTER, maintain_order=True)
        .last()
        .select(
            *REGISTER, end_id="reading_id", end_wh="value_wh", end_on="taken_on", end_kind="kind", end_counts="counts"
        )
    )

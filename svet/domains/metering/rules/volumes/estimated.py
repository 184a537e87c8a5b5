"""Volumes without a reading: the average of a register (V04), the norm of a supply point (V05, V06).

The norm covers the supply's days on which no meter is measured or averaged. Its sum is exact: the numerators of
all days are added and divided once.
"""

from __future__ import annotations

import polars as pl

from svet.domains.metering.rules import VolumeBasis
from svet.domains.metering.rules.volumes.measured import as_rows
from svet.domains.metering.rules.volumes.registers import KEY
from svet.kernel.period import Month
from svet.kernel.tables import DAYS, elementary, half_up, overlap, uncovered, wide

_EQUIPMENT = ["territory", "electric_stove", "electric_heating"]
_NEED = [*_EQUIPMENT, "rooms", "persons", "from_on"]


def averaged(rows: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return the average of each register for the days on which its meter hangs: a full month is the average."""
    days = (pl.col("hang_until") - pl.col("hang_from")).dt.total_days()
    return as_rows(
        rows,
        from_on="hang_from",
        until_on="hang_until",
        start_reading_id=pl.lit(None),
        start_wh=pl.lit(None),
        end_wh=pl.lit(None),
        wh=half_up(wide("average_wh") * days, month.days),
        basis=pl.lit(VolumeBasis.AVERAGE.value),
        rule=pl.lit("V04"),
        months=pl.col("average_months") + 1,
        facts=pl.struct(
            "average_wh",
            months="average_months_used",
            first_reading_id="average_first_id",
            last_reading_id="average_last_id",
            last_wh="base_wh",
            last_on=pl.col("base_on").cast(pl.String),
            days=days,
            month_days=pl.lit(month.days),
        ).struct.json_encode(),
    )


def norm_days(supplies: pl.DataFrame, covered: pl.DataFrame, wanting: pl.DataFrame) -> pl.DataFrame:
    """Return the days charged by norm, each row with its rule: V05 in place of readings, V06 without any.

    `covered` are registers measured or averaged; `wanting` hang and have neither.
    """
    hang = {"from_on": pl.col("hang_from"), "until_on": pl.col("hang_until")}
    spans = supplies.select(*KEY, "from_on", "until_on")
    holes = uncovered(spans, covered.select(*KEY, **hang), on=KEY)
    metered = (
        wanting.filter(pl.col("base_id").is_not_null())
        .group_by(KEY)
        .agg(
            from_on=pl.max_horizontal("hang_from", "base_on").min(),
            until_on=pl.col("hang_until").max(),
            average_months=pl.col("average_months").max(),
        )
    )
    instead = overlap(holes, metered, on=KEY).with_columns(rule=pl.lit("V05"))
    without = uncovered(holes, metered, on=KEY).with_columns(
        average_months=pl.lit(0, dtype=pl.Int32), rule=pl.lit("V06")
    )
    return pl.concat([instead, without.select(instead.columns)])


def normed(
    days: pl.DataFrame,
    *,
    supplies: pl.DataFrame,
    households: pl.DataFrame,
    categories: pl.DataFrame,
    norms: pl.DataFrame,
    billed: pl.DataFrame,
    month: Month,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the volumes of `days` by norm, and a finding (F02, F03) for each supply that has none.

    `households` cover every day (`persons` null when nobody is known). E10: 3 residents × 46 kWh = 138 kWh.
    """
    premises = supplies.select(*KEY, "from_on", "until_on", "rooms", "electric_stove", "electric_heating")
    pieces = overlap(days, premises, on=KEY)
    pieces = overlap(pieces, households.select("account_id", "from_on", "until_on", "persons"), on=["account_id"])
    pieces = overlap(
        pieces, categories.select("supply_point_id", "from_on", "until_on", "territory"), on=["supply_point_id"]
    )
    pieces = overlap(pieces, elementary(norms, by=["territory"]), on=["territory"])
    found = pieces.join(_norms_of(pieces, norms), on=_NEED, how="left", nulls_equal=True)
    found = found.filter(pl.col("wh_per_person").is_not_null() & (pl.col("persons") > 0))
    return _norm_rows(found, billed, month=month), _missing(days, pieces, found)


def _norms_of(pieces: pl.DataFrame, norms: pl.DataFrame) -> pl.DataFrame:
    """Return the norm per person for each need: the table's largest row for rooms and persons not above it."""
    rows = norms.rename({"rooms": "upto_rooms", "persons": "upto_persons", "from_on": "norm_from"})
    return (
        pieces.select(_NEED)
        .unique()
        .join(rows, on=_EQUIPMENT)
        .filter(
            (pl.col("upto_rooms") <= pl.col("rooms"))
            & (pl.col("upto_persons") <= pl.col("persons"))
            & (pl.col("norm_from") <= pl.col("from_on"))
            & ((pl.col("until_on") > pl.col("from_on")) | pl.col("until_on").is_null())
        )
        .sort("upto_rooms", "upto_persons")
        .group_by(_NEED, maintain_order=True)
        .last()
        .select(*_NEED, "wh_per_person")
    )


def _norm_rows(found: pl.DataFrame, billed: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    shares = pl.struct(
        "persons",
        "wh_per_person",
        "rooms",
        from_on=pl.col("from_on").cast(pl.String),
        days=DAYS,
    )
    months = billed.filter(pl.col("register_id").is_null()).select(*KEY, "norm_months")
    summed = (
        found.sort(*KEY, "from_on")
        .group_by([*KEY, "rule"], maintain_order=True)
        .agg(
            shares.alias("shares"),
            (wide("wh_per_person") * wide("persons") * DAYS).sum().alias("wh_days"),
            pl.col("average_months").max(),
            pl.col("from_on").min(),
            pl.col("until_on").max(),
        )
        .join(months, on=KEY, how="left")
    )
    return as_rows(
        summed,
        band=pl.lit("all"),
        zoning=pl.lit("1"),
        position=pl.lit(8),
        multiplier_e4=pl.lit(10_000),
        wh=half_up(pl.col("wh_days"), month.days),
        basis=pl.lit(VolumeBasis.NORM.value),
        months=pl.col("average_months") + pl.col("norm_months").fill_null(0) + 1,
        facts=pl.struct("shares", month_days=pl.lit(month.days)).struct.json_encode(),
    )


def _missing(days: pl.DataFrame, pieces: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return a finding for each supply some of whose days have no norm: nobody known (F03), or no row (F02)."""
    nobody = pieces.group_by(KEY).agg((pl.col("persons").fill_null(0) == 0).any().alias("nobody"))
    asked = days.group_by(KEY).agg(DAYS.sum().alias("days"))
    given = found.group_by(KEY).agg(DAYS.sum().alias("given"))
    return (
        asked.join(given, on=KEY, how="left")
        .join(nobody, on=KEY, how="left")
        .filter(pl.col("given").fill_null(0) < pl.col("days"))
        .select(
            *KEY,
            code=pl.when(pl.col("nobody").fill_null(False)).then(pl.lit("F03")).otherwise(pl.lit("F02")),
            level=pl.lit("hold"),
            facts=pl.struct("days", given=pl.col("given").fill_null(0)).struct.json_encode(),
        )
    )

"""Volumes by meter: measured, rolled over, corrected, opened (V01-V03, V09, V10)."""

from __future__ import annotations

import polars as pl

from svet.domains.metering.rules import ReadingKind, VolumeBasis
from svet.domains.metering.rules.volumes.average import dial_wh
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.period import Month
from svet.kernel.tables import follows, half_up, month_index, wide

ROW = {
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "month_on": pl.Date,  # at whose prices; null: of the billed month
    "register_id": pl.Int64,
    "position": pl.Int32,
    "zoning": pl.String,
    "band": pl.String,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "start_reading_id": pl.Int64,
    "end_reading_id": pl.Int64,
    "start_wh": pl.Int64,
    "end_wh": pl.Int64,
    "multiplier_e4": pl.Int64,
    "wh": pl.Int64,
    "basis": pl.String,
    "rule": pl.String,
    "months": pl.Int32,  # which month in a row without a reading; 0 when measured
    "facts": pl.String,
}
"""A volume on its way to the result; `zoning` says which price it takes."""


def as_rows(frame: pl.DataFrame, **columns: pl.Expr | str) -> pl.DataFrame:
    """Return `frame` in the columns of `ROW`: those named here, then its own, then nulls."""
    named = {name: pl.col(value) if isinstance(value, str) else value for name, value in columns.items()}
    own = {name: named.get(name, pl.col(name) if name in frame.columns else pl.lit(None)) for name in ROW}
    return frame.select(expression.cast(ROW[name]).alias(name) for name, expression in own.items())


def with_rise(standing: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    """Add `rise_wh`, what the dial went on since the base, and whether it passed zero (`wraps`) plausibly.

    A fall is plausible as a wrap up to `rollover_factor` times the usual of the months between the readings;
    without history, up to a bound of its own.
    """
    rise = pl.col("end_wh") - pl.col("base_wh")
    months = pl.max_horizontal(month_index(pl.col("end_on")) - month_index(pl.col("base_on")), 1).cast(pl.Int64)
    turned = rise + dial_wh()
    usual = policies.rollover_factor * wide("average_wh")
    bound = pl.coalesce(usual, pl.lit(policies.rollover_limit_kwh * 1000))
    plausible = (turned >= 0) & (turned * wide("multiplier_e4") <= bound * months * 10_000)
    return standing.with_columns(wraps=rise < 0, rise_wh=pl.when(rise >= 0).then(rise).when(plausible).then(turned))


def measured(risen: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return the volumes between two readings: E1 is 4758 − 4521 = 237 kWh, times the multiplier."""
    known = risen.filter(pl.col("rise_wh").is_not_null())
    installed_now = (
        pl.col("opens") & (pl.col("opening_kind") == ReadingKind.INSTALLED.value) & (pl.col("base_on") > month.first_on)
    )
    by_act = (pl.col("end_kind") == ReadingKind.REMOVED.value) | installed_now.fill_null(False)
    return as_rows(
        known,
        from_on="base_on",
        until_on="end_on",
        start_reading_id="base_id",
        end_reading_id="end_id",
        start_wh="base_wh",
        wh=multiplied("rise_wh"),
        basis=pl.lit(VolumeBasis.MEASURED.value),
        rule=pl.when("wraps").then(pl.lit("V02")).when(by_act).then(pl.lit("V03")).otherwise(pl.lit("V01")),
        months=pl.lit(0),
        facts=pl.struct("digits", "average_wh").struct.json_encode(),
    )


def openings(standing: pl.DataFrame) -> pl.DataFrame:
    """Return a volume of nothing for each register whose count opens now and has no second reading yet (V10)."""
    return _opened(standing.filter(pl.col("opens") & pl.col("end_id").is_null()))


@follows(0)
def _opened(opening: pl.DataFrame) -> pl.DataFrame:
    return as_rows(
        opening,
        from_on="base_on",
        until_on="base_on",
        start_reading_id="base_id",
        end_reading_id="base_id",
        start_wh="base_wh",
        end_wh="base_wh",
        wh=pl.lit(0),
        basis=pl.lit(VolumeBasis.MEASURED.value),
        rule=pl.lit("V10"),
        months=pl.lit(0),
        facts=pl.lit("{}"),
    )


def corrections(standing: pl.DataFrame) -> pl.DataFrame:
    """Return the difference by which a billed reading was corrected since (V09), over the dial's zero if shorter."""
    return _corrected(standing.filter(pl.col("now_reading_id").is_not_null()))


@follows(0)
def _corrected(changed: pl.DataFrame) -> pl.DataFrame:
    step = pl.col("now_value_wh") - pl.col("used_wh")
    half = dial_wh() // 2
    shorter = pl.when(step > half).then(step - dial_wh()).when(step < -half).then(step + dial_wh()).otherwise(step)
    return as_rows(
        changed.with_columns(step_wh=shorter),
        from_on="used_on",
        until_on="used_on",
        start_reading_id="used_id",
        end_reading_id="now_reading_id",
        start_wh="used_wh",
        end_wh="now_value_wh",
        wh=multiplied("step_wh"),
        basis=pl.lit(VolumeBasis.MEASURED.value),
        rule=pl.lit("V09"),
        months=pl.lit(0),
        facts=pl.lit("{}"),
    )


def multiplied(dial: str) -> pl.Expr:
    """Return watt-hours of the dial's column times the meter's multiplier."""
    return half_up(pl.col(dial) * wide("multiplier_e4"), 10_000)

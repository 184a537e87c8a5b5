"""What of a house falls to each of its dwellings: lines of their own at the one-rate price, never mixed with own use.

The shares come settled (`houses`); here they are priced like any energy apart: first step, no part in any bound, no
reduction for quality. E14: 96.80 for common needs, whether 150 kWh were used or none.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from svet.domains.billing.rules.frames import Inputs
from svet.domains.houses.rules import BY_AVERAGE, BY_METER, BY_NORM, GIVEN_BACK
from svet.domains.metering.rules import VolumeBasis
from svet.domains.metering.rules.volumes.measured import as_rows
from svet.domains.tariffs.rules.price_apart import price_apart
from svet.domains.tariffs.rules.segments import KEY
from svet.kernel.period import Month
from svet.kernel.tables import follows

_BASES = {
    BY_METER: VolumeBasis.MEASURED.value,
    BY_AVERAGE: VolumeBasis.AVERAGE.value,
    BY_NORM: VolumeBasis.NORM.value,
    GIVEN_BACK: VolumeBasis.MEASURED.value,
}


@dataclass(frozen=True)
class CommonNeeds:
    """Priced lines (columns as of `price_apart`), volumes (`measured.ROW`) and findings."""

    lines: pl.DataFrame
    volumes: pl.DataFrame
    findings: pl.DataFrame


def common_needs(inputs: Inputs, segments: pl.DataFrame, *, month: Month) -> CommonNeeds:
    """Return what the shares of the month's supplies cost: 2.5 kWh × 4.12 = 10.30."""
    return _priced(inputs.common_needs, inputs.supplies, segments, inputs.tariffs, month=month)


@follows(0)
def _priced(
    needs: pl.DataFrame, supplies: pl.DataFrame, segments: pl.DataFrame, tariffs: pl.DataFrame, *, month: Month
) -> CommonNeeds:
    spans = supplies.group_by(KEY).agg(pl.col("from_on").min(), pl.col("until_on").max())
    shared = needs.filter(pl.col("wh") != 0).join(spans, on=KEY)
    energy = shared.select(
        *KEY,
        "wh",
        month_on=pl.lit(month.first_on),
        zoning=pl.lit("1"),
        band=pl.lit("all"),
        basis=pl.col("rule").replace_strict(_BASES, return_dtype=pl.String),
    )
    priced = price_apart(energy, segments, tariffs)
    lines = priced.lines.drop("rule").join(shared.select(*KEY, "rule"), on=KEY).select(priced.lines.columns)
    volumes = as_rows(
        shared,
        month_on=pl.lit(month.first_on),
        position=pl.lit(99),
        multiplier_e4=pl.lit(10_000),
        zoning=pl.lit("1"),
        band=pl.lit("all"),
        basis=pl.col("rule").replace_strict(_BASES, return_dtype=pl.String),
        months=pl.lit(0),
    )
    return CommonNeeds(lines=lines, volumes=volumes, findings=priced.findings)

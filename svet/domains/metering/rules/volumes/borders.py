"""Energy used up to the day of a price change, where a reading of about that day tells it (P07)."""

from __future__ import annotations

import polars as pl

from svet.domains.metering.rules.volumes.registers import KEY
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.tables import half_up, wide

UNIT = [*KEY, "month_on"]
BAND = [*UNIT, "zoning", "band"]
BORDER = {
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "month_on": pl.Date,
    "zoning": pl.String,
    "band": pl.String,
    "until_on": pl.Date,
    "reached_wh": pl.Int64,
}


def price_borders(
    rows: pl.DataFrame, segments: pl.DataFrame, readings: pl.DataFrame, *, policies: Policies
) -> pl.DataFrame:
    """Return `reached_wh` at each border of segments that a reading within the allowed days tells.

    Only a band whose month is one measured volume can be cut so; the reading nearest to the border is taken,
    the earlier one of two.
    """
    if policies.tariff_change_split != "reading":
        return pl.DataFrame(schema=BORDER)
    single = rows.filter((pl.len().over(BAND) == 1) & (pl.col("rule") == "V01"))
    inner = segments.filter(pl.col("until_on") < pl.col("until_on").max().over(UNIT)).select(*UNIT, border="until_on")
    distance = (pl.col("taken_on") - pl.col("border")).dt.total_days().abs()
    near = (
        single.join(inner, on=UNIT)
        .join(readings.select(*KEY, "register_id", "taken_on", "value_wh"), on=[*KEY, "register_id"])
        .filter(
            (distance <= policies.tariff_change_reading_days)
            & pl.col("taken_on").is_between("from_on", "until_on")
            & pl.col("value_wh").is_between("start_wh", "end_wh")
        )
        .sort(distance, "taken_on", "value_wh")
        .group_by([*BAND, "border"], maintain_order=True)
        .first()
    )
    used = (pl.col("value_wh") - pl.col("start_wh")) * wide("multiplier_e4")
    return near.select(*BAND, until_on="border", reached_wh=half_up(used, 10_000))

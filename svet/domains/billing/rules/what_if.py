"""Past months under another zone plan or category: the energy that was used, priced as it would have been. Pure.

How much was used at night a one-rate meter does not tell: then the share is asked for, and day hours are divided
between peak and half-peak by the hours of each.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from svet.domains.tariffs.rules.policies import Policies
from svet.domains.tariffs.rules.price import OWN_DAYS, price
from svet.domains.tariffs.rules.residents import every_day
from svet.domains.tariffs.rules.segments import UNIT, price_segments
from svet.domains.tariffs.rules.social_norm import social_bounds
from svet.kernel.energy import TimeBand, Zoning
from svet.kernel.tables import half_up, wide

USED = {
    # What was charged for each month in the end, all corrections of it counted in.
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "month_on": pl.Date,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "band": pl.String,
    "wh": pl.Int64,
    "amount_kop": pl.Int64,
}
BORDERS = {**dict.fromkeys(("account_id", "supply_point_id"), pl.Int64), "month_on": pl.Date, "zoning": pl.String}
PEAK_HOURS, DAY_HOURS = 7, 16
"""Of the 16 hours from 7 to 23, those from 7 to 10 and from 17 to 21 are peak."""


def under_plan(
    used: pl.DataFrame, *, zoning: Zoning, night_percent: int, by: Sequence[str] = tuple(UNIT)
) -> pl.DataFrame:
    """Return the energy of `used` in the bands of another zone plan: `by`, zoning, band, wh.

    Bands that were metered are kept; a month without them takes `night_percent` of its energy as used at night.
    """
    sums = used.group_by(by).agg(
        total=pl.col("wh").sum(),
        is_zoned=(pl.col("band") == TimeBand.NIGHT.value).any(),
        at_night=pl.col("wh").filter(pl.col("band") == TimeBand.NIGHT.value).sum(),
        has_peak=(pl.col("band") == TimeBand.PEAK.value).any(),
        at_peak=pl.col("wh").filter(pl.col("band") == TimeBand.PEAK.value).sum(),
    )
    assumed = half_up(wide("total") * night_percent, 100)
    sums = sums.with_columns(night=pl.when("is_zoned").then("at_night").otherwise(assumed))
    by_day = pl.col("total") - pl.col("night")
    sums = sums.with_columns(
        peak=pl.when("has_peak").then("at_peak").otherwise(half_up(by_day * PEAK_HOURS, DAY_HOURS)), day=by_day
    )
    bands = {
        Zoning.ONE: {TimeBand.ALL_DAY: "total"},
        Zoning.TWO: {TimeBand.DAY: "day", TimeBand.NIGHT: "night"},
        Zoning.THREE: {TimeBand.PEAK: "peak", TimeBand.HALF_PEAK: "half_peak", TimeBand.NIGHT: "night"},
    }
    sums = sums.with_columns(half_peak=pl.col("day") - pl.col("peak"))
    return pl.concat(
        sums.select(*by, zoning=pl.lit(zoning.value), band=pl.lit(band.value), wh=pl.col(column))
        for band, column in bands[zoning].items()
    )


def gaps_under_plan(gaps: pl.DataFrame, *, zoning: Zoning, night_percent: int) -> pl.DataFrame:
    """Return the energy of `gaps` (`OWN_DAYS`) in the bands of another zone plan, of the same days."""
    told = under_plan(gaps, zoning=zoning, night_percent=night_percent, by=[*UNIT, "from_on", "until_on"])
    return told.select(list(OWN_DAYS))


def price_again(
    used: pl.DataFrame,
    energy: pl.DataFrame,
    own_days: pl.DataFrame,
    *,
    categories: pl.DataFrame,
    households: pl.DataFrame,
    tariffs: pl.DataFrame,
    social_norms: pl.DataFrame,
    policies: Policies,
) -> pl.DataFrame:
    """Return month by month (`month_on`) the energy, what was charged and what `energy` would cost; kopecks.

    `own_days` is what of the energy is of the days between two meters (`OWN_DAYS`): a price that changes splits it so.
    `would_kop` is null for a month in which some price or norm is not published.
    """
    supplies = used.group_by(UNIT).agg(pl.col("from_on").min(), pl.col("until_on").max())
    segments = price_segments(supplies, categories, tariffs)
    living = every_day(households, supplies, policies=policies)
    norms = social_bounds(segments, living, social_norms, policies=policies)
    borders = pl.DataFrame(schema={**BORDERS, "band": pl.String, "until_on": pl.Date, "reached_wh": pl.Int64})
    priced = price(energy, segments, tariffs, norms, borders=borders, policies=policies, own_days=own_days)
    would = priced.lines.group_by("month_on").agg(priced_wh=pl.col("wh").sum(), would_kop=pl.col("amount_kop").sum())
    lacking = norms.filter(pl.col("norm_wh").is_null()).select("month_on").unique().with_columns(lacks=pl.lit(True))
    is_whole = (pl.col("priced_wh") == pl.col("wh")) & pl.col("lacks").is_null()
    return (
        used.group_by("month_on")
        .agg(pl.col("wh").sum(), was_kop=pl.col("amount_kop").sum())
        .join(would, on="month_on", how="left")
        .join(lacking, on="month_on", how="left")
        .select("month_on", "wh", "was_kop", would_kop=pl.when(is_whole).then("would_kop"))
        .sort("month_on")
    )

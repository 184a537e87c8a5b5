"""The price of a month's volumes: split over the segments, cut into steps, multiplied by rates.

A volume here is the net energy of one band of a supply point. All cuts are exact: the parts of a volume add up
to it to the watt-hour. The one rounding of money is HALF_UP of each line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from svet.domains.tariffs.rules import Structure
from svet.domains.tariffs.rules.policies import Policies
from svet.domains.tariffs.rules.segments import KEY, SEGMENT, UNIT
from svet.kernel.tables import at_end, days_in_month, follows, half_up, peak, running, since_last, starts, wide

BAND = [*UNIT, "zoning", "band"]
PIECE = [*SEGMENT, "zoning", "band"]
OWN_DAYS = {
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "month_on": pl.Date,
    "zoning": pl.String,
    "band": pl.String,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "wh": pl.Int64,
}
"""Energy that is known to be of certain days: a part of its band's energy, split by these days alone."""
_DIALS = ["all", "peak", "half_peak", "day", "night"]
_DIAL = pl.col("band").replace_strict(_DIALS, list(range(len(_DIALS))), return_dtype=pl.Int8)
"""The order of the bands of a zoning, as they stand on the dials."""


@dataclass(frozen=True)
class Priced:
    """Lines (`PIECE`, until_on, step, wh, rate_urub, amount_kop, tariff_version_id, rule) and findings."""

    lines: pl.DataFrame
    findings: pl.DataFrame


def price(
    energy: pl.DataFrame,
    segments: pl.DataFrame,
    tariffs: pl.DataFrame,
    norms: pl.DataFrame,
    *,
    borders: pl.DataFrame,
    policies: Policies,
    own_days: pl.DataFrame | None = None,
) -> Priced:
    """Return the priced lines of `energy` (columns `BAND` and `wh`).

    `norms` give the social norm of each segment; `borders` the energy used up to a segment's end where a
    reading tells it (columns `BAND`, until_on, `reached_wh`); `own_days` what of the energy is of certain days
    (columns `OWN_DAYS`).
    """
    pieces = split_by_segment(energy, segments, borders, own_days=own_days)
    stepped = _with_bounds(_with_rates(pieces, tariffs, norms), policies=policies)
    lines = _lines(stepped)
    return Priced(lines=lines, findings=pl.concat([unrated(pieces, lines), _unnormed(pieces, norms)]))


def split_by_segment(
    energy: pl.DataFrame, segments: pl.DataFrame, borders: pl.DataFrame, *, own_days: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return `energy` split over its segments by their days, or by a reading at the border.

    310 kWh of a month of 31 days with a change on the 11th are 100 and 210. What is of days of its own (`own_days`, a
    part of the energy) is split by these: 100 kWh of the 6th to the 16th are 50 and 50.
    """
    placed = split_by_own_days(pl.DataFrame(schema=OWN_DAYS) if own_days is None else own_days, segments)
    cut = (
        energy.join(segments.select(*SEGMENT, "until_on", "days", "tariff_version_id", "structure"), on=UNIT)
        .rename({"wh": "band_wh"})
        .join(placed, on=PIECE, how="left")
        .join(placed.group_by(BAND).agg(all_own_wh=pl.col("own_wh").sum()), on=BAND, how="left")
        .with_columns(pl.col("own_wh", "all_own_wh").fill_null(0))
        .with_columns(free_wh=pl.col("band_wh") - pl.col("all_own_wh"))
    )
    cut = (
        cut.join(borders, on=[*BAND, "until_on"], how="left")
        .sort(*BAND, "from_on")
        .with_columns(first=starts(*BAND))
        .with_columns(run_days=running(pl.col("days"), first="first"))
        .with_columns(supply_days=at_end(pl.col("run_days"), first="first"))
        .with_columns(by_days=half_up(wide("free_wh") * pl.col("run_days"), pl.col("supply_days")))
    )
    is_last = pl.col("first").shift(-1, fill_value=True)
    told = pl.when(is_last).then(pl.col("free_wh")).otherwise(pl.coalesce("reached_wh", "by_days"))
    reached = pl.when(pl.col("free_wh") > 0).then(peak(pl.col("told"), first="first")).otherwise("told")
    return (
        cut.with_columns(told=told)
        .with_columns(reached=reached)
        .with_columns(wh=since_last(pl.col("reached"), first="first") + pl.col("own_wh"))
        .drop("told", "reached", "reached_wh", "by_days", "run_days", "first", "own_wh", "all_own_wh", "free_wh")
    )


@follows(0)
def split_by_own_days(own_days: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """Return what of each piece is of days of its own (columns `PIECE` and `own_wh`); the parts add up exactly.

    Days on which no price is in force take nothing; energy none of whose days has a price comes out in no piece.
    """
    known = own_days.with_row_index("row")
    days = segments.select(*UNIT, "from_on", "until_on")
    met = known.join(days, on=UNIT, suffix="_priced")
    start = pl.max_horizontal("from_on", "from_on_priced")
    until = pl.min_horizontal("until_on", "until_on_priced")
    run = (
        met.filter(start < until)
        .with_columns(own=(until - start).dt.total_days())
        .sort("row", "from_on_priced")
        .with_columns(first=starts("row"))
        .with_columns(run_days=running(pl.col("own"), first="first"))
        .with_columns(all_days=at_end(pl.col("run_days"), first="first"))
        .with_columns(reached=half_up(wide("wh") * pl.col("run_days"), pl.col("all_days")))
        .with_columns(own_wh=since_last(pl.col("reached"), first="first"), from_on="from_on_priced")
    )
    return run.group_by(PIECE).agg(pl.col("own_wh").sum())


def _with_rates(pieces: pl.DataFrame, tariffs: pl.DataFrame, norms: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each piece and step of its price."""
    rates = tariffs.select("tariff_version_id", "zoning", "band", "step", "up_to_wh", "rate_urub")
    return pieces.join(rates, on=["tariff_version_id", "zoning", "band"]).join(norms, on=SEGMENT, how="left")


def _with_bounds(stepped: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    """Add `limit_wh`, up to which each step of a piece reaches; null means without bound.

    The bound of a month is taken by days for a part of it and divided over the bands in proportion to their
    energy, or fills them in the order of the dials (policy). A negative piece has no limit at all:
    step 1 takes it whole.
    """
    one_step = [*BAND, "step"]
    whole = policies.ranges_in_partial_month == "whole"
    month_days = pl.col("supply_days") if whole else days_in_month("month_on")
    weighted = wide("up_to_wh").fill_null(0) * pl.col("days")
    in_range = (
        stepped.sort(*one_step, "from_on")
        .with_columns(first=starts(*one_step))
        .with_columns(reached=half_up(running(weighted, first="first"), month_days))
        .with_columns(range_wh=since_last(pl.col("reached"), first="first"))
    )
    bound = (
        pl.when((pl.col("structure") == Structure.SOCIAL_NORM.value) & (pl.col("step") == 1))
        .then(pl.col("norm_wh"))
        .when((pl.col("structure") == Structure.RANGES.value) & pl.col("up_to_wh").is_not_null())
        .then(pl.col("range_wh"))
    )
    bounded = in_range.with_columns(bound_wh=bound, weight=pl.max_horizontal("wh", 0))
    over = [*SEGMENT, "step"]
    used = (
        bounded.sort(*over, "zoning", _DIAL)
        .with_columns(first=starts(*over))
        .with_columns(run=running(pl.col("weight"), first="first"))
        .with_columns(all_bands=pl.max_horizontal(at_end(pl.col("run"), first="first"), 1))
        .with_columns(limit=_reached(policies))
    )
    return used.with_columns(limit_wh=pl.when(pl.col("wh") > 0).then(since_last(pl.col("limit"), first="first")))


def _reached(policies: Policies) -> pl.Expr:
    """Return how much of the bound the bands up to this one have."""
    if policies.bound_over_bands == "in_order":
        within = pl.min_horizontal(wide("bound_wh"), "run").cast(pl.Int64)
        return pl.when(pl.col("bound_wh").is_not_null()).then(within)
    return half_up(wide("bound_wh") * pl.col("run"), pl.col("all_bands"))


def _lines(stepped: pl.DataFrame) -> pl.DataFrame:
    """Return the line of each step with energy in it; a piece of nothing keeps its first step."""
    positive = pl.col("wh") > 0
    cut = stepped.sort(*PIECE, "step").with_columns(
        first=starts(*PIECE), upto=pl.when(positive).then(pl.min_horizontal("wh", "limit_wh")).otherwise("wh")
    )
    cut = cut.with_columns(peak=peak(pl.col("upto"), first="first"))
    part = (
        pl.when(positive).then(since_last(pl.col("peak"), first="first")).when("first").then(pl.col("wh")).otherwise(0)
    )
    kept = cut.with_columns(part=part).filter((pl.col("part") != 0) | (pl.col("first") & (pl.col("band_wh") == 0)))
    return kept.select(
        *PIECE,
        "until_on",
        "step",
        "tariff_version_id",
        "rate_urub",
        wh="part",
        amount_kop=half_up(wide("part") * pl.col("rate_urub"), 10_000_000),
        rule=_rule(),
    )


def _rule() -> pl.Expr:
    """Return the code of the rule by which a line is priced."""
    social = pl.col("structure") == Structure.SOCIAL_NORM.value
    return (
        pl.when(pl.col("part") < 0)
        .then(pl.lit("P05"))
        .when(social & (pl.col("step") == 1))
        .then(pl.lit("P02"))
        .when(social)
        .then(pl.lit("P03"))
        .when(pl.col("structure") == Structure.RANGES.value)
        .then(pl.lit("P04"))
        .otherwise(pl.lit("P01"))
    )


def unrated(pieces: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """F05: some energy of a piece meets no rate of its zoning, band and step."""
    priced = lines.group_by(PIECE).agg(pl.col("wh").sum().alias("priced_wh"))
    short = pieces.join(priced, on=PIECE, how="left").filter(
        pl.col("priced_wh").is_null() & (pl.col("wh") != 0) | (pl.col("priced_wh") != pl.col("wh"))
    )
    return _finding(short, code="F05", facts=["zoning", "band", "wh", "tariff_version_id"])


def _unnormed(pieces: pl.DataFrame, norms: pl.DataFrame) -> pl.DataFrame:
    """F06: a segment priced by social norm has none published for its household and days."""
    return _lacking(norms.filter(pl.col("norm_wh").is_null()), pieces)


@follows(0)
def _lacking(norms: pl.DataFrame, pieces: pl.DataFrame) -> pl.DataFrame:
    return _finding(norms.join(pieces.select(SEGMENT).unique(), on=SEGMENT), code="F06")


@follows(0)
def _finding(rows: pl.DataFrame, *, code: str, facts: Sequence[str] = ()) -> pl.DataFrame:
    return rows.select(
        *KEY,
        code=pl.lit(code),
        level=pl.lit("hold"),
        facts=pl.struct(pl.col("from_on").cast(pl.String), *facts).struct.json_encode(),
    )

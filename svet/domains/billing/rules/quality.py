"""What a month costs less because supply failed for longer than allowed (Q01); a line of its own, without energy.

Q1: 435.00 with 8 hours over are 435 × 0.0015 × 8 = 5.22 less. Minutes count; hours have two digits. When a reading
settles an estimated month, the month's reduction follows its new charge: the difference is a line of that month.
"""

from __future__ import annotations

import polars as pl

from svet.domains.supply.rules import InterruptionKind
from svet.domains.tariffs.rules.policies import Policies
from svet.domains.tariffs.rules.segments import UNIT
from svet.kernel.period import Month
from svet.kernel.rulebook import Rule
from svet.kernel.tables import half_up, wide

REDUCED = "Q01"
RULES: dict[str, Rule] = {
    REDUCED: Rule(
        REDUCED,
        "Supply failed for longer than allowed: 0.15 per cent of the month's charge less for each hour over, by event "
        "or by month (policy); nothing is allowed of a wrong voltage. Never more than the charge. A month that a "
        "reading settles is reduced anew by what it costs then.",
        "PP 354 appendix 1",
        "Q1: 435.00, 8 hours over: −5.22; Q4: 1,173.49, 31 hours: −12.32; March of E8 by 196.334 kWh: 824.00 becomes "
        "808.90, −9.89 becomes −9.71",
    )
}
_DAY_MINUTES = 1440


def reductions(
    lines: pl.DataFrame, supplies: pl.DataFrame, interruptions: pl.DataFrame, *, policies: Policies
) -> pl.DataFrame:
    """Return a line of less than nothing for each supply and month of `lines` with hours over the allowed ones.

    `supplies` are the days of each supply in each of these months (`UNIT`, from_on, until_on).
    """
    if interruptions.is_empty():
        return lines.clear()
    over = _minutes_over(supplies, interruptions, policies=policies)
    charged = (
        lines.group_by(UNIT)
        .agg(
            pl.col("amount_kop").sum(),
            pl.col("from_on").min(),
            pl.col("until_on").max(),
            pl.col("tariff_version_id").max(),
        )
        .filter(pl.col("amount_kop") > 0)
    )
    hours_e2 = half_up(pl.col("minutes") * 100, 60)
    less = half_up(wide("amount_kop") * policies.quality_percent_e2 * hours_e2, 1_000_000)
    reduced = (
        charged.join(over, on=UNIT)
        .with_columns(less=pl.min_horizontal(less, "amount_kop"))
        .filter(pl.col("less") != 0)
        .with_columns(amount_kop=-pl.col("less"))
    )
    return _as_lines(reduced, lines.schema)


def corrections(reduced: pl.DataFrame, settled: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return the lines by which the reductions of settled months differ from those that stand in `settled`."""
    if reduced.is_empty() and settled.is_empty():
        return reduced
    stood = settled.filter(pl.col("rule") == REDUCED)
    anew = reduced.filter(pl.col("month_on") < month.first_on)
    sums = pl.concat([anew.select(*UNIT, "amount_kop"), stood.select(*UNIT, -pl.col("amount_kop"))])
    differing = sums.group_by(UNIT).agg(pl.col("amount_kop").sum()).filter(pl.col("amount_kop") != 0)
    spans = settled.group_by(UNIT).agg(
        pl.col("from_on").min(), pl.col("until_on").max(), pl.col("tariff_version_id").max()
    )
    return _as_lines(differing.join(spans, on=UNIT), reduced.schema)


def _as_lines(rows: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    made = rows.with_columns(
        wh=pl.lit(0),
        rate_urub=pl.lit(0),
        zoning=pl.lit("1"),
        band=pl.lit("all"),
        step=pl.lit(1),
        basis=pl.lit("measured"),
        rule=pl.lit(REDUCED),
    )
    return made.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def foreseen(
    amount_kop: int, *, minutes: int, kind: InterruptionKind, independent_sources: int, policies: Policies
) -> int:
    """Return the kopecks that one event within a month would take off a charge, were it the only one.

    >>> foreseen(43_500, minutes=32 * 60, kind=InterruptionKind.OUTAGE, independent_sources=1, policies=Policies())
    522
    """
    one = policies.quality_allowed_hours if independent_sources == 1 else policies.quality_allowed_hours_two_sources
    over = max(minutes - (one * 60 if kind is InterruptionKind.OUTAGE else 0), 0)
    hours_e2 = (over * 200 + 60) // 120
    less = (max(amount_kop, 0) * policies.quality_percent_e2 * hours_e2 * 2 + 1_000_000) // 2_000_000
    return min(less, max(amount_kop, 0))


def _minutes_over(supplies: pl.DataFrame, interruptions: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    """Return the minutes of each supply over the allowed ones, within its days of each month.

    Of a month count the events that meet it. One that goes on from the month before has used up its allowed time there.
    """
    outage = pl.col("kind") == InterruptionKind.OUTAGE.value
    one_source = pl.col("independent_sources") == 1
    two = policies.quality_allowed_hours_two_sources
    hours = pl.when(one_source).then(policies.quality_allowed_hours).otherwise(two)
    days = supplies.select(
        *UNIT,
        _minute(pl.col("from_on")),
        _minute(pl.col("until_on")),
        begins=_minute(pl.col("month_on")),
        ends=_minute(pl.col("month_on").dt.offset_by("1mo")),
    )
    meets = (pl.col("from_minute") < pl.col("ends")) & (pl.col("until_minute") > pl.col("begins"))
    events = (
        days.join(interruptions, on="supply_point_id")
        .filter(meets)
        .with_columns(allowed=pl.when(outage).then(hours * 60).otherwise(0))
    )
    if policies.quality_excess == "per_event":
        begun = events.with_columns(from_minute=pl.col("from_minute") + pl.col("allowed"))
        return begun.group_by(UNIT).agg(minutes=_within().sum()).filter(pl.col("minutes") > 0)
    summed = events.group_by([*UNIT, "kind"]).agg(minutes=_within().sum(), allowed=pl.col("allowed").min())
    excess = (pl.col("minutes") - pl.col("allowed")).clip(0)
    return summed.group_by(UNIT).agg(minutes=excess.sum()).filter(pl.col("minutes") > 0)


def _minute(day: pl.Expr) -> pl.Expr:
    """Return the minute at which a day begins, counted as those of events."""
    return day.cast(pl.Int32).cast(pl.Int64) * _DAY_MINUTES


def _within() -> pl.Expr:
    """Return the minutes of an event within the days of the supply."""
    until = pl.min_horizontal("until_minute", "until_on")
    return (until - pl.max_horizontal("from_minute", "from_on")).clip(0)

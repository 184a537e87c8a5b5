"""What a tariff must cover before it may be published: every zone, every step, every day.

Pure. A gap or an overlap is a finding of level "refuse" with its code; none means that any volume on any day of
the validity has exactly one price.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from svet.domains.tariffs.rules import Structure
from svet.kernel.energy import BANDS, TimeBand, Zoning
from svet.kernel.findings import Finding, Level
from svet.kernel.period import Period
from svet.kernel.rulebook import Rule

OWN = "own rule: a tariff leaves no gap"

COVERAGE_RULES: tuple[Rule, ...] = (
    Rule("T01", "A version has prices.", OWN, "A draft without rows is refused"),
    Rule("T02", "The one-rate price is there: norms are charged by it.", OWN, "Only two zones: refused"),
    Rule("T03", "A zoning has all its zones.", OWN, "A day price without a night price: refused"),
    Rule("T04", "A zone belongs to its zoning.", OWN, "A peak price among two zones: refused"),
    Rule("T05", "Each zone has every step from 1 on; the social norm has two, a flat price one.", OWN, "Steps 1, 3"),
    Rule("T06", "The bounds of ranges grow, and the last range has none.", OWN, "3,900 / 3,900 / none: refused"),
    Rule("T07", "All zones have the same bounds.", OWN, "Night ends at 3,800, day at 3,900: refused"),
    Rule("T08", "No day lies between a version and its neighbours.", OWN, "Until 1 July, next from 2 July: refused"),
    Rule("T09", "No day has two versions; only an open end is closed by the next one.", OWN, "The same days: refused"),
    Rule("T10", "A social-norm tariff has the norm of one person on each of its days.", "PP 614", "No norm: refused"),
    Rule("T11", "A version names its order and its source.", OWN, "No order number: refused"),
)


@dataclass(frozen=True, slots=True)
class Price:
    """One price: roubles per kWh in a zone up to a bound of the month (None: no bound)."""

    zoning: Zoning
    band: TimeBand
    step: int
    up_to_kwh: Decimal | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that somebody wants to publish."""

    structure: Structure
    period: Period
    prices: tuple[Price, ...]
    order_number: str
    source: str


def check(candidate: Candidate, *, published: Collection[Period], norms: Collection[Period]) -> list[Finding]:
    """Return what is wrong with `candidate`, given the published validities of its tariff.

    `norms` are the validities of the social norm of one person for its territory and category.
    """
    findings = [*_papers(candidate), *_prices(candidate), *_days(candidate.period, published)]
    if candidate.structure is Structure.SOCIAL_NORM:
        findings += _norm_days(candidate.period, norms)
    return findings


def closed_by(period: Period, published: Collection[Period]) -> Period | None:
    """Return the published validity whose open end the publication of `period` closes, or None."""
    return next((p for p in published if p.end is None and p.start < period.start), None)


def _refuse(code: str, **facts: object) -> Finding:
    return Finding(code, Level.REFUSE, facts)


def _papers(candidate: Candidate) -> Iterator[Finding]:
    missing = [name for name in ("order_number", "source") if not getattr(candidate, name).strip()]
    if missing:
        yield _refuse("T11", missing=missing)


def _prices(candidate: Candidate) -> Iterator[Finding]:
    by_zone: dict[tuple[Zoning, TimeBand], list[Price]] = {}
    for price in candidate.prices:
        by_zone.setdefault((price.zoning, price.band), []).append(price)
    if not by_zone:
        yield _refuse("T01")
        return
    yield from _zones(set(by_zone))
    for (zoning, band), prices in by_zone.items():
        yield from _steps(candidate.structure, zoning, band, sorted(prices, key=lambda p: p.step))
    yield from _same_bounds(by_zone)


def _zones(given: set[tuple[Zoning, TimeBand]]) -> Iterator[Finding]:
    if (Zoning.ONE, TimeBand.ALL_DAY) not in given:
        yield _refuse("T02")
    for zoning in sorted({zoning for zoning, _ in given}):
        for band in BANDS[zoning]:
            if (zoning, band) not in given:
                yield _refuse("T03", zoning=zoning.value, band=band.value)
    for zoning, band in sorted(given):
        if band not in BANDS[zoning]:
            yield _refuse("T04", zoning=zoning.value, band=band.value)


def _steps(structure: Structure, zoning: Zoning, band: TimeBand, prices: list[Price]) -> Iterator[Finding]:
    where = {"zoning": zoning.value, "band": band.value}
    steps = [price.step for price in prices]
    count = {Structure.FLAT: 1, Structure.SOCIAL_NORM: 2}.get(structure, len(steps))
    if steps != list(range(1, count + 1)):
        yield _refuse("T05", **where, steps=steps, expected=count)
    bounds = [price.up_to_kwh for price in prices]
    if structure is Structure.RANGES:
        yield from _growing(where, bounds)
    elif any(bound is not None for bound in bounds):
        yield _refuse("T06", **where, bounds=_as_text(bounds))


def _growing(where: dict[str, str], bounds: list[Decimal | None]) -> Iterator[Finding]:
    inner = [Decimal(0), *(bound for bound in bounds[:-1] if bound is not None)]
    grows = len(inner) == len(bounds) and all(low < high for low, high in pairwise(inner))
    if not grows or bounds[-1] is not None:
        yield _refuse("T06", **where, bounds=_as_text(bounds))


def _same_bounds(by_zone: dict[tuple[Zoning, TimeBand], list[Price]]) -> Iterator[Finding]:
    cuts = {zone: {p.step: p.up_to_kwh for p in prices} for zone, prices in by_zone.items()}
    first = cuts.get((Zoning.ONE, TimeBand.ALL_DAY)) or next(iter(cuts.values()))
    for (zoning, band), cut in sorted(cuts.items()):
        if cut != first:
            bounds = [cut[step] for step in sorted(cut)]
            yield _refuse("T07", zoning=zoning.value, band=band.value, bounds=_as_text(bounds))


def _days(period: Period, published: Collection[Period]) -> Iterator[Finding]:
    closing = closed_by(period, published)
    others = [p for p in published if p != closing]
    for other in others:
        common = period.overlap(other)
        if common is not None:
            yield _refuse("T09", **_as_days(common))
    if closing is not None:
        return
    before = max((p.end for p in others if p.end is not None and p.end <= period.start), default=period.start)
    if before < period.start:
        yield _refuse("T08", **_as_days(Period(before, period.start)))
    if period.end is not None:
        after = min((p.start for p in others if p.start >= period.end), default=period.end)
        if period.end < after:
            yield _refuse("T08", **_as_days(Period(period.end, after)))


def _norm_days(period: Period, norms: Collection[Period]) -> Iterator[Finding]:
    from_on = period.start
    for norm in sorted(norms):
        if from_on in norm:
            if norm.end is None or (period.end is not None and norm.end >= period.end):
                return
            from_on = norm.end
    yield _refuse("T10", **_as_days(Period(from_on, period.end)))


def _as_days(period: Period) -> dict[str, str | None]:
    return {"from_on": period.start.isoformat(), "until_on": period.end.isoformat() if period.end else None}


def _as_text(bounds: list[Decimal | None]) -> list[str | None]:
    return [None if bound is None else f"{bound.normalize():f}" for bound in bounds]

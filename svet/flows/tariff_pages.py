"""What the pages of tariffs show: the calendar of changes, price lists in force, a draft beside what it replaces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from svet.domains.tariffs import actions as tariffs
from svet.domains.tariffs import queries
from svet.domains.tariffs.queries import Change, PriceView, TariffView
from svet.domains.tariffs.rules import Structure
from svet.domains.tariffs.rules.coverage import Price
from svet.kernel.energy import TimeBand, Zoning
from svet.kernel.findings import Finding
from svet.kernel.period import Period

BACK, AHEAD = timedelta(days=400), timedelta(days=800)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What changes when around today, what is in force, and what waits to be published."""

    today: date
    ahead: tuple[Change, ...]
    past: tuple[Change, ...]
    in_force: tuple[TariffView, ...]
    drafts: tuple[TariffView, ...]


@dataclass(frozen=True, slots=True)
class PriceStep:
    """A price beside the one before it in the same zone and step; per cent to one decimal, None for a new price."""

    price: PriceView
    before: Decimal | None
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version, published or not, beside the one it follows; findings keep a draft from being published."""

    version: TariffView
    before: TariffView | None
    steps: tuple[PriceStep, ...]
    findings: tuple[Finding, ...]


def calendar(*, on: date) -> Calendar:
    """Return the calendar of changes around a day."""
    found = queries.changes(from_on=on - BACK, until_on=on + AHEAD)
    return Calendar(
        today=on,
        ahead=tuple(reversed([change for change in found if change.on > on])),
        past=tuple(change for change in found if change.on <= on),
        in_force=tuple(queries.tariff_table(on=on)),
        drafts=tuple(queries.drafts()),
    )


def version(version_id: int) -> VersionPage:
    """Return one version for its page; raise NotFound."""
    shown = queries.version(version_id)
    before = queries.version_before(version_id)
    prices = {(one.zoning, one.band, one.step): one.rate for one in before.prices} if before else {}
    return VersionPage(
        version=shown,
        before=before,
        steps=tuple(_step(one, prices.get((one.zoning, one.band, one.step))) for one in shown.prices),
        findings=() if shown.is_published else tuple(queries.findings_of(version_id)),
    )


def draft_after(
    base: TariffView,
    *,
    rates: list[Decimal],
    bounds: list[Decimal | None],
    period: Period,
    order_number: str,
    order_on: date | None,
    source: str,
    note: str,
    at: datetime,
) -> int:
    """Write down a version of the same shape as `base` with these prices, in its order; return the draft's id."""
    prices = [
        Price(Zoning(one.zoning), TimeBand(one.band), one.step, bound, rate)
        for one, rate, bound in zip(base.prices, rates, bounds, strict=True)
    ]
    return tariffs.draft_version(
        base.code,
        structure=Structure(base.structure),
        period=period,
        prices=prices,
        order_number=order_number,
        order_on=order_on,
        source=source,
        note=note,
        at=at,
    )


def _step(price: PriceView, before: Decimal | None) -> PriceStep:
    if not before:
        return PriceStep(price, None, None)
    return PriceStep(price, before, ((price.rate - before) * 100 / before).quantize(Decimal("0.1")))

"""Outages and wrong voltage at many points at once: who is touched and by how much, recorded whole, undone whole.

What was charged already for those days waits for a revision; the journal of every account touched says what happened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from svet.domains.access import queries as people
from svet.domains.accounts import queries as accounts
from svet.domains.billing import actions as billing
from svet.domains.billing import queries as charges
from svet.domains.billing.rules import Why
from svet.domains.billing.rules.quality import foreseen
from svet.domains.houses import queries as houses
from svet.domains.supply import actions as supply
from svet.domains.supply import queries as places
from svet.domains.supply.actions import InterruptionRefused
from svet.domains.supply.queries import SupplyEventView
from svet.domains.supply.rules import InterruptionKind
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.infra import audit
from svet.infra.clock import MOSCOW
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month, Period

MOST_POINTS = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """An event as an engineer has it before him: a house, an address or account numbers say where."""

    request_key: str
    house_id: int | None
    address: str
    numbers: tuple[str, ...]
    kind: InterruptionKind
    from_at: datetime
    until_at: datetime
    independent_sources: int
    reason: str

    @property
    def period(self) -> Period:
        """The days of the event."""
        last = self.until_at.astimezone(MOSCOW).date() + timedelta(days=1)
        return Period(self.from_at.astimezone(MOSCOW).date(), last)


@dataclass(frozen=True, slots=True)
class Touched:
    """An account that an event touches; `less` is what the last charge would have been less by."""

    account_id: int
    number: str
    address: str
    amount: Decimal
    less: Decimal
    charged: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Who is touched and by how much, before anything is recorded."""

    points: tuple[int, ...]
    place: str
    touched: tuple[Touched, ...]
    token: str

    @property
    def less(self) -> Decimal:
        """What all would pay less."""
        return sum((one.less for one in self.touched), Decimal("0.00"))

    @property
    def charged(self) -> int:
        """How many are charged for those days already."""
        return sum(bool(one.charged) for one in self.touched)


@dataclass(frozen=True, slots=True)
class EventPage:
    """An event with the accounts it touched and who recorded it."""

    event: SupplyEventView
    numbers: tuple[str, ...]
    who: str


def preview(asked: Asked, *, at: datetime) -> Preview:
    """Return who is touched. Raises `InterruptionRefused`: nowhere, unknown numbers, too many, no time, not over yet,
    or (overlaps) something is recorded for that time already.
    """
    if asked.until_at <= asked.from_at or asked.until_at > at:
        raise InterruptionRefused(why="no_time" if asked.until_at <= asked.from_at else "not_over")
    points, place = _points(asked, at=at)
    if not points or len(points) > MOST_POINTS:
        raise InterruptionRefused(why="too_many" if points else "nowhere", most=MOST_POINTS)
    meeting = places.interrupted_then(points, from_at=asked.from_at, until_at=asked.until_at)
    if meeting:
        raise InterruptionRefused(why="overlaps", count=len(meeting))
    touched = _touched(points, asked)
    said = (asked.kind, asked.from_at, asked.until_at, asked.independent_sources, asked.reason, points)
    token = hashlib.sha256(repr((said, touched)).encode()).hexdigest()[:32]
    return Preview(tuple(points), place, touched, token)


def record(asked: Asked, *, by: int, at: datetime) -> int:
    """Record the event; return its id, the same one for the same request. Raises what `preview` raises."""
    known = places.event_of_request(asked.request_key)
    if known is not None:
        return known
    with transaction.atomic():
        seen = preview(asked, at=at)
        event_id = supply.record_event(
            seen.points,
            request_key=asked.request_key,
            place=seen.place,
            kind=asked.kind,
            from_at=asked.from_at,
            until_at=asked.until_at,
            independent_sources=asked.independent_sources,
            reason=asked.reason,
            by=by,
            at=at,
        )
        _tell("desk.interruption_recorded", seen.touched, places.supply_event(event_id), reason=asked.reason, at=at)
    return event_id


def undo(event_id: int, *, reason: str, by: int, at: datetime) -> int:
    """Undo an event that never was; return at how many points. Raises NotFound, Conflict, `InterruptionRefused`."""
    with transaction.atomic():
        undone = supply.undo_event(event_id, reason=reason, by=by, at=at)
        event = places.supply_event(event_id)
        asked = Asked(
            "", None, "", (), event.kind, event.from_at, event.until_at, event.independent_sources, event.reason
        )
        touched = _touched(places.points_of_event(event_id), asked)
        _tell("desk.interruption_undone", touched, event, reason=reason, at=at)
    return undone


def page(event_id: int) -> EventPage:
    """Return an event; raise NotFound."""
    event = places.supply_event(event_id)
    last = event.until_at.astimezone(MOSCOW).date() + timedelta(days=1)
    period = Period(event.from_at.astimezone(MOSCOW).date(), last)
    owners = accounts.supplied_then(places.points_of_event(event_id), period=period)
    named = accounts.numbers_and_families(set(owners.values()))
    names = people.names_of([event.recorded_by] if event.recorded_by else [])
    return EventPage(
        event, tuple(sorted(number for number, _ in named.values())), names.get(event.recorded_by or 0, "")
    )


def _points(asked: Asked, *, at: datetime) -> tuple[list[int], str]:
    if asked.house_id is not None:
        return houses.points_of_house(asked.house_id), dict(houses.all_houses()).get(asked.house_id, "")
    if asked.address:
        on = at.astimezone(MOSCOW).date()
        found = places.find_points(asked.address, on=on, limit=MOST_POINTS + 1)
        return sorted(one.id for one in found), asked.address
    known = accounts.points_of_accounts(asked.numbers, period=asked.period)
    unknown = [one for one in asked.numbers if one not in known]
    if unknown:
        raise InterruptionRefused(why="unknown_numbers", numbers=", ".join(unknown[:10]))
    return sorted({point for points in known.values() for point in points}), ", ".join(asked.numbers)[:250]


def _touched(points: Sequence[int], asked: Asked) -> tuple[Touched, ...]:
    owners = accounts.supplied_then(points, period=asked.period)
    ids = sorted(set(owners.values()))
    named = accounts.numbers_and_families(ids)
    addresses = places.addresses(list(owners))
    where = {account: addresses.get(point, "") for point, account in owners.items()}
    period = asked.period
    last = charges.last_charges(ids, first=period.start, last=period.last_on or period.start)
    policies = Policies.from_values(tariffs.policy_values(period.start))
    minutes = int((asked.until_at - asked.from_at).total_seconds()) // 60
    rows = []
    for account_id in ids:
        known = last.get(account_id)
        amount = known.amount if known else Decimal("0.00")
        less = foreseen(
            int(amount * 100), minutes=minutes, kind=asked.kind, independent_sources=asked.independent_sources,
            policies=policies,
        )  # fmt: skip
        number = named[account_id][0]
        months = known.months if known else ()
        rows.append(Touched(account_id, number, where[account_id], amount, from_kopecks(less), months))
    return tuple(sorted(rows, key=lambda one: one.number))


def _tell(verb: str, touched: Sequence[Touched], event: SupplyEventView, *, reason: str, at: datetime) -> None:
    told = {
        "kind": event.kind.value,
        "from_at": f"{event.from_at.astimezone(MOSCOW):%d.%m.%Y %H:%M}",
        "until_at": f"{event.until_at.astimezone(MOSCOW):%d.%m.%Y %H:%M}",
    }
    for one in touched:
        audit.record(
            verb, target_kind="supply_event", target_id=event.event_id, at=at, account_id=one.account_id,
            data={"after": told}, reason=reason,
        )  # fmt: skip
        if one.charged:
            billing.ask_recalculation(one.account_id, months=one.charged, why=Why.OUTAGE, reason=reason, at=at)

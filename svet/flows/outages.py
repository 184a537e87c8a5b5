"""Outages and wrong voltage at many points at once: who is touched and by how much, recorded whole, undone whole.

What goes on is registered without a reckoning (`begin`), widened when more are found to be without supply, and reckoned
when it has ended (`supply_is_back`, `ended`, `record`): who hears from the callers says that it is over, who answers
for bills reckons it. What was charged already for those days waits for a revision; the journal of every account touched
says what happened.
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
from svet.domains.supply.queries import OngoingPageView, OngoingStepView, SupplyEventView
from svet.domains.supply.rules import Cause, InterruptionKind
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.infra import audit
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month, Period

MOST_POINTS = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """An event as an engineer has it before him: a house, an address or account numbers say where.

    `until_at` None: it goes on, for a `cause`, expected to end at `expected_at` (None: nobody knows). `ongoing_id` is
    what was registered while it went on: its places are those of the event. `widens_id` is what goes on at more places.
    """

    request_key: str
    house_id: int | None
    address: str
    numbers: tuple[str, ...]
    kind: InterruptionKind
    from_at: datetime
    until_at: datetime | None
    independent_sources: int
    reason: str
    cause: Cause = Cause.UNKNOWN
    expected_at: datetime | None = None
    ongoing_id: int | None = None
    widens_id: int | None = None

    def period(self, at: datetime) -> Period:
        """The days of the event; while it goes on, until the day of the moment `at`."""
        last = (self.until_at or max(at, self.from_at)).astimezone(MOSCOW).date() + timedelta(days=1)
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
    """Who is touched and by how much, before anything is recorded; `streets`: where that is, for everybody."""

    points: tuple[int, ...]
    place: str
    streets: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class OngoingPage:
    """What goes on with the accounts it touches; each step, the latest first, with who said it."""

    shown: OngoingPageView
    numbers: tuple[str, ...]
    steps: tuple[tuple[OngoingStepView, str], ...]


def preview(asked: Asked, *, at: datetime) -> Preview:
    """Return who is touched; of what goes on nothing is reckoned. Raises `InterruptionRefused`: nowhere, unknown
    numbers, too many, no time, not over yet, not begun or expected in the past, nobody new (all_there), or (overlaps)
    something is recorded for that time or goes on already.
    """
    if asked.until_at is None:
        _refuse_ongoing(asked, at=at)
    elif asked.until_at <= asked.from_at or asked.until_at > at:
        raise InterruptionRefused(why="no_time" if asked.until_at <= asked.from_at else "not_over")
    points, place = _points(asked, at=at)
    if asked.widens_id is not None:
        known = set(places.ongoing_page(asked.widens_id).points)
        if points and known.issuperset(points):
            raise InterruptionRefused(why="all_there")
        points = [one for one in points if one not in known]
    if not points or len(points) > MOST_POINTS:
        raise InterruptionRefused(why="too_many" if points else "nowhere", most=MOST_POINTS)
    until_at = asked.until_at or datetime.max.replace(tzinfo=MOSCOW)
    meeting = places.interrupted_then(points, from_at=asked.from_at, until_at=until_at)
    if asked.ongoing_id is None:
        meeting |= places.failing_before(points, until_at=until_at)
    if meeting:
        raise InterruptionRefused(why="overlaps", count=len(meeting))
    touched = _touched(points, asked, at=at)
    said = (
        asked.kind, asked.from_at, asked.until_at, asked.independent_sources, asked.reason, asked.cause,
        asked.expected_at, points,
    )  # fmt: skip
    token = hashlib.sha256(repr((said, touched)).encode()).hexdigest()[:32]
    return Preview(tuple(points), place, places.streets_of(points), touched, token)


def _refuse_ongoing(asked: Asked, *, at: datetime) -> None:
    if asked.from_at > at:
        raise InterruptionRefused(why="not_begun")
    if asked.expected_at is not None and asked.expected_at <= at:
        raise InterruptionRefused(why="expected_past")


def begin(asked: Asked, *, by: int, at: datetime) -> int:
    """Register what goes on; return its id, the same one for the same request. Raises what `preview` raises."""
    known = places.ongoing_of_request(asked.request_key)
    if known is not None:
        return known
    with transaction.atomic():
        seen = preview(asked, at=at)
        ongoing_id = supply.begin_ongoing(
            seen.points,
            request_key=asked.request_key,
            place=seen.place,
            kind=asked.kind,
            from_at=asked.from_at,
            independent_sources=asked.independent_sources,
            cause=asked.cause,
            expected_at=asked.expected_at,
            reason=asked.reason,
            by=by,
            at=at,
        )
        _tell_ongoing("desk.ongoing_begun", seen.touched, ongoing_id, asked, reason=asked.reason, at=at)
    return ongoing_id


def widening(ongoing_id: int, *, house_id: int | None, address: str, numbers: tuple[str, ...], reason: str) -> Asked:
    """Return more places of what goes on as they are asked for; raise NotFound, Conflict("ongoing_is_over")."""
    page = places.ongoing_page(ongoing_id)
    if not page.is_open:
        raise Conflict("ongoing_is_over", ongoing=ongoing_id)
    known = page.known
    return Asked(
        request_key="", house_id=house_id, address=address, numbers=numbers, kind=known.kind, from_at=known.from_at,
        until_at=None, independent_sources=page.independent_sources, reason=reason, cause=known.cause,
        widens_id=ongoing_id,
    )  # fmt: skip


def widen(asked: Asked, *, by: int, at: datetime) -> int:
    """Register that what goes on touches more places; return how many points. Raises what `preview` raises."""
    if asked.widens_id is None:
        raise InterruptionRefused(why="nowhere")
    with transaction.atomic():
        seen = preview(asked, at=at)
        added = supply.widen_ongoing(asked.widens_id, seen.points, reason=asked.reason, by=by, at=at)
        _tell_ongoing("desk.ongoing_begun", seen.touched, asked.widens_id, asked, reason=asked.reason, at=at)
    return len(added)


def supply_is_back(ongoing_id: int, *, ended_at: datetime, reason: str, by: int, at: datetime) -> None:
    """Say that supply is back; it waits to be reckoned. Raises NotFound, `InterruptionRefused`, Conflict.

    Said twice it is over: Conflict("ongoing_is_over").
    """
    with transaction.atomic():
        supply.end_ongoing(ongoing_id, ended_at=ended_at, reason=reason, by=by, at=at)
        page = places.ongoing_page(ongoing_id)
        asked = Asked("", None, "", (), page.known.kind, page.known.from_at, ended_at, 1, reason)
        touched = _touched(page.points, asked, at=at)
        _tell_ongoing("desk.ongoing_ended", touched, ongoing_id, asked, reason=reason, at=at)


def ended(ongoing_id: int, *, request_key: str, ended_at: datetime, reason: str) -> Asked:
    """Return what went on as an event that has ended, at the moment that was said when it was.

    Raises NotFound, Conflict("ongoing_is_over") for what never was or is reckoned.
    """
    page = places.ongoing_page(ongoing_id)
    if not page.is_open and (page.ended_at is None or page.event_id is not None):
        raise Conflict("ongoing_is_over", ongoing=ongoing_id)
    return Asked(
        request_key=request_key,
        house_id=None,
        address="",
        numbers=(),
        kind=page.known.kind,
        from_at=page.known.from_at,
        until_at=page.ended_at or ended_at,
        independent_sources=page.independent_sources,
        reason=reason,
        ongoing_id=ongoing_id,
    )


def withdraw(ongoing_id: int, *, reason: str, by: int, at: datetime) -> None:
    """Say that what was registered never was. Raises NotFound, `InterruptionRefused`, Conflict("ongoing_is_over")."""
    with transaction.atomic():
        supply.end_ongoing(ongoing_id, ended_at=at, reason=reason, by=by, at=at, was=False)
        page = places.ongoing_page(ongoing_id)
        asked = Asked("", None, "", (), page.known.kind, page.known.from_at, None, 1, reason)
        touched = _touched(page.points, asked, at=at)
        _tell_ongoing("desk.ongoing_withdrawn", touched, ongoing_id, asked, reason=reason, at=at)


def record(asked: Asked, *, by: int, at: datetime) -> int:
    """Record what has ended; return its id, the same one for the same request. Raises what `preview` raises.

    What was registered while it went on ends with it, in the same transaction, unless it was said to be over:
    Conflict("ongoing_is_over") when that was at another moment.
    """
    known = places.event_of_request(asked.request_key)
    if known is not None:
        return known
    if asked.until_at is None:
        raise InterruptionRefused(why="not_over")
    with transaction.atomic():
        seen = preview(asked, at=at)
        if asked.ongoing_id is not None and places.ongoing_page(asked.ongoing_id).ended_at != asked.until_at:
            supply.end_ongoing(asked.ongoing_id, ended_at=asked.until_at, reason=asked.reason, by=by, at=at)
        event_id = supply.record_event(
            seen.points,
            request_key=asked.request_key,
            place=seen.place,
            kind=asked.kind,
            from_at=asked.from_at,
            until_at=asked.until_at,
            independent_sources=asked.independent_sources,
            reason=asked.reason,
            ongoing_id=asked.ongoing_id,
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
        touched = _touched(places.points_of_event(event_id), asked, at=at)
        _tell("desk.interruption_undone", touched, event, reason=reason, at=at)
    return undone


def ongoing_page(ongoing_id: int, *, at: datetime) -> OngoingPage:
    """Return what goes on, or went on, with the accounts it touches and who said what; raise NotFound."""
    shown = places.ongoing_page(ongoing_id)
    since = shown.known.from_at.astimezone(MOSCOW).date()
    period = Period(since, max(at.astimezone(MOSCOW).date(), since) + timedelta(days=1))
    named = accounts.numbers_and_families(set(accounts.supplied_then(shown.points, period=period).values()))
    names = people.names_of({one.recorded_by for one in shown.steps if one.recorded_by})
    steps = tuple((one, names.get(one.recorded_by or 0, "")) for one in shown.steps)
    return OngoingPage(shown, tuple(sorted(number for number, _ in named.values())), steps)


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
    if asked.ongoing_id is not None:
        known = places.ongoing_page(asked.ongoing_id)
        return list(known.points), known.place
    if asked.house_id is not None:
        return houses.points_of_house(asked.house_id), dict(houses.all_houses()).get(asked.house_id, "")
    if asked.address:
        on = at.astimezone(MOSCOW).date()
        found = places.find_points(asked.address, on=on, limit=MOST_POINTS + 1)
        return sorted(one.id for one in found), asked.address
    supplied = accounts.points_of_accounts(asked.numbers, period=asked.period(at))
    unknown = [one for one in asked.numbers if one not in supplied]
    if unknown:
        raise InterruptionRefused(why="unknown_numbers", numbers=", ".join(unknown[:10]))
    return sorted({point for points in supplied.values() for point in points}), ", ".join(asked.numbers)[:250]


def _touched(points: Sequence[int], asked: Asked, *, at: datetime) -> tuple[Touched, ...]:
    period = asked.period(at)
    owners = accounts.supplied_then(points, period=period)
    ids = sorted(set(owners.values()))
    named = accounts.numbers_and_families(ids)
    addresses = places.addresses(list(owners))
    where = {account: addresses.get(point, "") for point, account in owners.items()}
    last = charges.last_charges(ids, first=period.start, last=period.last_on or period.start)
    policies = Policies.from_values(tariffs.policy_values(period.start))
    minutes = int((asked.until_at - asked.from_at).total_seconds()) // 60 if asked.until_at else 0
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


def _tell_ongoing(
    verb: str, touched: Sequence[Touched], ongoing_id: int, asked: Asked, *, reason: str, at: datetime
) -> None:
    told = {"kind": asked.kind.value, "from_at": f"{asked.from_at.astimezone(MOSCOW):%d.%m.%Y %H:%M}"}
    for one in touched:
        audit.record(
            verb, target_kind="supply_ongoing_event", target_id=ongoing_id, at=at, account_id=one.account_id,
            data={"after": told}, reason=reason,
        )  # fmt: skip


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

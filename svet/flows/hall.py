"""The hall as its visitors meet it: the kiosk, the board, the ticket on the phone, a time to book (clauses O4, O5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from svet.domains.access import queries as access
from svet.domains.access.queries import Person
from svet.domains.offices import queries as offices
from svet.domains.offices.queries import OfficeView
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.opening import Opening
from svet.domains.visits import actions
from svet.domains.visits import queries as visits
from svet.domains.visits.actions import Wanted
from svet.domains.visits.queries import (
    Accuracy,
    AskedAtWindow,
    Called,
    DeviceView,
    PrivilegeView,
    SeriesView,
    TicketView,
)
from svet.domains.visits.rules import State
from svet.domains.visits.rules.slots import Slot
from svet.flows import cash_desks
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Offered:
    """A service: how long one waits for it now (None: no window for it works), how long it takes where measured."""

    service: SeriesView
    wait: timedelta | None
    takes: timedelta | None = None


@dataclass(frozen=True, slots=True)
class KioskPage:
    """What a kiosk offers to one kind of customer now."""

    office: OfficeView
    audience: Audience
    opening: Opening
    audiences: tuple[Audience, ...]
    services: tuple[Offered, ...]
    privileges: tuple[PrivilegeView, ...]
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class BoardPage:
    """What the board shows; `version` grows with everything that happens in the hall."""

    office: OfficeView
    version: int
    calls: tuple[Called, ...]
    waiting: int
    waits: tuple[Offered, ...]
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class TabletPage:
    """What the tablet of a window shows: who serves there (clause O6), and of which visit it asks, if of any."""

    window: int
    operator: Person | None
    asked: AskedAtWindow | None


@dataclass(frozen=True, slots=True)
class QueueNow:
    """The queue of an office as the site tells it: how many wait, how long for each service that is given now."""

    waiting: int
    waits: tuple[Offered, ...]
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A ticket as its holder follows it: how many are called before it, when it is expected to be."""

    ticket: TicketView
    office: OfficeView
    ahead: int
    expected_at: datetime | None
    accuracy: Accuracy
    may_return: bool


@dataclass(frozen=True, slots=True)
class BookableDay:
    """A day on which an office takes bookings, with its times."""

    day: date
    slots: tuple[Slot, ...]

    @property
    def free(self) -> int:
        """How many times still have a place."""
        return sum(1 for one in self.slots if one.free)


def office_now(code: str, audience: Audience, *, at: datetime) -> tuple[OfficeView, Opening, tuple[Audience, ...]]:
    """Return the office, whether it is open for this kind of customer, and whom it serves at all."""
    here = at.astimezone(MOSCOW)
    office = offices.office(code)
    timetable = offices.timetable(office.office_id, first_on=here.date())
    return office, timetable.at(here, audience), tuple(one for one in Audience if timetable.serves(one))


def kiosk(device: DeviceView, audience: Audience, *, at: datetime) -> KioskPage:
    """Return what a kiosk offers now."""
    office, opening, audiences = office_now(device.office_code, audience, at=at)
    waits = visits.waits(device.office_code, at=at)
    today = at.astimezone(MOSCOW).date()
    offered = [one for one in cash_desks.services_of(device.office_code, at=at, on=today) if one.serves(audience)]
    return KioskPage(
        office=office,
        audience=audience,
        opening=opening,
        audiences=audiences,
        services=tuple(Offered(one, waits.get(one.code)) for one in offered),
        privileges=tuple(visits.privileges()),
        accuracy=visits.accuracy(device.office_code),
    )


def take(wanted: Wanted, *, at: datetime) -> TicketView:
    """Give a ticket at a kiosk for a service that it offers now, or the one that this request got already.

    Raises what `visits.actions.issue` raises, the same for a cash desk that is closed or that the office has not.
    """
    today = at.astimezone(MOSCOW).date()
    offered = {one.code: one for one in cash_desks.services_of(wanted.office_code, at=at, on=today)}
    if wanted.series not in offered:
        raise NotFound("no_such_series", series=wanted.series)
    if offered[wanted.series].closed and visits.ticket_by_key(wanted.key) is None:
        raise Conflict("service_is_closed", reason=offered[wanted.series].closed.rstrip("."))
    return actions.issue(wanted, at=at)


def board(office_code: str, *, at: datetime) -> BoardPage:
    """Return what the board of an office shows now."""
    version, now = visits.version(office_code), visits.hall_now(office_code, at=at)
    waits = now.waits()
    return BoardPage(
        office=offices.office(office_code),
        version=version,
        calls=tuple(visits.board_calls(office_code, day=at.astimezone(MOSCOW).date())),
        waiting=len(now.waiting),
        waits=tuple(
            Offered(one, waits[one.code])
            for one in cash_desks.services_of(office_code, at=at, on=None)
            if waits.get(one.code) is not None
        ),
        accuracy=visits.accuracy(office_code),
    )


def tablet(device: DeviceView, *, at: datetime) -> TabletPage:
    """Return what the tablet of a window shows now."""
    window_id = device.window_id or 0
    operator_id = visits.operator_at(window_id)
    return TabletPage(
        window=device.window or 0,
        operator=None if operator_id is None else access.person(operator_id),
        asked=visits.asked_at_window(window_id, at=at),
    )


def queue_now(office_code: str, *, at: datetime) -> QueueNow | None:
    """Return the queue of an office, None where none is run."""
    if office_code not in visits.offices_with_windows():
        return None
    shown, takes = board(office_code, at=at), visits.measured_times(office_code)
    waits = tuple(replace(one, takes=takes.get(one.service.code)) for one in shown.waits)
    return QueueNow(shown.waiting, waits, shown.accuracy)


def ticket_page(code: str, *, at: datetime) -> TicketPage:
    """Return a ticket with its place in the line; raise NotFound("no_such_ticket")."""
    ticket = visits.ticket_by_code(code)
    ahead, expected_at = 0, None
    if ticket.state == State.WAITING:
        now = visits.hall_now(ticket.office_code, at=at)
        others = [one for one in now.waiting if one.ticket_id != ticket.ticket_id]
        ahead, expected_at = sum(_goes_before(one, ticket) for one in others), now.expected(ticket.ticket_id)
    missed_at = ticket.ended_at if ticket.state == State.NO_SHOW else None
    returns = visits.rules_on(at.astimezone(MOSCOW).date()).missed_returns
    return TicketPage(
        ticket=ticket,
        office=offices.office(ticket.office_code),
        ahead=ahead,
        expected_at=expected_at,
        accuracy=visits.accuracy(ticket.office_code),
        may_return=ticket.state == State.HELD
        or (missed_at is not None and ticket.missed == 1 and at <= missed_at + returns),
    )


def bookable_days(office_code: str, series: str, audience: Audience, *, at: datetime) -> list[BookableDay]:
    """Return the coming days with times to book, the days without any left out."""
    today = at.astimezone(MOSCOW).date()
    found = []
    for place in range(visits.rules_on(today).booking.ahead_days + 1):
        day = today + timedelta(days=place)
        slots = visits.day_slots(office_code, series, audience, day=day, at=at)
        if slots:
            found.append(BookableDay(day, tuple(slots)))
    return found


def bookable_services(office_code: str, audience: Audience, *, at: datetime) -> list[SeriesView]:
    """Return the services of an office that one can book, but those closed until further notice."""
    served = cash_desks.services_of(office_code, at=at, on=None)
    return [one for one in served if one.bookable and not one.closed and one.serves(audience)]


def offices_to_book(audience: Audience) -> list[OfficeView]:
    """Return the offices in which a queue is run and which serve this kind of customer."""
    run = visits.offices_with_windows()
    return [one for one in offices.directory() if one.code in run and one.week_for(audience)]


def _goes_before(one: TicketView, mine: TicketView) -> bool:
    """Whether somebody is called before by the usual order: the first ones and who waits longer for the same."""
    if one.waiting.is_first != mine.waiting.is_first:
        return one.waiting.is_first
    return one.waiting.turn < mine.waiting.turn and (one.series == mine.series or one.waiting.is_first)

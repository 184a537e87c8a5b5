"""A ticket is issued once per request, given back, or its holder comes back to it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from svet.domains.offices import queries as offices
from svet.domains.offices.rules import Audience
from svet.domains.visits import queries
from svet.domains.visits.actions.telling import lock_hall, locked_ticket, tell
from svet.domains.visits.models import Booking, Closed, Privilege, Series, Ticket
from svet.domains.visits.queries import TicketView
from svet.domains.visits.rules import Came, Happened, State
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, DomainError, NotFound

MOST_RETURNS = 1
"""How often somebody who was called and did not come may come back to his ticket."""
CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place in the queue as it is asked for; `key`: of the request, so that a repeated one makes no second ticket."""

    office_code: str
    series: str
    audience: Audience
    key: str
    came: Came = Came.KIOSK
    privilege: str = ""


def issue(wanted: Wanted, *, at: datetime, by: int | None = None) -> TicketView:
    """Give a ticket, or the one that this request got already.

    Raises NotFound("no_such_office"), ("no_such_series"), ("no_such_privilege"); Conflict("office_is_closed"),
    ("no_time_before_closing"), ("service_is_closed"); DomainError("service_is_for_others").
    """
    with transaction.atomic():
        lock_hall(wanted.office_code)
        before = queries.ticket_by_key(wanted.key)
        if before is not None:
            return before
        series = _series(wanted, at=at)
        _check_hours(wanted, at=at)
        row = create(wanted, series, counts_from=at, at=at, by=by)
    return queries.ticket(row.pk, office_code=wanted.office_code)


def create(
    wanted: Wanted,
    series: Series,
    *,
    counts_from: datetime,
    at: datetime,
    by: int | None,
    booking: Booking | None = None,
    booked: bool = False,
) -> Ticket:
    """Add the next number of the day with its forecast, inside the transaction that locked the hall."""
    day = at.astimezone(MOSCOW).date()
    last = Ticket.objects.filter(office_code=wanted.office_code, day=day, letter=series.letter).aggregate(
        last=Max("number")
    )["last"]
    row = Ticket(
        office_code=wanted.office_code,
        day=day,
        letter=series.letter,
        number=(last or 0) + 1,
        series=series,
        audience=wanted.audience,
        privilege=_privilege(wanted.privilege),
        booking=booking,
        booked=booked,
        came=wanted.came,
        request_key=wanted.key,
        follow_code="".join(secrets.choice(CODE_LETTERS) for _ in range(12)),
        issued_at=at,
        counts_from=counts_from,
    )
    tell(row, Happened.ISSUED, at=at, by=by)
    row.expected_at = queries.expected(row.pk, office_code=row.office_code, at=at)
    row.save(update_fields=["expected_at"])
    return row


def give_back(code: str, *, at: datetime) -> None:
    """End the wait of who follows this ticket; raise NotFound, Conflict("ticket_is_over")."""
    found = queries.ticket_by_code(code)
    with transaction.atomic():
        row = locked_ticket(found.ticket_id, office_code=found.office_code)
        if row.state not in {State.WAITING, State.CALLED, State.HELD}:
            raise Conflict("ticket_is_over")
        row.state, row.ended_at = State.LEFT, at
        tell(row, Happened.LEFT, at=at)


def come_back(code: str, *, at: datetime, by: int | None = None) -> None:
    """Put who filled in a form at the head, who missed his call back to his place.

    Raises NotFound, Conflict("ticket_is_not_held"), Conflict("too_late_to_come_back").
    """
    found = queries.ticket_by_code(code)
    terms = queries.rules_on(at.astimezone(MOSCOW).date())
    with transaction.atomic():
        row = locked_ticket(found.ticket_id, office_code=found.office_code)
        if row.state == State.HELD:
            row.returned, row.counts_from = True, at
        elif row.state == State.NO_SHOW:
            if row.missed > MOST_RETURNS or row.ended_at is None or at > row.ended_at + terms.missed_returns:
                raise Conflict("too_late_to_come_back")
        else:
            raise Conflict("ticket_is_not_held")
        row.state, row.ended_at, row.window, row.duty = State.WAITING, None, None, None
        tell(row, Happened.RETURNED, at=at, by=by)


def _series(wanted: Wanted, *, at: datetime) -> Series:
    row = Series.objects.filter(code=wanted.series, active=True).first()
    if row is None:
        raise NotFound("no_such_series", series=wanted.series)
    if row.audience not in {"", wanted.audience.value}:
        raise DomainError("service_is_for_others")
    today = at.astimezone(MOSCOW).date()
    closed = Closed.objects.filter(office_code=wanted.office_code, series=row, valid__contains=today).first()
    if closed is not None:
        raise Conflict("service_is_closed", reason=closed.reason)
    return row


def _privilege(code: str) -> Privilege | None:
    if not code:
        return None
    row = Privilege.objects.filter(code=code, active=True).first()
    if row is None:
        raise NotFound("no_such_privilege", privilege=code)
    return row


def _check_hours(wanted: Wanted, *, at: datetime) -> None:
    """Refuse outside the hours and right before the end of the day; in a break one may already take a place."""
    here = at.astimezone(MOSCOW)
    office = offices.office(wanted.office_code)
    timetable = offices.timetable(office.office_id, first_on=here.date(), days=1)
    opening = timetable.at(here, wanted.audience)
    closes = opening.plan.closes_at
    if closes is None or not (opening.is_open or opening.is_break):
        raise Conflict("office_is_closed")
    ends = datetime.combine(here.date(), closes, tzinfo=here.tzinfo)
    if here + queries.rules_on(here.date()).last_ticket > ends:
        raise Conflict("no_time_before_closing", closes=f"{closes:%H:%M}")

"""Times to book in an office, and bookings as their owner and the desk see them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import QuerySet

from svet.domains.offices import queries as offices
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.opening import Plan
from svet.domains.visits.models import Booking
from svet.domains.visits.queries.hall import rules_on, services_of
from svet.domains.visits.rules.slots import Slot, slots
from svet.infra.clock import MOSCOW
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class BookingView:
    """A booking; `ticket`: the follow code of the ticket it became, empty before the visitor came.

    `displaced_why`: why the office does not work at that time any more, empty when it does.
    """

    booking_id: int
    code: str
    office_code: str
    series: str
    title: str
    audience: Audience
    starts_at: datetime
    name: str
    phone: str
    email: str
    user_id: int | None
    cancelled_at: datetime | None
    came_at: datetime | None
    ticket: str = ""
    displaced_why: str = ""

    def is_ahead(self, at: datetime) -> bool:
        """Whether it still stands and its time is to come."""
        return self.cancelled_at is None and self.came_at is None and self.starts_at > at


def day_slots(office_code: str, series: str, audience: Audience, *, day: date, at: datetime) -> list[Slot]:
    """Return the times of a day for a service, full ones too; none where the office is closed or too far ahead.

    Raises NotFound("no_such_office"), NotFound("no_such_series").
    """
    found = next((one for one in services_of(office_code, on=day) if one.code == series), None)
    if found is None or not found.bookable or not found.serves(audience):
        raise NotFound("no_such_series", series=series)
    terms = rules_on(day).booking
    today = at.astimezone(MOSCOW).date()
    if found.closed or not today <= day <= today + timedelta(days=terms.ahead_days):
        return []
    plan = offices.hours_on(offices.office(office_code).office_id, audience, day)
    spans = spans_of(plan)
    begin = _moment(day, time(0))
    rows = Booking.objects.filter(
        office_code=office_code,
        series__code=series,
        starts_at__gte=begin,
        starts_at__lt=begin + timedelta(days=1),
        cancelled_at=None,
    )
    taken = Counter(rows.values_list("starts_at", flat=True))
    return slots(
        spans,
        minutes=found.slot_minutes,
        places=found.places_per_slot,
        taken={moment.astimezone(MOSCOW): count for moment, count in taken.items()},
        at=at,
        terms=terms,
    )


def spans_of(plan: Plan) -> list[tuple[datetime, datetime]]:
    """Return the hours of a day as moments."""
    return [(_moment(plan.day, since), _moment(plan.day, until)) for since, until in plan.spans]


def booking(code: str) -> BookingView:
    """Return a booking by its code as people type it; raise NotFound("no_such_booking")."""
    row = _rows().filter(code=typed(code)).first()
    if row is None:
        raise NotFound("no_such_booking")
    return _view(row)


def booking_by_id(booking_id: int) -> BookingView:
    """Return a booking; raise NotFound("no_such_booking")."""
    row = _rows().filter(pk=booking_id).first()
    if row is None:
        raise NotFound("no_such_booking")
    return _view(row)


def bookings_of_user(user_id: int) -> list[BookingView]:
    """Return what a person booked while signed in, the latest time first."""
    return [_view(row) for row in _rows().filter(user_id=user_id).order_by("-starts_at", "-pk")]


def bookings_found(text: str, *, phone: str, at: datetime, limit: int = 20) -> list[BookingView]:
    """Return the bookings ahead with this code or this phone in normal form, the next one first."""
    code = typed(text)
    wanted = models.Q(code=code) if code else models.Q(pk=None)
    if phone:
        wanted |= models.Q(phone=phone)
    rows = _rows().filter(wanted, cancelled_at=None, came_at=None, starts_at__gt=at)
    return [_view(row) for row in rows.order_by("starts_at", "pk")[:limit]]


def bookings_on(office_code: str, *, day: date) -> list[BookingView]:
    """Return the bookings of a day in an office, the cancelled left out."""
    begin = _moment(day, time(0))
    rows = _rows().filter(
        office_code=office_code, cancelled_at=None, starts_at__gte=begin, starts_at__lt=begin + timedelta(days=1)
    )
    return [_view(row) for row in rows.order_by("starts_at", "place")]


def to_remind(*, at: datetime, ahead: timedelta, limit: int = 500) -> list[BookingView]:
    """Return the bookings within `ahead` of whom nobody was reminded yet."""
    rows = _rows().filter(
        cancelled_at=None,
        came_at=None,
        reminded_at=None,
        displaced_at=None,
        starts_at__gt=at,
        starts_at__lte=at + ahead,
    )
    return [_view(row) for row in rows.order_by("starts_at", "pk")[:limit]]


def typed(code: str) -> str:
    """Return a code as it is kept: digits only.

    >>> typed(" 123 456-78")
    '12345678'
    """
    return "".join(filter(str.isdigit, code))[:12]


def _moment(day: date, clock_time: time) -> datetime:
    return datetime.combine(day, clock_time, tzinfo=MOSCOW)


def _rows() -> QuerySet[Booking]:
    return Booking.objects.select_related("series", "ticket")


def _view(row: Booking) -> BookingView:
    ticket = getattr(row, "ticket", None)
    return BookingView(
        booking_id=row.pk,
        code=row.code,
        office_code=row.office_code,
        series=row.series.code,
        title=row.series.title,
        audience=Audience(row.audience),
        starts_at=row.starts_at,
        name=row.name,
        phone=row.phone,
        email=row.email,
        user_id=row.user_id,
        cancelled_at=row.cancelled_at,
        came_at=row.came_at,
        ticket=ticket.follow_code if ticket else "",
        displaced_why=row.displaced_why,
    )

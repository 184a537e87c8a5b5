"""A time is booked once per request and place, cancelled, or its visitor comes and gets a ticket."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from svet.domains.offices.rules import Audience
from svet.domains.visits import queries
from svet.domains.visits.actions.issuing import Wanted, create
from svet.domains.visits.actions.telling import lock_hall
from svet.domains.visits.models import Booking, Series
from svet.domains.visits.queries import BookingView, TicketView
from svet.domains.visits.rules import Came
from svet.domains.visits.rules.slots import REMINDED_BEFORE, counts_from
from svet.infra import audit
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, DomainError

MOST_AHEAD = 3
"""How many bookings one phone, e-mail or person may have ahead, so that nobody takes all the times."""
KEPT_FOR = timedelta(days=60)
"""So long after its time a booking still says who came."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A time as it is asked for; `key`: of the request, so that a repeated one books nothing twice."""

    office_code: str
    series: str
    audience: Audience
    starts_at: datetime
    key: str
    name: str
    phone: str = ""
    email: str = ""
    user_id: int | None = None
    came: Came = Came.SITE


def book(wanted: Booked, *, at: datetime) -> BookingView:
    """Book a time, or return what this request booked already.

    Raises NotFound("no_such_office"), ("no_such_series"); DomainError("name_is_needed"), ("contact_is_needed");
    Conflict("time_is_taken"), Conflict("too_many_bookings").
    """
    if not wanted.name.strip():
        raise DomainError("name_is_needed")
    if not (wanted.phone or wanted.email):
        raise DomainError("contact_is_needed")
    with transaction.atomic():
        lock_hall(wanted.office_code)
        before = Booking.objects.filter(request_key=wanted.key).first()
        if before is not None:
            return queries.booking(before.code)
        _check_many(wanted, at=at)
        day = wanted.starts_at.astimezone(MOSCOW).date()
        offered = queries.day_slots(wanted.office_code, wanted.series, wanted.audience, day=day, at=at)
        slot = next((one for one in offered if one.starts_at == wanted.starts_at), None)
        if slot is None or slot.free == 0:
            raise Conflict("time_is_taken")
        row = _create(wanted, at=at)
        audit.record(
            "visits.booking_made",
            target_kind="booking",
            target_id=row.pk,
            at=at,
            data={"booking_id": row.pk, "office": row.office_code, "starts_at": row.starts_at, "came": row.came},
            fact="visits.booking_made",
        )
    return queries.booking(row.code)


def cancel_booking(code: str, *, at: datetime, by: int | None = None) -> None:
    """Free the time; raise NotFound("no_such_booking"), Conflict("booking_is_over")."""
    with transaction.atomic():
        row = _locked(code)
        if row.cancelled_at is not None or row.came_at is not None:
            raise Conflict("booking_is_over")
        row.cancelled_at = at
        row.save(update_fields=["cancelled_at"])
        audit.record(
            "visits.booking_cancelled",
            target_kind="booking",
            target_id=row.pk,
            at=at,
            data={"booking_id": row.pk, "by": by},
            fact="visits.booking_cancelled",
        )


def move_booking(
    code: str, *, starts_at: datetime, at: datetime, office_code: str = "", series: str = "", by: int | None = None
) -> BookingView:
    """Give a booking another time, office or service, with its code as it was; no office or service: as before.

    Raises NotFound("no_such_booking"), NotFound("no_such_series"), Conflict("booking_is_over"),
    Conflict("time_is_taken").
    """
    with transaction.atomic():
        row = _locked(code, office_code)
        if row.cancelled_at is not None or row.came_at is not None or row.starts_at <= at:
            raise Conflict("booking_is_over")
        before = (row.office_code, row.series.code, row.starts_at)
        after = (office_code or row.office_code, series or row.series.code, starts_at)
        if before == after:
            return queries.booking(code)
        day, audience = starts_at.astimezone(MOSCOW).date(), Audience(row.audience)
        offered = queries.day_slots(after[0], after[1], audience, day=day, at=at)
        if not any(one.starts_at == starts_at and one.free for one in offered):
            raise Conflict("time_is_taken")
        service = Series.objects.get(code=after[1])
        row.place = _free_place(after[0], service, starts_at)
        row.office_code, row.series, row.starts_at = after[0], service, starts_at
        row.reminded_at, row.displaced_at, row.displaced_why = _told_lately(starts_at, at=at), None, ""
        row.save()
        audit.record(
            "visits.booking_moved",
            target_kind="booking",
            target_id=row.pk,
            at=at,
            data={
                "booking_id": row.pk,
                "by": by,
                "before": before[2],
                "office_before": before[0],
                "series_before": before[1],
                "starts_at": starts_at,
                "office": after[0],
                "series": after[1],
            },
            fact="visits.booking_moved",
        )
    return queries.booking(code)


def check_in(code: str, *, office_code: str, at: datetime, key: str, privilege: str = "") -> TicketView:
    """Give the ticket of a booking whose visitor has come; who comes too late gets an ordinary one.

    Raises NotFound("no_such_booking"), Conflict("booking_is_over"), ("booking_elsewhere"), ("too_early_for_booking").
    """
    with transaction.atomic():
        row = _locked(code)
        if row.office_code != office_code:
            raise Conflict("booking_elsewhere")
        if row.came_at is not None:
            return queries.ticket_by_code(row.ticket.follow_code)
        day, terms = row.starts_at.astimezone(MOSCOW).date(), queries.rules_on(at.astimezone(MOSCOW).date()).booking
        if row.cancelled_at is not None or day != at.astimezone(MOSCOW).date():
            raise Conflict("booking_is_over" if row.cancelled_at or row.starts_at < at else "too_early_for_booking")
        if at < row.starts_at - terms.comes_before:
            raise Conflict("too_early_for_booking")
        since = counts_from(row.starts_at, at, terms=terms)
        row.came_at = at
        row.save(update_fields=["came_at"])
        wanted = Wanted(office_code, row.series.code, Audience(row.audience), key, Came(row.came), privilege)
        made = create(
            wanted, row.series, counts_from=since or at, at=at, by=None, booking=row, booked=since is not None
        )
    return queries.ticket(made.pk, office_code=office_code)


def note_reminded(booking_ids: list[int], *, at: datetime) -> None:
    """Keep that the visitors were reminded of their time."""
    Booking.objects.filter(pk__in=booking_ids, reminded_at=None).update(reminded_at=at)


def forget_bookings(*, at: datetime) -> int:
    """Take the name and contacts out of bookings long over; return how many."""
    old = Booking.objects.filter(starts_at__lt=at - KEPT_FOR).exclude(name="", phone="", email="")
    return old.update(name="", phone="", email="")


def _create(wanted: Booked, *, at: datetime) -> Booking:
    series = Series.objects.get(code=wanted.series)
    place = _free_place(wanted.office_code, series, wanted.starts_at)
    try:
        with transaction.atomic():
            return Booking.objects.create(
                code="".join(secrets.choice("0123456789") for _ in range(8)),
                request_key=wanted.key,
                office_code=wanted.office_code,
                series=series,
                audience=wanted.audience,
                starts_at=wanted.starts_at,
                place=place,
                name=wanted.name.strip()[:120],
                phone=wanted.phone,
                email=wanted.email,
                user_id=wanted.user_id,
                came=wanted.came,
                made_at=at,
                reminded_at=_told_lately(wanted.starts_at, at=at),
            )
    except IntegrityError as error:
        raise Conflict("time_is_taken") from error


def _free_place(office_code: str, series: Series, starts_at: datetime) -> int:
    """Return the first free place of a time that has one; the hall is locked."""
    taken = Booking.objects.filter(
        office_code=office_code, series=series, starts_at=starts_at, cancelled_at=None
    ).values_list("place", flat=True)
    return next(one for one in range(1, series.places_per_slot + 1) if one not in set(taken))


def _check_many(wanted: Booked, *, at: datetime) -> None:
    ahead = Booking.objects.filter(cancelled_at=None, came_at=None, starts_at__gt=at)
    counts = Counter(
        kind
        for kind, value in (("phone", wanted.phone), ("email", wanted.email), ("user_id", wanted.user_id))
        if value
        for _ in range(ahead.filter(**{kind: value}).count())
    )
    if counts and max(counts.values()) >= MOST_AHEAD:
        raise Conflict("too_many_bookings", most=MOST_AHEAD)


def _told_lately(starts_at: datetime, *, at: datetime) -> datetime | None:
    """Return the moment of the confirmation where it is the reminder too: whoever was told so late needs no second."""
    return at if starts_at - at <= REMINDED_BEFORE else None


def _locked(code: str, other_office: str = "") -> Booking:
    """Lock the halls of a booking, always in the same order, and the booking itself: it may be moved meanwhile."""
    found = queries.booking(code)
    for office_code in sorted({found.office_code, other_office or found.office_code}):
        lock_hall(office_code)
    return Booking.objects.select_related("series", "ticket").select_for_update(of=("self",)).get(pk=found.booking_id)

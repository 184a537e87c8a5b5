"""A time in an office: booked, confirmed by a message, reminded of, cancelled (clause O4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db import transaction

from svet.domains.access import actions as access
from svet.domains.access.rules import AttemptKind
from svet.domains.accounts.queries import AccountView
from svet.domains.customers import queries as customers
from svet.domains.customers.rules import ContactKind
from svet.domains.notifications import actions as notifications
from svet.domains.notifications.rules import Channel, MessageKind
from svet.domains.offices import queries as offices
from svet.domains.offices.queries import OfficeView
from svet.domains.visits import actions as visits
from svet.domains.visits import queries
from svet.domains.visits.actions import Booked
from svet.domains.visits.queries import BookingView, SeriesView
from svet.domains.visits.rules.slots import REMINDED_BEFORE
from svet.flows import hall
from svet.flows.hall import BookableDay
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_names
from svet.infra.models import Fact
from svet.kernel.errors import NotFound

SALT = "svet.visits.booking"


@dataclass(frozen=True, slots=True)
class MoveChoice:
    """Where a booking may be moved. Offices or services are filled while one is being chosen, else the days."""

    office: OfficeView | None
    service: SeriesView | None
    offices: tuple[OfficeView, ...] = ()
    services: tuple[SeriesView, ...] = ()
    days: tuple[BookableDay, ...] = ()


def book(wanted: Booked, *, asked_from: str, at: datetime) -> BookingView:
    """Book a time; an address from which too many are booked waits, unless somebody has signed in there.

    Raises DomainError("too_many_attempts") and what `visits.actions.book` raises.
    """
    with transaction.atomic():
        lock_names(f"bookings-from:{asked_from}")
        if wanted.user_id is None:
            access.check_sent(AttemptKind.BOOKING, asked_from=asked_from, at=at)
        made = visits.book(wanted, at=at)
        access.record_attempt(AttemptKind.BOOKING, target=made.code, asked_from=asked_from, succeeded=True, at=at)
    return made


def ahead_of(user_id: int, *, at: datetime) -> list[tuple[BookingView, str, str]]:
    """Return what a person booked and is still ahead, with the office and the signed address, the next one first."""
    ahead = [one for one in queries.bookings_of_user(user_id) if one.is_ahead(at)]
    return [(one, _name_of_office(one), address_of(one)) for one in reversed(ahead)]


def address_of(booking: BookingView) -> str:
    """Return the signed part of a booking's address."""
    return Signer(salt=SALT).sign(booking.code)


def of_address(signed: str) -> BookingView:
    """Return the booking of a signed address; raise NotFound("no_such_booking") for a forged one."""
    try:
        return queries.booking(Signer(salt=SALT).unsign(signed[:120]))
    except BadSignature as error:
        raise NotFound("no_such_booking") from error


def office_of(booking: BookingView) -> OfficeView | None:
    """Return the booked office, None where the Standard names it no longer."""
    try:
        return offices.office(booking.office_code)
    except NotFound:
        return None


def tell_booked(fact: Fact, at: datetime) -> None:
    """Confirm a booking with its code and how to cancel it."""
    _tell(queries.booking_by_id(fact.payload["booking_id"]), MessageKind.BOOKING_MADE, at=at)


def tell_moved(fact: Fact, at: datetime) -> None:
    """Tell where and when a booking is now; of one moved again meanwhile only the last."""
    booking, told = queries.booking_by_id(fact.payload["booking_id"]), fact.payload
    where = (told.get("office", booking.office_code), told.get("series", booking.series))
    if (booking.office_code, booking.series) == where and booking.starts_at == _moment(told):
        _tell(booking, MessageKind.BOOKING_MOVED, at=at, key=f"booking_moved:{fact.pk}")


def tell_cancelled(fact: Fact, at: datetime) -> None:
    """Tell that a booking was cancelled, whoever did it."""
    booking = queries.booking_by_id(fact.payload["booking_id"])
    _tell(booking, MessageKind.BOOKING_CANCELLED, at=at)


def check_bookings(fact: Fact, at: datetime) -> None:
    """Find the bookings that fall into hours or services which an office closed since."""
    visits.displace_bookings(at=at)


def tell_displaced(fact: Fact, at: datetime) -> None:
    """Tell that the office is closed at the booked time and offer another; not of what was settled meanwhile."""
    booking = queries.booking_by_id(fact.payload["booking_id"])
    if booking.displaced_why:
        _tell(booking, MessageKind.BOOKING_DISPLACED, at=at, key=f"booking_displaced:{fact.pk}")


def tell_stands(fact: Fact, at: datetime) -> None:
    """Tell that the office works at the booked time after all."""
    booking = queries.booking_by_id(fact.payload["booking_id"])
    if not booking.displaced_why and booking.starts_at == _moment(fact.payload):
        _tell(booking, MessageKind.BOOKING_STANDS, at=at, key=f"booking_stands:{fact.pk}")


def move(
    booking: BookingView, *, starts_at: datetime, office_code: str, series: str, asked_from: str, at: datetime
) -> BookingView:
    """Move a booking for whoever holds its address; an address from which too much is booked and moved waits.

    Raises DomainError("too_many_attempts") and what `visits.actions.move_booking` raises.
    """
    with transaction.atomic():
        lock_names(f"bookings-from:{asked_from}")
        access.check_sent(AttemptKind.BOOKING, asked_from=asked_from, at=at)
        moved = visits.move_booking(booking.code, starts_at=starts_at, office_code=office_code, series=series, at=at)
        access.record_attempt(AttemptKind.BOOKING, target=booking.code, asked_from=asked_from, succeeded=True, at=at)
    return moved


def choices(booking: BookingView, *, step: str, office_code: str, series: str, at: datetime) -> MoveChoice:
    """Return where a booking may go: other offices, services of the chosen one, or its days with free times.

    `step`: "office", "service" or what is left. An office or service that is none falls back to the booking's own.
    """
    able = {one.code: one for one in hall.offices_to_book(booking.audience)}
    chosen = able.get(office_code or booking.office_code)
    if step == "office" or chosen is None:
        return MoveChoice(chosen, None, offices=tuple(able.values()))
    served = {one.code: one for one in hall.bookable_services(chosen.code, booking.audience, at=at)}
    service = served.get(series or booking.series)
    if step == "service" or service is None:
        return MoveChoice(chosen, None, services=tuple(served.values()))
    days = hall.bookable_days(chosen.code, service.code, booking.audience, at=at)
    return MoveChoice(chosen, service, days=tuple(days))


def known_caller(account: AccountView, *, at: datetime) -> dict[str, str]:
    """Return the name, phone and e-mail under which an identified customer is booked."""
    known = customers.contacts_of(account.customer_id, at.date())
    first = {one.kind: one.value for one in reversed(known)}
    return {
        "name": account.customer_name,
        "phone": first.get(ContactKind.PHONE.value, ""),
        "email": first.get(ContactKind.EMAIL.value, ""),
    }


def remind_of_bookings(*, at: datetime) -> int:
    """Remind who booked of a time that is near; return how many."""
    due = queries.to_remind(at=at, ahead=REMINDED_BEFORE)
    for one in due:
        with transaction.atomic():
            key = f"booking_reminder:{one.booking_id}:{one.starts_at:%Y%m%d%H%M}"
            _tell(one, MessageKind.BOOKING_REMINDER, at=at, key=key)
            visits.note_reminded([one.booking_id], at=at)
    return len(due)


def _tell(booking: BookingView, kind: MessageKind, *, at: datetime, key: str = "") -> None:
    """Write by e-mail where there is one, else by SMS; of a booking cancelled meanwhile only that it is."""
    address, is_over = booking.email or booking.phone, booking.cancelled_at is not None
    if not address or is_over != (kind == MessageKind.BOOKING_CANCELLED):
        return
    notifications.send(
        kind,
        channel=Channel.EMAIL if booking.email else Channel.SMS,
        address=address,
        facts={
            "code": booking.code,
            "title": booking.title,
            "starts_at": booking.starts_at.astimezone(MOSCOW).isoformat(),
            "office": _name_of_office(booking),
            "why": booking.displaced_why,
            "booking": address_of(booking),
        },
        key=key or f"{kind.value}:{booking.booking_id}",
        at=at,
    )


def _name_of_office(booking: BookingView) -> str:
    """Return the name of the booked office; of one that the Standard no longer names, its code."""
    found = office_of(booking)
    return booking.office_code if found is None else found.name


def _moment(payload: dict[str, Any]) -> datetime:
    """Return the booked time that a fact tells."""
    return datetime.fromisoformat(payload["starts_at"])

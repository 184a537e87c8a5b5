"""A time in an office: booked, confirmed by a message, reminded of, cancelled (clause O4)."""

from __future__ import annotations

from datetime import datetime, timedelta

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
from svet.domains.visits import actions as visits
from svet.domains.visits import queries
from svet.domains.visits.actions import Booked
from svet.domains.visits.queries import BookingView
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_names
from svet.infra.models import Fact
from svet.kernel.errors import NotFound

SALT = "svet.visits.booking"
REMINDED_BEFORE = timedelta(hours=20)
"""A morning's visitor is reminded on the afternoon before, and has the time to cancel."""


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
    return [(one, offices.office(one.office_code).name, address_of(one)) for one in reversed(ahead)]


def address_of(booking: BookingView) -> str:
    """Return the signed part of a booking's address."""
    return Signer(salt=SALT).sign(booking.code)


def of_address(signed: str) -> BookingView:
    """Return the booking of a signed address; raise NotFound("no_such_booking") for a forged one."""
    try:
        return queries.booking(Signer(salt=SALT).unsign(signed[:120]))
    except BadSignature as error:
        raise NotFound("no_such_booking") from error


def tell_booked(fact: Fact, at: datetime) -> None:
    """Confirm a booking with its code and how to cancel it."""
    _tell(queries.booking_by_id(fact.payload["booking_id"]), MessageKind.BOOKING_MADE, at=at)


def tell_moved(fact: Fact, at: datetime) -> None:
    """Tell the new time of a booking; of one moved again meanwhile only the last."""
    booking = queries.booking_by_id(fact.payload["booking_id"])
    _tell(booking, MessageKind.BOOKING_MOVED, at=at, key=f"booking_moved:{booking.booking_id}:{booking.starts_at}")


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
    """Write by e-mail where there is one, else by SMS; of a booking cancelled meanwhile nothing."""
    address = booking.email or booking.phone
    if not address or booking.cancelled_at is not None:
        return
    notifications.send(
        kind,
        channel=Channel.EMAIL if booking.email else Channel.SMS,
        address=address,
        facts={
            "code": booking.code,
            "title": booking.title,
            "starts_at": booking.starts_at.astimezone(MOSCOW).isoformat(),
            "office": offices.office(booking.office_code).name,
            "booking": address_of(booking),
        },
        key=key or f"{kind.value}:{booking.booking_id}",
        at=at,
    )

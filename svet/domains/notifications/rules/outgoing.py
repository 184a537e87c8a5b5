"""What kinds of messages there are, when one may be tried and how often. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from svet.domains.customers.rules import ConsentPurpose

MOSCOW = ZoneInfo("Europe/Moscow")
QUIET_FROM, QUIET_UNTIL = time(21), time(9)
LEASE = timedelta(minutes=10)
"""How long a message that is being sent belongs to who took it; longer than any gateway is waited for."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)


class MessageKind(StrEnum):
    """What a message is about."""

    CODE = "code"
    CONTACT_CHANGED = "contact_changed"
    SIGN_IN_CHANGED = "sign_in_changed"
    INVITATION = "invitation"
    READING_REMINDER = "reading_reminder"
    READING_ANSWERED = "reading_answered"
    BILL_ISSUED = "bill_issued"
    BILLS_REVISED = "bills_revised"
    PAYMENT_RECEIVED = "payment_received"
    REPLY = "reply"
    APPEAL_REGISTERED = "appeal_registered"
    APPEAL_LETTER = "appeal_letter"
    APPEAL_RATING = "appeal_rating"
    APPEAL_SOLVED = "appeal_solved"
    GRID_ASKED = "grid_asked"
    GRID_REMINDED = "grid_reminded"
    SMS_ANSWER = "sms_answer"
    BOOKING_MADE = "booking_made"
    BOOKING_REMINDER = "booking_reminder"


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"


class MessageState(StrEnum):
    """Where a message is on its way."""

    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


class EventKind(StrEnum):
    """What happened to a message."""

    TRIED = "tried"
    SENT = "sent"
    DELIVERED = "delivered"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    ASKED_AGAIN = "asked_again"


CONTRACT = frozenset(
    {
        MessageKind.CODE,
        MessageKind.CONTACT_CHANGED,
        MessageKind.SIGN_IN_CHANGED,
        MessageKind.INVITATION,
        MessageKind.READING_ANSWERED,
        MessageKind.BILL_ISSUED,
        MessageKind.BILLS_REVISED,
        MessageKind.PAYMENT_RECEIVED,
        MessageKind.REPLY,
        MessageKind.APPEAL_REGISTERED,
        MessageKind.APPEAL_LETTER,
        MessageKind.APPEAL_RATING,
        MessageKind.APPEAL_SOLVED,
        MessageKind.GRID_ASKED,
        MessageKind.GRID_REMINDED,
        MessageKind.SMS_ANSWER,
        MessageKind.BOOKING_MADE,
        MessageKind.BOOKING_REMINDER,
    }
)
"""Kinds that fulfil the contract or protect the customer: they need no consent (152-ФЗ, ст. 6, ч. 1, п. 5)."""
CONSENTS: dict[MessageKind, ConsentPurpose] = {MessageKind.READING_REMINDER: ConsentPurpose.REMINDERS}
"""Every other kind, and the consent without which it does not go (152-ФЗ, ст. 9; 38-ФЗ, ст. 18)."""

URGENT = frozenset(
    {
        MessageKind.CODE,
        MessageKind.CONTACT_CHANGED,
        MessageKind.SIGN_IN_CHANGED,
        MessageKind.INVITATION,
        MessageKind.SMS_ANSWER,
    }
)
"""Kinds that somebody waits for, or that must warn at once: no quiet hours, sent right after the commit."""


def may_go_at(kind: str, *, channel: str, at: datetime) -> datetime:
    """Return the first moment from `at` on at which a message may go: an SMS that is not urgent waits for morning.

    >>> night = datetime(2026, 11, 18, 23, 30, tzinfo=MOSCOW)
    >>> f"{may_go_at('bill_issued', channel='sms', at=night):%d %H:%M}"
    '19 09:00'
    >>> may_go_at("code", channel="sms", at=night) == night
    True
    """
    local = at.astimezone(MOSCOW)
    if kind in URGENT or channel != Channel.SMS or QUIET_UNTIL <= local.time() < QUIET_FROM:
        return at
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, tzinfo=MOSCOW)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after this many tries in vain.

    >>> [pause_after(1), pause_after(4), pause_after(40)] == [FIRST_PAUSE, 8 * FIRST_PAUSE, LONGEST_PAUSE]
    True
    """
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)


def most_attempts(kind: str) -> int:
    """Return after how many tries a message has failed: a code is of no use a quarter of an hour later.

    >>> most_attempts("code"), most_attempts("bill_issued")
    (4, 12)
    """
    return 4 if kind == MessageKind.CODE else 12

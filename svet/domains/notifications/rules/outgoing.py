"""What kinds of messages there are, when one may be tried and how often. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from svet.domains.customers.rules import ConsentPurpose

MOSCOW = ZoneInfo("Europe/Moscow")
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
    APPLICATION_MOVED = "application_moved"
    GRID_ASKED = "grid_asked"
    GRID_REMINDED = "grid_reminded"
    SMS_ANSWER = "sms_answer"
    BOOKING_MADE = "booking_made"
    BOOKING_REMINDER = "booking_reminder"
    BOOKING_MOVED = "booking_moved"
    BOOKING_CANCELLED = "booking_cancelled"
    BOOKING_DISPLACED = "booking_displaced"
    BOOKING_STANDS = "booking_stands"
    VISIT_RATING = "visit_rating"
    TERM_NEAR = "term_near"
    TERM_PASSED = "term_passed"
    OUTAGE_BEGUN = "outage_begun"
    OUTAGE_TOLD = "outage_told"
    OUTAGE_OVER = "outage_over"
    OUTAGE_WITHDRAWN = "outage_withdrawn"


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
    DROPPED = "dropped"


class EventKind(StrEnum):
    """What happened to a message."""

    TRIED = "tried"
    SENT = "sent"
    DELIVERED = "delivered"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"
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
        MessageKind.APPLICATION_MOVED,
        MessageKind.GRID_ASKED,
        MessageKind.GRID_REMINDED,
        MessageKind.SMS_ANSWER,
        MessageKind.BOOKING_MADE,
        MessageKind.BOOKING_REMINDER,
        MessageKind.BOOKING_MOVED,
        MessageKind.BOOKING_CANCELLED,
        MessageKind.BOOKING_DISPLACED,
        MessageKind.BOOKING_STANDS,
        MessageKind.VISIT_RATING,
        MessageKind.OUTAGE_BEGUN,
        MessageKind.OUTAGE_TOLD,
        MessageKind.OUTAGE_OVER,
        MessageKind.OUTAGE_WITHDRAWN,
        MessageKind.TERM_NEAR,
        MessageKind.TERM_PASSED,
    }
)
"""Kinds that fulfil the contract or protect the customer: they need no consent (152-ФЗ, ст. 6, ч. 1, п. 5).

The last two go to the company's own employees, of their work.
"""
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


@dataclass(frozen=True, slots=True)
class Quiet:
    """From which hour until which in Moscow messages that can wait do; over midnight when `ends` is the earlier."""

    begins: time
    ends: time


def can_wait(kind: str, *, channel: str) -> bool:
    """Say whether a message waits in quiet hours: an SMS that is not urgent does.

    >>> can_wait("reply", channel="sms"), can_wait("code", channel="sms"), can_wait("reply", channel="email")
    (True, False, False)
    """
    return channel == Channel.SMS and kind not in URGENT


def out_of(quiet: Quiet, *, at: datetime) -> datetime:
    """Return the first moment from `at` on that is not quiet.

    >>> night = datetime(2026, 11, 18, 23, 30, tzinfo=MOSCOW)
    >>> f"{out_of(Quiet(time(21), time(9)), at=night):%d %H:%M}", out_of(Quiet(time(1), time(5)), at=night) == night
    ('19 09:00', True)
    """
    local = at.astimezone(MOSCOW)
    over_midnight = quiet.ends < quiet.begins
    after, before = local.time() >= quiet.begins, local.time() < quiet.ends
    if not (after or before if over_midnight else after and before):
        return at
    return datetime.combine(local.date() + timedelta(days=over_midnight and after), quiet.ends, tzinfo=MOSCOW)


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

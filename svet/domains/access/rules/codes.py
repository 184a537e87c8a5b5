"""One-time codes and attempts to come in: how long a code lasts, how often one is sent, how long who guesses waits.

Pure. The limits are the same whether the person exists or not, so that they tell nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

CODE_LASTS = timedelta(minutes=10)
MOST_TRIES = 5
"""How many wrong codes end a code."""

RESEND_PAUSE = timedelta(seconds=60)
MOST_CODES_PER_TARGET = ((5, timedelta(hours=1)), (10, timedelta(days=1)))
"""How many codes may be asked for one address or account: at most 50 guesses a day among a million codes."""
MOST_CODES_PER_ADDRESS = ((30, timedelta(hours=1)),)
"""How many codes may be asked from one network address; a whole house or office may stand behind it."""

MOST_APPEALS_PER_ADDRESS = ((10, timedelta(hours=1)), (30, timedelta(days=1)))
"""How many appeals a network address may send without signing in."""

FREE_FAILURES_PER_TARGET, FREE_FAILURES_PER_ADDRESS = 3, 10
"""How many wrong facts make nobody wait: about one account, from one network address."""
FREE_FAILURES_PER_DEVICE = 100
"""And at a device of an office, where the visitors of a day try one after another; accounts keep their own limit."""
FAILURES_COUNT_FOR = timedelta(days=1)
LONGEST_WINDOW = timedelta(days=1)
"""How long anything counts at all."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)


class CodePurpose(StrEnum):
    """What a code opens; a code for one thing opens no other."""

    CONFIRM_CONTACT = "confirm_contact"
    SIGN_IN = "sign_in"
    SIGN_UP = "sign_up"
    RECOVERY = "recovery"


class AddressKind(StrEnum):
    """What kind of address a person proved to be his."""

    EMAIL = "email"
    PHONE = "phone"


class AttemptKind(StrEnum):
    """What somebody tried without being signed in."""

    SIGN_UP_BY_BILL = "sign_up_by_bill"
    FACTS_OF_BILL = "facts_of_bill"
    CASE_STATUS = "case_status"
    APPEAL_SENT = "appeal_sent"
    BOOKING = "booking"


def typed_code(text: str) -> str | None:
    """Return the six digits of a code as people type it, None for what is no code.

    >>> typed_code(" 123 456 "), typed_code("12-34-56"), typed_code("12345"), typed_code("12345О")
    ('123456', '123456', None, None)
    """
    digits = re.sub(r"[\s\u00a0\u2010-\u2015-]", "", text)
    return digits if re.fullmatch(r"[0-9]{6}", digits) else None


def too_many_codes(
    asked: Sequence[datetime], *, limits: Sequence[tuple[int, timedelta]], at: datetime
) -> timedelta | None:
    """Return how long to wait until one more code may be asked for, None when it may be now.

    >>> noon = datetime(2026, 11, 18, 12)
    >>> too_many_codes([noon - timedelta(minutes=50)] * 5, limits=[(5, timedelta(hours=1))], at=noon)
    datetime.timedelta(seconds=600)
    """
    waits = []
    for most, within in limits:
        recent = sorted(moment for moment in asked if moment > at - within)
        if len(recent) >= most:
            waits.append(recent[-most] + within - at)
    return max(waits, default=None)


def pause_after_failures(count: int, *, free: int) -> timedelta:
    """Return how long who failed `count` times within a day waits before the next try; it doubles.

    >>> [pause_after_failures(n, free=3) // FIRST_WAIT for n in (2, 3, 4, 6, 40)]
    [0, 1, 2, 8, 240]
    """
    if count < free:
        return timedelta(0)
    return min(FIRST_WAIT * 2 ** min(count - free, 20), LONGEST_WAIT)

"""The words of a contact at the desk: by which way, about what, how it ended; when one counts as abandoned. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class ContactChannel(StrEnum):
    """By which way the customer turned to the company."""

    CALL = "call"
    VISIT = "visit"
    LETTER = "letter"


class Subject(StrEnum):
    """What a contact was about."""

    READINGS = "readings"
    BALANCE = "balance"
    CHARGES = "charges"
    PAYMENTS = "payments"
    METER = "meter"
    CONTRACT = "contract"
    DOCUMENTS = "documents"
    CABINET = "cabinet_access"
    SUPPLY = "supply_cut"
    COMPLAINT = "complaint"
    OTHER = "other_subject"


class Settled(StrEnum):
    """Whether the question was settled in this one contact."""

    YES = "settled"
    PROMISED = "promised"
    NO = "not_settled"


class Ending(StrEnum):
    """How a contact ended. Only a finished one counts into service time."""

    FINISHED = "finished"
    SWITCHED = "switched"
    REFUSED = "identification_refused"
    ABANDONED = "abandoned"


SILENCE = timedelta(hours=1)
"""A contact in which nobody was identified for so long has been left: a card stays open for half of it."""


def is_abandoned(*, last_sign_at: datetime, now: datetime) -> bool:
    """Say whether a running contact was left: its beginning and its last identification are long ago.

    >>> start = datetime(2026, 11, 18, 10)
    >>> is_abandoned(last_sign_at=start, now=start + SILENCE), is_abandoned(last_sign_at=start, now=start)
    (True, False)
    """
    return now - last_sign_at >= SILENCE

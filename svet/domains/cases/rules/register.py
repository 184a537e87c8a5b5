"""The words of the register of appeals: by which way one came, what it is, where it stands, how it ended. Pure.

A case is numbered `ОБ-26-03-000123`: year, place of the office in the register (00: no office), gapless number.
"""

from __future__ import annotations

import re
from enum import StrEnum

EXTENSION = "extension:"
"""How the key begins of a letter that tells of an extended term."""
RUSSIAN_TEXT = "russian"
"""The text search configuration by which letters are indexed and looked for."""


class CaseChannel(StrEnum):
    """By which way a letter comes in or goes out (clause A2)."""

    OFFICE = "at_office"
    PHONE = "by_phone"
    POST = "by_post"
    EMAIL = "by_email"
    SITE = "by_site"
    CABINET = "by_cabinet"
    GIS = "by_gis"
    BILL = "by_bill"
    SMS = "by_sms"


class CaseKind(StrEnum):
    """What an appeal is."""

    QUESTION = "question"
    REQUEST = "request"
    COMPLAINT = "grievance"
    CLAIM = "claim"
    SUGGESTION = "suggestion"
    THANKS = "thanks"


class CaseState(StrEnum):
    """Where a case stands."""

    REGISTERED = "case_registered"
    IN_WORK = "case_in_work"
    ANSWERED = "case_answered"
    CLOSED = "case_closed"


OPEN_STATES = (CaseState.REGISTERED, CaseState.IN_WORK)
"""States in which an answer is owed."""


class Resolution(StrEnum):
    """How a case ended."""

    SATISFIED = "satisfied"
    PARTLY = "partly_satisfied"
    NOT_SATISFIED = "not_satisfied"
    EXPLAINED = "explained"
    FORWARDED = "forwarded"
    WITHDRAWN = "withdrawn_by_applicant"
    NOT_CONSIDERED = "not_considered"
    UNREADABLE = "not_readable"
    MERGED = "merged_into_another"


ANSWERS = (
    Resolution.SATISFIED,
    Resolution.PARTLY,
    Resolution.NOT_SATISFIED,
    Resolution.EXPLAINED,
    Resolution.FORWARDED,
)
"""With what an answer can end a case; the others have actions of their own."""


class ApplicantKind(StrEnum):
    """Who applies: a customer kind, or somebody of whom it is not known."""

    PERSON = "person"
    SOLE_TRADER = "sole_trader"
    COMPANY = "company"
    UTILITY_PROVIDER = "utility_provider"
    UNKNOWN = "unknown_applicant"


ORGANISATIONS = frozenset({ApplicantKind.COMPANY, ApplicantKind.UTILITY_PROVIDER})


class Direction(StrEnum):
    """Which way a letter went."""

    IN = "incoming"
    OUT = "outgoing"


class EventKind(StrEnum):
    """What happened to a case. A case is its events."""

    RECEIVED = "received"
    REGISTERED = "registered"
    JOINED = "letter_joined"
    READ = "letter_read"
    CLASSIFIED = "classified"
    ABOUT_NAMED = "complained_about_named"
    TAKEN = "taken_in_work"
    ASSIGNED = "assigned"
    HANDED_OVER = "handed_over"
    RETURNED = "returned_to_the_queue"
    NOTED = "noted"
    ASKED = "asked_for_data"
    COMPLETED = "data_given"
    WRITTEN = "letter_written"
    ANSWERED = "answer_given"
    CLOSED = "closed_by_staff"
    REOPENED = "reopened"
    CLOCK_STARTED = "clock_started"
    CLOCK_PAUSED = "clock_paused"
    CLOCK_RESUMED = "clock_resumed"
    CLOCK_EXTENDED = "clock_extended"
    CLOCK_STOPPED = "clock_stopped"
    WARNED = "warned"
    ESCALATED = "escalated"
    GRID_REMINDED = "grid_reminded"
    REFUSAL_PROPOSED = "refusal_proposed"
    REFUSAL_DECLINED = "refusal_declined"
    REFUSED = "refusal_confirmed"
    MERGED = "merged_away"
    TOOK_IN = "took_in"
    SPLIT = "split_off"
    MATTER_JOINED = "matter_joined"
    MATTER_LEFT = "matter_left"
    REVEALED = "sensitive_revealed"
    ANSWER_WAITS = "answer_put_forward"
    ANSWER_RETURNED = "answer_sent_back"
    POSTED = "letter_posted"
    RATED = "answer_rated"
    STAGE = "application_moved"
    OPENED = "answer_opened"


ABOUT_BILLS = "bill"
"""The subject of a question asked beside a bill: the bill and the way it is reckoned."""


def remark_key(number: str) -> str:
    """Return the key under which a remark of the time before the one register is a letter of it.

    >>> remark_key("З-26-000001")
    'remark:З-26-000001'
    """
    return f"remark:{number}"


def case_number(*, year: int, place: int, count: int) -> str:
    """Return the number of a case.

    >>> case_number(year=2026, place=3, count=123)
    'ОБ-26-03-000123'
    """
    return f"ОБ-{year % 100:02d}-{place:02d}-{count:06d}"


def typed_number(text: str) -> str | None:
    """Return the case number that somebody typed, None for what is none; letters and dashes may be left out.

    >>> typed_number("об 26/03 000123"), typed_number("№2603000123"), typed_number("3300000019"), typed_number("12")
    ('ОБ-26-03-000123', 'ОБ-26-03-000123', 'ОБ-33-00-000019', None)
    """
    bare = re.sub(r"[\s\-–—‑/_.№#]", "", text).upper()
    found = re.fullmatch(r"(?:ОБ|OБ|0Б|OB)?(\d{2})(\d{2})(\d{6})", bare, re.ASCII)
    return f"ОБ-{found[1]}-{found[2]}-{found[3]}" if found else None


def number_in(text: str) -> str | None:
    """Return the first case number written out in a text (an e-mail's subject), None where there is none.

    >>> number_in("Re: Ваше обращение № ОБ-26-00-000007 зарегистрировано"), number_in("счёт 2600000007")
    ('ОБ-26-00-000007', None)
    """
    found = re.search(r"(?<!\w)[ОO0][БB][\s\-–—‑/]*(\d{2})[\s\-–—‑/]*(\d{2})[\s\-–—‑/]*(\d{6})(?!\d)", text, re.I)
    return f"ОБ-{found[1]}-{found[2]}-{found[3]}" if found else None


def typed_receipt_code(text: str) -> str:
    """Return only the digits of a receipt code as typed.

    >>> typed_receipt_code("1234-5678 9012")
    '123456789012'
    """
    return re.sub(r"[^0-9]", "", text)[:32]


def shown_receipt_code(code: str) -> str:
    """Return a receipt code in groups of four, as it is printed.

    >>> shown_receipt_code("123456789012")
    '1234 5678 9012'
    """
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))

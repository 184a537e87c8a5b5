"""Texts of answers: templates with named fields, points answered one by one, the number of a letter. Pure.

A template may name only the fields of `TemplateField`; a field of which nothing is known stays in the text as it is
written, and such a text does not go out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

_FIELD = re.compile(r"\{([^{}]*)\}")


class TemplateField(StrEnum):
    """What a template may name, in braces."""

    NAME = "name"
    NUMBER = "number"
    REGISTERED = "registered"
    SUBJECT = "subject"
    ACCOUNT = "account"
    ADDRESS = "address"
    BALANCE = "balance"
    BILL_MONTH = "bill_month"
    BILL_AMOUNT = "bill_amount"
    RECALCULATION = "recalculation"
    POINTS = "points"


class AnswerState(StrEnum):
    """Where an answer stands before it is a letter."""

    DRAFT = "answer_draft"
    WAITING = "answer_waits_for_approval"
    APPROVED = "answer_approved"
    SENT = "answer_sent"


NOT_SENT = (AnswerState.DRAFT, AnswerState.WAITING, AnswerState.APPROVED)


@dataclass(frozen=True, slots=True)
class Point:
    """One of several questions of an appeal and what is answered to it; empty: nothing yet."""

    text: str
    answer: str = ""


def unknown_fields(text: str) -> list[str]:
    """Return the fields that a template may not name, each once.

    >>> unknown_fields("Здравствуйте, {name}! Ваш паспорт {passport}, {passport}")
    ['passport']
    """
    known = {one.value for one in TemplateField}
    return list(dict.fromkeys(name for name in _FIELD.findall(text) if name not in known))


def unfilled(text: str) -> list[str]:
    """Return the fields left in a text: of them nothing is known, a person has to write it.

    >>> unfilled("Долг по счёту {account}: 12 ₽")
    ['account']
    """
    known = {one.value for one in TemplateField}
    return list(dict.fromkeys(name for name in _FIELD.findall(text) if name in known))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a template with what is known; what somebody wrote into a value is never read as a field.

    >>> fill("{name}, счёт {account} ({points})", {"name": "Анна {account}", "account": ""})
    'Анна {account}, счёт {account} ({points})'
    """
    return _FIELD.sub(lambda found: values.get(found[1]) or found[0], text)


def unanswered(points: Iterable[Point]) -> list[int]:
    """Return the places (from 1) of the points that have no answer.

    >>> unanswered([Point("Почему?", "Потому."), Point("Когда?", "  ")])
    [2]
    """
    return [place for place, one in enumerate(points, 1) if not one.answer.strip()]


def composed(text: str, points: Iterable[Point]) -> str:
    r"""Return the whole answer: the points stand where the text names them, else behind it.

    >>> composed("Здравствуйте!\n{points}\nСпасибо.", [Point("Почему?", "Потому."), Point("Когда?", "Завтра.")])
    'Здравствуйте!\n1. Почему?\nПотому.\n\n2. Когда?\nЗавтра.\nСпасибо.'
    >>> composed("Да.", [])
    'Да.'
    """
    said = "\n\n".join(f"{place}. {one.text}\n{one.answer.strip()}" for place, one in enumerate(points, 1))
    if "{points}" in text:
        return text.replace("{points}", said).strip()
    return f"{text.strip()}\n\n{said}".strip()


def outgoing_number(*, year: int, place: int, count: int) -> str:
    """Return the number of a letter on letterhead.

    >>> outgoing_number(year=2026, place=3, count=12)
    'ИСХ-26-03-000012'
    """
    return f"ИСХ-{year % 100:02d}-{place:02d}-{count:06d}"


def office_place(case_number: str) -> int:
    """Return the place of the office in a case's number.

    >>> office_place("ОБ-26-03-000123")
    3
    """
    return int(case_number.split("-")[2])

"""What the ways out have in common: what a refusal is, and facts as people read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from svet.surfaces.web import outage_words, words
from svet.surfaces.web.templatetags.svet import moment, month_name, rub, short_day


def _link_of_asking(token: str) -> str:
    return f"{settings.SITE_URL}{reverse('website:asked', args=[token])}"


def _link_of_booking(signed: str) -> str:
    return f"{settings.SITE_URL}{reverse('website:booking', args=[signed])}"


def _link_of_visit(code: str) -> str:
    return f"{settings.SITE_URL}{reverse('website:ticket', args=[code])}"


def _link_of_case(number: str) -> str:
    return f"{settings.SITE_URL}{reverse('desk:case', args=[number])}"


def _moment(text: str) -> str:
    return moment(datetime.fromisoformat(text))


def _back(text: str) -> str:
    return f"Ожидаем, что исправят к {_moment(text)}." if text else "Когда исправят, пока не известно."


_SHOWN: dict[str, Callable[[Any], str]] = {
    "amount": rub,
    "asking": _link_of_asking,
    "back": _back,
    "booking": _link_of_booking,
    "cause": outage_words.CAUSES.__getitem__,
    "clock": words.of,
    "desk_case": _link_of_case,
    "failing": outage_words.NOW.__getitem__,
    "month": month_name,
    "over": _moment,
    "since": _moment,
    "stage": words.of,
    "starts_at": _moment,
    "taken_on": short_day,
    "until": short_day,
    "verdict": words.of,
    "visit": _link_of_visit,
    "what": words.of_change,
}


class Refused(Exception):
    """The other side did not take the message; `for_good` when asking again is of no use. Says nothing secret."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.why, self.for_good = why, for_good


def readable(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a message as people read them: amounts, months and days in words."""
    return {name: _SHOWN[name](value) or value if name in _SHOWN else value for name, value in facts.items()}

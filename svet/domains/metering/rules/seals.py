"""Seals as an act lists them, a line for each, and which of them hang at a meter after all its acts.

A line is the number, then a comma and the place: `АБ 001122, клеммная крышка`. A line that begins with «снята» or
«снят» tells of a seal that was taken off. Nothing here is stored: the acts are, as they were told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from svet.domains.metering.rules.acts import ActRefused

_OFF = re.compile(r"снят[аоы]?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal that an act tells of: put on, or taken off; `place` is empty where none was told."""

    number: str
    place: str
    is_off: bool


@dataclass(frozen=True, slots=True)
class SealOn:
    """A seal that hangs at a meter: since which day, by which act."""

    number: str
    place: str
    since: date
    act_number: str


def seals_told(text: str) -> tuple[Seal, ...]:
    """Return the seals of an act's text; raise ActRefused("seal_without_number", line=…).

    >>> [(one.number, one.place, one.is_off) for one in seals_told("АБ 1, крышка; снята АБ 0")]
    [('АБ 1', 'крышка', False), ('АБ 0', '', True)]
    """
    found = []
    for line in re.split(r"[\n;]", text):
        told = line.strip(" .,\r\t")
        if not told:
            continue
        bare = _OFF.sub("", told, count=1) if _OFF.match(told) else told
        number, _, place = (part.strip() for part in bare.partition(","))
        if not any(sign.isdigit() for sign in number):
            raise ActRefused("seal_without_number", line=told[:60])
        found.append(Seal(number, place, is_off=bare != told))
    return tuple(found)


def seals_on(acts: Iterable[tuple[date, str, str]]) -> tuple[SealOn, ...]:
    """Return the seals that hang at a meter after these acts of it (day, number, text), in the order of the acts.

    >>> acts = [(date(2026, 3, 1), "7", "АБ 1, крышка"), (date(2026, 5, 2), "9", "снята АБ 1; ВГ 2, крышка")]
    >>> [(one.number, one.act_number) for one in seals_on(acts)]
    [('ВГ 2', '9')]
    """
    hanging: dict[str, SealOn] = {}
    for on, act_number, text in acts:
        for seal in _readable(text):
            key = _key(seal.number)
            hanging.pop(key, None)
            if not seal.is_off:
                hanging[key] = SealOn(seal.number, seal.place, on, act_number)
    return tuple(hanging.values())


def _readable(text: str) -> tuple[Seal, ...]:
    """Return the seals of a text; one of an act from before lines were asked for is taken whole."""
    try:
        return seals_told(text)
    except ActRefused:
        return (Seal(" ".join(text.split()), "", is_off=False),) if text.strip() else ()


def _key(number: str) -> str:
    return re.sub(r"[\W_]", "", number).casefold()

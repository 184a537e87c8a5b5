"""Why an appeal may be left without consideration (clauses A5, A6), and what suggests it. Pure.

A suggestion is evidence for people and refuses nothing: the handler proposes, a second person confirms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from svet.domains.cases.rules.applicants import Applicant, is_unnamed
from svet.domains.cases.rules.likeness import likeness, plain_words


class Ground(StrEnum):
    """The six grounds of clause A5 and the unreadable of A6."""

    ANONYMOUS = "anonymous"
    INSULTING = "insulting"
    SLANDEROUS = "slanderous"
    HATRED = "inciting_hatred"
    LAWBREAKING = "inducing_to_break_law"
    REPEATED = "already_answered"
    UNREADABLE = "unreadable"


class Decision(StrEnum):
    """What the second person decided."""

    CONFIRMED = "ground_confirmed"
    DECLINED = "ground_declined"


class Review(StrEnum):
    """What the quality review of a sample found."""

    RIGHT = "rightly_refused"
    WRONG = "wrongly_refused"


ALIKE_ENOUGH = 60
"""From how many per cent of common words an answered appeal counts as the same one."""

SAMPLE_EVERY = 5
"""Each so many-th confirmed refusal goes to quality review; insults and slander always, being matters of taste."""

ALWAYS_REVIEWED = frozenset({Ground.INSULTING, Ground.SLANDEROUS, Ground.HATRED})
SHORTEST_TEXT = 3
"""A text with fewer letters says nothing that could be read."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier answered appeal of the same applicant."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A ground that may hold, with its evidence (JSON-safe)."""

    ground: Ground
    evidence: dict[str, Any]


def suggest(
    text: str,
    *,
    applicant: Applicant,
    insults: Sequence[str],
    earlier: Iterable[Earlier] = (),
    blank_files: Sequence[str] = (),
) -> tuple[Suggestion, ...]:
    """Return which grounds may hold for an appeal; `insults` are beginnings of words, `*` stands for any letters.

    >>> [one.ground.value for one in suggest("Вы идиоты!", applicant=Applicant(), insults=["идиот"])]
    ['anonymous', 'insulting']
    """
    found: list[Suggestion] = []
    if is_unnamed(applicant):
        found.append(Suggestion(Ground.ANONYMOUS, {"missing": ["applicant_name", "account_or_contract"]}))
    words = insulting_words(text, insults=insults)
    if words:
        found.append(Suggestion(Ground.INSULTING, {"words": words}))
    alike = [(likeness(text, one.text), one.number) for one in earlier]
    alike = sorted((one for one in alike if one[0] >= ALIKE_ENOUGH), reverse=True)
    if alike:
        cases = [{"number": number, "percent": percent} for percent, number in alike[:3]]
        found.append(Suggestion(Ground.REPEATED, {"cases": cases}))
    if blank_files or is_unreadable(text):
        found.append(Suggestion(Ground.UNREADABLE, {"files": list(blank_files), "is_text": is_unreadable(text)}))
    return tuple(found)


def insulting_words(text: str, *, insults: Sequence[str]) -> list[str]:
    """Return the words of the text that begin as one of the list, as they are written, each once.

    >>> insulting_words("Дурацкий счёт, дураки и подурнели", insults=["дурак"])
    ['дураки']
    """
    beginnings = tuple(one.lower().replace("ё", "е") for one in insults if one)
    found = [word for word in re.findall(r"[^\W\d_]+", text) if word.lower().replace("ё", "е").startswith(beginnings)]
    return list(dict.fromkeys(found)) if beginnings else []


def is_unreadable(text: str) -> bool:
    """Say whether a text has no words, or is mostly signs of a broken encoding; an empty one may have its files.

    >>> is_unreadable("Ð�Ñ�Ð¸Ð²ÐµÑ� ÐÑ"), is_unreadable("Нет света"), is_unreadable("")
    (True, False, False)
    """
    if not text.strip():
        return False
    if len("".join(plain_words(text))) < SHORTEST_TEXT:
        return True
    broken = len(re.findall("[\ufffdÐÑÃ]", text))
    return broken * 4 > len(re.sub(r"\s", "", text))


def goes_to_review(ground: Ground, *, count: int) -> bool:
    """Say whether the refusal that is the `count`-th of its ground goes to quality review.

    >>> goes_to_review(Ground.INSULTING, count=3), [goes_to_review(Ground.REPEATED, count=n) for n in (1, 2, 6)]
    (True, [True, False, True])
    """
    return ground in ALWAYS_REVIEWED or count % SAMPLE_EVERY == 1

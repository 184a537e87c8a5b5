"""Words that an editor names as having one meaning for the search: what he may write, what is wrong with it. Pure.

How a word sounds in all its forms is known to the database alone: its stems come in as an argument.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_WORDS_OF_TERM = 3
"""Of so many words an expression may be: the search looks for no longer ones."""
_TERM = re.compile(r"[a-zа-яё0-9]+(?:[ -][a-zа-яё0-9]+)*", re.IGNORECASE)


class Wrong(StrEnum):
    """What is wrong with a group of words."""

    FEW = "few"
    NO_WORD = "no_word"
    LONG = "long"
    PASSED_OVER = "passed_over"
    TWICE = "twice"
    SAME_IN_FORMS = "same_in_forms"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: the word, and the other word or group that it stands in the way of."""

    wrong: Wrong
    term: str = ""
    other: str = ""


def terms_in(text: str) -> tuple[str, ...]:
    """Return the words and expressions of a group, with commas, semicolons or ends of lines between them.

    >>> terms_in(" счёт,,  платёжный   документ;квитанция ")
    ('счёт', 'платёжный документ', 'квитанция')
    """
    return tuple(" ".join(one.split()) for one in re.split(r"[,;\n]", text) if one.strip())


def is_word(term: str) -> bool:
    """Say whether it is a word or an expression: letters and digits, with spaces or hyphens between.

    >>> [is_word(one) for one in ("счёт", "онлайн-касса", "Т1", "354", "!!!", "<b>", "сч@т", "-")]
    [True, True, True, False, False, False, False, False]
    """
    return bool(_TERM.fullmatch(term)) and not re.fullmatch(r"[0-9 -]+", term)


def mistakes(terms: Sequence[str], *, stems: Mapping[str, str], others: Mapping[str, str]) -> tuple[Mistake, ...]:
    """Return what is wrong with a group; none is allowed that joins nothing or repeats a word.

    `stems` has the stem of each term, empty where the search passes it over; `others` the group of each stem of others.

    >>> stems = {"счёт": "счет", "счета": "счет", "и": "", "касса": "касс"}
    >>> found = mistakes(["счёт", "счета", "и", "касса"], stems=stems, others={"касс": "касса, окно"})
    >>> [str(one.wrong) for one in found]
    ['same_in_forms', 'passed_over', 'elsewhere']
    >>> mistakes(["счёт"], stems=stems, others={})
    (Mistake(wrong=<Wrong.FEW: 'few'>, term='', other=''),)
    """
    found: list[Mistake] = []
    first: dict[str, str] = {}
    for term in terms:
        stem = stems.get(term, "")
        if not is_word(term):
            found.append(Mistake(Wrong.NO_WORD, term))
        elif len(re.split("[ -]", term)) > MOST_WORDS_OF_TERM:
            found.append(Mistake(Wrong.LONG, term))
        elif not stem:
            found.append(Mistake(Wrong.PASSED_OVER, term))
        elif stem in first:
            is_same = first[stem].lower() == term.lower()
            found.append(Mistake(Wrong.TWICE if is_same else Wrong.SAME_IN_FORMS, term, first[stem]))
        elif stem in others:
            found.append(Mistake(Wrong.ELSEWHERE, term, others[stem]))
        first.setdefault(stem, term)
    if len(terms) < 2:
        found.append(Mistake(Wrong.FEW))
    return tuple(found)

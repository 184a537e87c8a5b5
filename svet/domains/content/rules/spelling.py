"""Slips of the pen in what people search for: a word that stands nowhere becomes the nearest one that does. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

MOST_WORDS = 12
"""A question of more words is searched for by its first ones."""
SHORTEST = 4
"""Of shorter words any slip makes another word."""
NEAR = 4 / 5
"""How alike a word and the one that was meant sound."""
_SOUNDS = str.maketrans({"о": "а", "е": "и", "э": "и", "ы": "и", "ь": None, "ъ": None})
"""Vowels that sound alike without stress, and signs that have no sound."""


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters, `ё` as `е`.

    >>> words_of("Счётчик — «СЭБ-2», 5-й этаж")
    ['счетчик', 'сэб', '2', '5', 'й', 'этаж']
    """
    return re.findall(r"[a-zа-я0-9]+", text.lower().replace("ё", "е"))


def telling(words: Iterable[str]) -> list[str]:
    """Return the words by one of which alone something may be looked for: no numbers, no single letters.

    >>> telling(["д", "1", "ул", "мира", "т1"])
    ['ул', 'мира', 'т1']
    """
    return [word for word in words if len(word) > 1 and not word.isdecimal()]


def corrected(query: str, *, known: Iterable[str]) -> str:
    """Return the query with each unknown word of some length replaced by the nearest known one.

    >>> corrected("тарфы на электричиство", known=["тарифы", "электричество", "офис"])
    'тарифы на электричество'
    >>> corrected("дагавор", known=["договор", "разговор"]), corrected("записаться", known=["написать"])
    ('договор', 'записаться')
    """
    known_words = {word for word in known if len(word) >= SHORTEST}
    by_sound: dict[str, str] = {}
    for word in sorted(known_words):
        by_sound.setdefault(_sound(word), word)
    found = []
    for word in words_of(query)[:MOST_WORDS]:
        is_right = word in known_words or len(word) < SHORTEST
        near = [] if is_right else get_close_matches(_sound(word), list(by_sound), 1, NEAR)
        found.append(by_sound[near[0]] if near else word)
    return " ".join(found)


def _sound(word: str) -> str:
    """Return about how a word sounds: alike for the slips that people make most.

    >>> _sound("дагавор") == _sound("договор"), _sound("квитанцыя") == _sound("квитанция")
    (True, True)
    """
    return re.sub(r"(.)\1+", r"\1", word.translate(_SOUNDS))

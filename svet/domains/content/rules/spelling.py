"""Slips of the pen in what people search for: a word that stands nowhere becomes the nearest one that does. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

MOST_WORDS = 12
"""A question of more words is searched for by its first ones."""
SHORTEST = 4
"""Of shorter words any slip makes another word."""


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters, `ё` as `е`.

    >>> words_of("Счётчик — «СЭБ-2», 5-й этаж")
    ['счетчик', 'сэб', '2', '5', 'й', 'этаж']
    """
    return re.findall(r"[a-zа-я0-9]+", text.lower().replace("ё", "е"))


def corrected(query: str, *, known: Iterable[str]) -> str:
    """Return the query with each unknown word of some length replaced by the nearest known one.

    >>> corrected("тарфы на электричиство", known=["тарифы", "электричество", "офис"])
    'тарифы на электричество'
    """
    vocabulary = sorted({word for word in known if len(word) >= SHORTEST})
    known_words, found = set(vocabulary), []
    for word in words_of(query)[:MOST_WORDS]:
        near = [] if word in known_words or len(word) < SHORTEST else get_close_matches(word, vocabulary, 1, 3 / 4)
        found.append(near[0] if near else word)
    return " ".join(found)

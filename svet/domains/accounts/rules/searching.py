"""How a search is understood: names, addresses, numbers and phones as people say and type them. Pure.

Forgiven: order, case, Ё and Е, the Latin keyboard, one or two slips in a word. Of what is found only that is shown
which the operator typed himself (clause T3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_WORDS, MOST_LETTERS = 8, 40
SHORTEST_NUMBER, PHONE_DIGITS = 4, 10
PHONE_MARK = "tel"
"""Begins the words of phones, which are kept from their end: what a caller leaves out is the code."""
NOISE = frozenset(
    [
        "г",
        "город",
        "ул",
        "улица",
        "д",
        "дом",
        "кв",
        "квартира",
        "пр",
        "пр-кт",
        "проспект",
        "пер",
        "переулок",
        "п",
        "пос",
        "поселок",
        "с",
        "село",
        "дер",
        "деревня",
        "обл",
        "область",
        "р",
        "н",
        "район",
    ]
)
_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_LAYOUT = str.maketrans(_LATIN, _RUSSIAN)
_NUMBER = re.compile(r"[№+]?[\d\s()./-]+")


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it is understood: words of names and addresses, or digits of some number."""

    words: tuple[str, ...] = ()
    digits: str = ""

    @property
    def phone(self) -> str:
        """The digits of a phone without 8 or +7; empty when it is too short or too long for one."""
        digits = self.digits[1:] if len(self.digits) == PHONE_DIGITS + 1 and self.digits[0] in "78" else self.digits
        return digits if SHORTEST_NUMBER <= len(digits) <= PHONE_DIGITS else ""


def understood(text: str) -> Search:
    """Return what is searched for.

    >>> understood("ул. Садовая, д.12 Смирнова"), understood("8 (910) 123-45-67").phone
    (Search(words=('садовая', '12', 'смирнова'), digits=''), '9101234567')
    """
    digits = re.sub(r"\D", "", text)
    if _NUMBER.fullmatch(text.strip()) and digits.isascii() and len(digits) >= SHORTEST_NUMBER:
        return Search(digits=digits[:MOST_LETTERS])
    words = [word[:MOST_LETTERS] for word in plain_words(text) if word not in NOISE]
    telling = [word for word in words if len(word) > 1 or word.isdigit()]
    return Search(words=tuple(dict.fromkeys(telling or words))[:MOST_WORDS])


def plain_words(text: str) -> list[str]:
    """Return the words of a text as they are kept and compared.

    >>> plain_words("Пётр О'Нил, 5А/2")
    ['петр', 'о', 'нил', '5а', '2']
    """
    return re.findall(r"[0-9a-zа-я]+", text.lower().replace("ё", "е"))


def typed_in_latin(text: str) -> str:
    """Return what was meant by somebody who forgot to switch the keyboard.

    >>> typed_in_latin("cvbhyjdf 12")
    'смирнова 12'
    """
    return text.lower().translate(_LAYOUT)


def near_words(word: str, candidates: Iterable[str], *, most: int = 4) -> tuple[str, ...]:
    """Return the candidates that `word` is with a slip (two in a word of seven letters), the nearest first.

    >>> near_words("смернова", ["смирнова", "морозова", "смирнов"])
    ('смирнова', 'смирнов')
    """
    allowed = 0 if len(word) < 3 or any(sign.isdigit() for sign in word) else 1 if len(word) < 7 else 2
    far = {one: slips(word, one) for one in candidates}
    return tuple(sorted((one for one, count in far.items() if 0 < count <= allowed), key=lambda one: (far[one], one)))[
        :most
    ]


def slips(one: str, other: str) -> int:
    """Return how many letters put, left out, changed or swapped with a neighbour make one word of the other.

    >>> slips("игрь", "игорь"), slips("павле", "павел"), slips("анна", "анна")
    (1, 1, 0)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


def masked(text: str, *, typed: Sequence[str]) -> str:
    """Return a name or an address in which only words are whole that were typed; the rest are first letters.

    >>> masked("Смирнова Анна Павловна", typed=["смирнова", "ан"])
    'Смирнова Ан… П…'
    >>> masked("г. Владимир, ул. Садовая, д. 12, кв. 10", typed=["садовая", "12"])
    'г. В…, ул. Садовая, д. 12, кв. …'
    """
    return re.sub(r"[0-9A-Za-zА-Яа-яЁё]+", lambda found: _masked(found[0], typed), text)


def _masked(word: str, typed: Sequence[str]) -> str:
    plain = word.lower().replace("ё", "е")
    if plain in NOISE or plain in typed:
        return word
    begun = max((len(one) for one in typed if plain.startswith(one) and not one.isdigit()), default=0)
    return f"{word[: max(begun, 0 if word[0].isdigit() else 1)]}…"

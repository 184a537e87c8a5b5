"""Whether what a caller says is what we know (clause T3), how many tries there are, for how long a card opens. Pure.

Forgiven: case, Ё and Е, hyphens, order, abbreviations, one slip of the ear in a name. Never: an initial for a name,
a word too few or too many, another house or flat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Way(StrEnum):
    """How it was made sure to whom an account is opened."""

    DOCUMENT = "document"
    SAID = "said"
    REPRESENTATIVE = "representative"
    INNER = "inner_work"


class DocumentKind(StrEnum):
    """A document seen at the desk."""

    PASSPORT = "passport"
    FOREIGN_PASSPORT = "foreign_passport"
    DRIVING_LICENCE = "driving_licence"
    MILITARY_CARD = "military_card"
    RESIDENCE_PERMIT = "residence_permit"


class Outcome(StrEnum):
    """What an identification came to."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    REFUSED = "refused_by_customer"


OPEN_FOR = timedelta(minutes=30)
"""How long a card stays open after an identification, while its contact runs."""

TRIES_WITHIN = timedelta(hours=24)
MOST_ON_AN_ACCOUNT_BY_ONE = 3
MOST_ON_AN_ACCOUNT = 6
MOST_BY_ONE = 15
"""Failed comparisons within a day, after which only a supervisor compares further (he has the second limit alone)."""

SHORTEST_WORD_WITH_A_SLIP = 5
_LEGAL_FORMS = frozenset({"ооо", "оао", "зао", "пао", "ао", "ип", "мкд", "тсж", "тсн", "муп", "гуп", "мбоу", "ук"})
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        "г город п пос поселок с село д дом дер деревня ул улица пр просп проспект пер переулок ш шоссе пл площадь"
        " б бул бульвар проезд наб набережная кв квартира ком комната р н район обл область рп пгт мкр микрорайон",
    )
)
_HOUSE_PART = {"корп": "к", "корпус": "к", "строение": "с", "стр": "с", "к": "к", "с": "с"}


@dataclass(frozen=True, slots=True)
class Tries:
    """Failed comparisons within TRIES_WITHIN: on this account by this operator, on it by all, by him on all."""

    on_account_by_one: int
    on_account: int
    by_one: int


@dataclass(frozen=True, slots=True)
class Said:
    """What the caller said, as typed; an empty text was not said."""

    name: str
    number: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored: `name_parts` are family name, given name, patronymic, or the organisation's title alone."""

    name_parts: tuple[str, ...]
    number: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What agreed; None for what was not said."""

    name: bool
    number: bool | None
    address: bool | None

    @property
    def is_confirmed(self) -> bool:
        """Whether the name agrees, and the number or the address, and nothing that was said is wrong."""
        return self.name and True in (self.number, self.address) and False not in (self.number, self.address)


def compare(said: Said, known: Known) -> Match:
    """Compare what the caller said with what is stored.

    >>> anna = Known(("Смирнова", "Анна", "Павловна"), "3300000019", ("г. Лес, ул. Садовая, д. 12, кв. 10",))
    >>> compare(Said("анна павловна смирнова", address="садовая 12-10"), anna).is_confirmed
    True
    >>> compare(Said("Смирнова А. П.", number="3300000019"), anna).is_confirmed
    False
    """
    number = re.sub(r"[\s\-–—№]", "", said.number)
    return Match(
        name=same_name(said.name, known.name_parts),
        number=number == known.number if number else None,
        address=any(same_address(said.address, one) for one in known.addresses) if said.address.strip() else None,
    )


def may_try(tries: Tries, *, is_supervisor: bool) -> bool:
    """Say whether one more comparison is allowed.

    >>> may_try(Tries(3, 3, 3), is_supervisor=False), may_try(Tries(0, 6, 0), is_supervisor=True)
    (False, True)
    """
    if tries.by_one >= MOST_BY_ONE or tries.on_account_by_one >= MOST_ON_AN_ACCOUNT_BY_ONE:
        return False
    return is_supervisor or tries.on_account < MOST_ON_AN_ACCOUNT


def same_name(said: str, parts: Sequence[str]) -> bool:
    """Say whether the full name was said: every word, no more, in any order, with at most one slip in all.

    >>> same_name("Семенов Петр Ильич", ["Семёнов", "Пётр", "Ильич"]), same_name("Смирнов", ["Смирнов", "", ""])
    (True, False)
    """
    filled = [part for part in parts if part.strip()]
    known, given = _name_words(" ".join(filled)), _name_words(said)
    if not known or len(known) != len(given):
        return False
    is_too_little = len(filled) == 1 and (len(parts) > 1 or len("".join(known)) < SHORTEST_WORD_WITH_A_SLIP)
    return not is_too_little and _agree(given, known, slips=1)


def same_address(said: str, stored: str) -> bool:
    """Say whether the address was said: street, house and flat exactly; the town may be left out, never be another.

    >>> stored = "г. Владимир, пр-кт Мира, д. 5а, кв. 12"
    >>> same_address("мира 5 А кв 12", stored), same_address("Мира, 5, 12", stored)
    (True, False)
    """
    town, _, rest = stored.partition(",")
    words, numbers = _address_parts(rest or town)
    said_words, said_numbers = _address_parts(said)
    if not numbers or said_numbers != numbers:
        return False
    town_words = _address_parts(town)[0] if rest else []
    whole = [*town_words, *words]
    return _agree(said_words, whole, slips=1) or (bool(words) and _agree(said_words, words, slips=1))


def _name_words(text: str) -> list[str]:
    words = re.findall(r"[^\W_]+", text.lower().replace("ё", "е"))
    return [word for word in words if word not in _LEGAL_FORMS]


def _address_parts(text: str) -> tuple[list[str], list[str]]:
    """Return the names of places and the numbers (a house's letter and building belong to its number)."""
    plain = re.sub(r"\b\d{6}\b", " ", text.lower().replace("ё", "е"))
    plain = re.sub(r"\b(пр|б|ш|р|у|п)-(кт|т|р|е|н|л|д)\b", " ", plain)
    plain = re.sub(r"(?<=\d)\s*/\s*(?=\d)", " к ", plain)
    words: list[str] = []
    numbers: list[str] = []
    for part in re.findall(r"\d+[^\W\d_]\b|\d+|[^\W\d_]+", plain):
        if part[0].isdigit():
            numbers += re.findall(r"\d+|\D", part)
        elif numbers and part in _HOUSE_PART:
            numbers.append(_HOUSE_PART[part])
        elif numbers and len(part) == 1 and part not in _ABBREVIATIONS:
            numbers.append(part)
        elif part not in _ABBREVIATIONS:
            words.append(part)
    return words, numbers


def _agree(given: Sequence[str], known: Sequence[str], *, slips: int) -> bool:
    """Say whether each word of one list is a word of the other, `slips` of them with one letter wrong."""
    left = list(known)
    wrong = []
    for word in given:
        if word in left:
            left.remove(word)
        else:
            wrong.append(word)
    if len(wrong) != len(left) or len(wrong) > slips:
        return False
    return all(_one_slip(word, other) for word, other in zip(wrong, left, strict=True))


def _one_slip(one: str, other: str) -> bool:
    """Say whether the words differ by one letter put, left out, changed, or by two neighbours swapped."""
    if min(len(one), len(other)) < SHORTEST_WORD_WITH_A_SLIP or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])

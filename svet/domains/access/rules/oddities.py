"""Which looks at personal data are odd (clause T3): a rule each, so that a supervisor reads few and knows why. Pure.

An oddity accuses nobody: it says what to ask about.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

MOST_ALONE_AN_HOUR = 20
"""So many accounts of an hour without a customer may be work; more look like leafing through."""
MOST_A_DAY = 150
MANY_PEOPLE = 5
"""So many of the staff at one account within the days looked through: somebody known, or a quarrel."""
NIGHT_FROM, NIGHT_UNTIL = 22, 6


class OddityKind(StrEnum):
    """Why looks are odd."""

    SAME_FAMILY = "same_family"
    LEAFING = "leafing"
    TOO_MANY = "too_many"
    MANY_PEOPLE = "many_people"
    AT_NIGHT = "at_night"


@dataclass(frozen=True, slots=True)
class Looked:
    """That somebody looked at an account within an hour (its beginning, in Moscow); `alone`: in no contact."""

    user_id: int
    account_id: int
    hour: datetime
    alone: bool


@dataclass(frozen=True, slots=True)
class Oddity:
    """Odd looks: of whom (None: of several), at which account (None: at several), how many, when last."""

    kind: OddityKind
    user_id: int | None
    account_id: int | None
    count: int
    at: datetime


def oddities(looks: Iterable[Looked], *, staff: Mapping[int, str], customers: Mapping[int, str]) -> tuple[Oddity, ...]:
    """Return what is odd about the looks, the latest first; `staff` and `customers` are family names by id."""
    rows = list(looks)
    found = [
        *_same_family(rows, staff=staff, customers=customers),
        *_in_bulk(row for row in rows if row.alone),
        *_too_many(rows),
        *_many_people(rows),
        *_at_night(rows),
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.count), reverse=True))


def same_family(one: str, other: str) -> bool:
    """Say whether two family names may be of one family.

    >>> same_family("Седов", "седова"), same_family("Крамской", "Крамская"), same_family("Ли", "Лин")
    (True, True, False)
    """
    return _stem(one) == _stem(other) != ""


def _stem(name: str) -> str:
    plain = name.strip().lower().replace("ё", "е")
    return re.sub(r"(ая|ый|ий|ой)$", "*", re.sub(r"(?<=ов|ев|ин|ын)а$", "", plain))


def _same_family(rows: Iterable[Looked], *, staff: Mapping[int, str], customers: Mapping[int, str]) -> Iterable[Oddity]:
    pairs: dict[tuple[int, int], list[Looked]] = defaultdict(list)
    for row in rows:
        if same_family(staff.get(row.user_id, ""), customers.get(row.account_id, "")):
            pairs[row.user_id, row.account_id].append(row)
    for (user_id, account_id), same in pairs.items():
        yield Oddity(OddityKind.SAME_FAMILY, user_id, account_id, len(same), max(row.hour for row in same))


def _in_bulk(rows: Iterable[Looked]) -> Iterable[Oddity]:
    hours: dict[tuple[int, datetime], set[int]] = defaultdict(set)
    for row in rows:
        hours[row.user_id, row.hour].add(row.account_id)
    for (user_id, hour), accounts in hours.items():
        if len(accounts) > MOST_ALONE_AN_HOUR:
            yield Oddity(OddityKind.LEAFING, user_id, None, len(accounts), hour)


def _too_many(rows: Iterable[Looked]) -> Iterable[Oddity]:
    days: dict[tuple[int, date], set[int]] = defaultdict(set)
    last: dict[tuple[int, date], datetime] = {}
    for row in rows:
        key = (row.user_id, row.hour.date())
        days[key].add(row.account_id)
        last[key] = max(last.get(key, row.hour), row.hour)
    for key, accounts in days.items():
        if len(accounts) > MOST_A_DAY:
            yield Oddity(OddityKind.TOO_MANY, key[0], None, len(accounts), last[key])


def _many_people(rows: Iterable[Looked]) -> Iterable[Oddity]:
    people: dict[int, set[int]] = defaultdict(set)
    last: dict[int, datetime] = {}
    for row in rows:
        people[row.account_id].add(row.user_id)
        last[row.account_id] = max(last.get(row.account_id, row.hour), row.hour)
    for account_id, users in people.items():
        if len(users) >= MANY_PEOPLE:
            yield Oddity(OddityKind.MANY_PEOPLE, None, account_id, len(users), last[account_id])


def _at_night(rows: Iterable[Looked]) -> Iterable[Oddity]:
    nights: dict[tuple[int, date], list[Looked]] = defaultdict(list)
    for row in rows:
        if row.hour.hour >= NIGHT_FROM or row.hour.hour < NIGHT_UNTIL:
            nights[row.user_id, row.hour.date()].append(row)
    for (user_id, _), night in nights.items():
        accounts = {row.account_id for row in night}
        yield Oddity(OddityKind.AT_NIGHT, user_id, None, len(accounts), max(row.hour for row in night))

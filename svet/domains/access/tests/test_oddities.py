"""Odd looks by rule: each rule right at its limit and not before."""

from datetime import datetime, timedelta

import pytest

from svet.domains.access.rules.oddities import (
    MANY_PEOPLE,
    MOST_A_DAY,
    MOST_ALONE_AN_HOUR,
    Looked,
    OddityKind,
    oddities,
    same_family,
)
from svet.infra.clock import MOSCOW

TEN = datetime(2026, 11, 18, 10, tzinfo=MOSCOW)


def looks(count, *, user_id=1, alone=True, hour=TEN, first=1):
    return [Looked(user_id, first + turn, hour, alone) for turn in range(count)]


def found(rows, *, staff=None, customers=None):
    return [(one.kind, one.user_id, one.account_id, one.count) for one in
            oddities(rows, staff=staff or {}, customers=customers or {})]  # fmt: skip


def test_leafing_begins_after_the_most_that_work_needs_and_only_without_customers():
    assert found(looks(MOST_ALONE_AN_HOUR)) == []
    assert found(looks(MOST_ALONE_AN_HOUR + 1)) == [(OddityKind.LEAFING, 1, None, MOST_ALONE_AN_HOUR + 1)]
    assert found(looks(MOST_ALONE_AN_HOUR + 1, alone=False)) == []
    assert found(looks(11) + looks(11, hour=TEN + timedelta(hours=1), first=100)) == []


def test_a_day_has_its_own_limit():
    hours = [row for turn in range(10) for row in looks(16, hour=TEN + timedelta(hours=turn), first=100 * turn)]

    assert found(hours[:MOST_A_DAY]) == []
    assert found(hours) == [(OddityKind.TOO_MANY, 1, None, 160)]


def test_many_people_at_one_account_are_told_once():
    people = [Looked(user_id, 7, TEN, False) for user_id in range(1, MANY_PEOPLE + 1)]

    assert found(people[:-1]) == []
    assert found(people) == [(OddityKind.MANY_PEOPLE, None, 7, MANY_PEOPLE)]


def test_a_look_at_ones_own_family_is_told():
    rows = looks(2)

    assert found(rows, staff={1: "Седов"}, customers={1: "Седова", 2: "Орлова"}) == [(OddityKind.SAME_FAMILY, 1, 1, 1)]


@pytest.mark.parametrize(("hour", "is_odd"), [(21, False), (22, True), (23, True), (0, True), (5, True), (6, False)])
def test_nights_begin_and_end(hour, is_odd):
    assert bool(found(looks(1, hour=TEN.replace(hour=hour)))) is is_odd


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Седов", "Седова", True),
        ("Ковалёв", "Ковалева", True),
        ("Толстая", "Толстой", True),
        ("Ким", "Ким", True),
        ("Ким", "Кима", False),
        ("Иванов", "Ивановский", False),
        ("", "", False),
    ],
)
def test_families(one, other, same):
    assert same_family(one, other) is same

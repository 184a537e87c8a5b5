"""The page of switches: every one has its words and its group, shows its value, and changes for open months only."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.ledger import actions as ledger
from svet.domains.tariffs import actions as tariffs
from svet.domains.tariffs import queries
from svet.domains.tariffs.rules.policies import POLICIES
from svet.kernel.period import Month
from svet.surfaces.web import policy_words
from tests import cast, reference
from tests.architecture.test_urls import signed_in

NAMES = [one.name for one in POLICIES]


@pytest.fixture
def engineer(db) -> Client:
    staff = cast.assemble().staff
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    return signed_in(staff["billing_engineer"].user_id, proved=True)


def test_every_switch_has_a_name_a_reason_a_group_and_words_for_its_values():
    grouped = [name for _, names in policy_words.GROUPS for name in names]

    assert sorted(grouped) == sorted(NAMES)
    assert set(policy_words.NAMES) == set(NAMES) == set(policy_words.REASONS)
    assert {value for one in POLICIES for value in one.choices} == set(policy_words.VALUES)


def test_all_switches_are_shown_with_what_is_in_force(engineer):
    page = engineer.get(reverse("desk:policies")).content.decode()

    assert all(name in page for name in policy_words.NAMES.values())
    assert not [one.source for one in POLICIES if one.source in page], "the catalogue's notes are not for people"


def test_a_new_value_holds_from_its_day_and_is_told_before_it(engineer):
    page = reverse("desk:policy", args=["average_limit_months"])
    answer = engineer.post(page, {"value": "6", "from_on": "2027-01-01", "source": "Договор на 2027 год"})

    assert answer.status_code == 302
    assert queries.policy_on("average_limit_months", on=date(2026, 12, 31)).now.value == "3"
    assert queries.policy_on("average_limit_months", on=date(2026, 12, 31)).coming.value == "6"
    assert queries.policy_on("average_limit_months", on=date(2027, 1, 1)).now.source == "Договор на 2027 год"
    assert "Договор на 2027 год" in engineer.get(page).content.decode()


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("average_limit_months", {"value": "13"}, "Целое число от 0 до 12"),
        ("average_limit_months", {"value": "три"}, "Целое число от 0 до 12"),
        ("average_limit_months", {"source": " "}, "на чём это основано"),
        ("average_limit_months", {"from_on": "завтра"}, "Укажите день"),
        ("true_up_method", {"value": "at_random"}, "Выберите корректный вариант"),
    ],
)
def test_what_cannot_be_is_refused_in_words(engineer, name, words, said):
    given = {"value": "6", "from_on": "2027-01-01", "source": "Приказ"} | words

    answer = engineer.post(reverse("desk:policy", args=[name]), given)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_closed_months_and_a_past_that_was_changed_already_stay(engineer):
    page, given = reverse("desk:policy", args=["quality_excess"]), {"value": "per_month", "source": "Письмо"}
    ledger.close_month(Month("2026-10"), at=cast.NOW, by=None)

    closed = engineer.post(page, given | {"from_on": "2026-10-01"})
    engineer.post(page, given | {"from_on": "2026-12-01"})
    twice = engineer.post(page, given | {"from_on": "2026-12-01"})

    assert "не раньше" in closed.content.decode()
    assert twice.status_code == 422


def test_an_unknown_switch_and_a_stranger_find_nothing(engineer, client):
    assert engineer.get(reverse("desk:policy", args=["whatever"])).status_code == 404
    assert client.get(reverse("desk:policies")).status_code == 302

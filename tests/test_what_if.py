"""The past year under another plan or category: the energy really used, priced by the engine of the bills."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs, queries
from svet.domains.tariffs import actions as tariffs
from svet.kernel.energy import ConsumerCategory, Zoning
from svet.kernel.period import Month
from tests import cast, reference
from tests.architecture.test_urls import signed_in

OCTOBER = Month("2026-10")


@pytest.fixture
def people(db) -> cast.Cast:
    everybody = cast.assemble()
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    run_id = billing.start_run(month=OCTOBER, started_by=None, at=cast.NOW)
    jobs.work_off(run_id, at=cast.NOW)
    billing.issue_bills(run_id, at=cast.NOW)
    jobs.work_off(run_id, at=cast.NOW)
    return everybody


def tried(person, **words):
    asked = {"zoning": None, "category": None, "night_percent": 30} | words
    return queries.what_if(person.account.id, last=OCTOBER, **asked)


@pytest.mark.parametrize("name", ["anna", "igor", "vera"])
def test_as_it_was_comes_out_as_it_was_to_the_kopeck(people, name):
    """The same plan and category: what the engine says again is what the bills said."""
    told = tried(getattr(people, name))

    assert told.months
    assert all(one.would == one.was for one in told.months)
    assert told.difference == 0


def test_all_energy_is_priced_whatever_the_plan(people):
    for zoning in Zoning:
        told = tried(people.anna, zoning=zoning)
        assert [one.kwh for one in told.months] == [one.kwh for one in tried(people.anna).months]
        assert all(one.would is not None for one in told.months)


def test_the_more_goes_at_night_the_cheaper_two_zones_are(people):
    costs = [tried(people.anna, zoning=Zoning.TWO, night_percent=share).would for share in (0, 30, 60, 100)]

    assert costs == sorted(costs, reverse=True)
    assert costs[0] > tried(people.anna).was > costs[-1]


def test_what_a_meter_told_of_the_night_needs_no_guess(people):
    told = tried(people.igor, zoning=Zoning.ONE, night_percent=0)

    assert told.is_night_known
    assert told.would == tried(people.igor, zoning=Zoning.ONE, night_percent=100).would


def test_another_category_has_another_price(people):
    stove = tried(people.anna, category=ConsumerCategory.URBAN_ELECTRIC)

    assert stove.category is ConsumerCategory.URBAN_GAS
    assert Decimal(0) < stove.would < stove.was


def test_the_page_tells_the_difference_and_keeps_what_was_asked(people):
    browser = signed_in(people.anna.user_id)
    page = reverse("cabinet:what_if", args=[people.anna.number])

    first = browser.get(page).content.decode()
    assert "Было бы" in first
    asked = browser.get(page, {"plan": "2", "night": "70", "category": "rural"}).content.decode()
    assert 'value="70"' in asked


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"plan": "4", "night": "30"}, "Выберите корректный вариант"),
        ({"plan": "2", "night": "101"}, "Число от 0 до 100"),
        ({"plan": "2", "night": "треть"}, "Число от 0 до 100"),
        ({"plan": "2"}, "Число от 0 до 100"),
        ({"plan": "2", "night": "30", "category": "palace"}, "Выберите корректный вариант"),
    ],
)
def test_nonsense_is_refused_in_words(people, words, said):
    answer = signed_in(people.anna.user_id).get(reverse("cabinet:what_if", args=[people.anna.number]), words)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_an_account_without_a_charge_is_told_so(db):
    everybody = cast.assemble()

    page = signed_in(everybody.anna.user_id).get(reverse("cabinet:what_if", args=[everybody.anna.number]))

    assert "сравнивать не с чем" in page.content.decode()


def test_others_see_nothing(people):
    page = reverse("cabinet:what_if", args=[people.anna.number])

    assert signed_in(people.vera.user_id).get(page).status_code == 404
    assert Client().get(page).status_code == 302

"""Prices, norms and the calculator of the public site: the records of billing, reckoned by its engine."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from svet.domains.billing import queries as billing
from svet.domains.billing.queries import TypedHome, TypedUse
from svet.domains.debts.rules.penalty import FREE_DAYS, STAGES
from svet.domains.tariffs import actions as tariffs
from svet.flows import site_prices
from svet.kernel.energy import ConsumerCategory, Zoning
from svet.kernel.period import Month
from tests import cast, reference

OCTOBER = Month("2026-10")
TYPED = {
    "month": "2026-10",
    "territory": "nn",
    "category": "urban_gas",
    "residents": "2",
    "rooms": "2",
    "by": "meter",
    "plan": "1",
    "before_1": "12 840".replace(" ", ""),
    "now_1": "13030",
}
MOST_BYTES = 150_000


@pytest.fixture
def site(db, monkeypatch) -> Client:
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    return Client()


def test_the_calculator_says_what_the_engine_foretells_of_a_real_account(db):
    people = cast.assemble()
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    real = billing.preview_charge(people.igor.account.id, month=OCTOBER)
    told = {}
    for line in real.lines:
        told[line.band] = told.get(line.band, Decimal(0)) + line.kwh
    used = tuple(TypedUse(Decimal(0), kwh) for _, kwh in sorted(told.items()))
    home = TypedHome("nn", ConsumerCategory.URBAN_GAS, Zoning.TWO, 2, 2, False, False, used)

    tried = billing.try_bill(home, month=OCTOBER)

    assert tried.findings == ()
    assert tried.explanation.amount == real.amount > 0
    assert [(one.band, one.kwh, one.rate, one.amount) for one in tried.explanation.lines] == [
        (one.band, one.kwh, one.rate, one.amount) for one in real.lines
    ]


def test_a_home_without_a_meter_is_reckoned_by_norm_and_dearer_with_the_factor(site):
    plain = TypedHome("nn", ConsumerCategory.URBAN_GAS, Zoning.ONE, 2, 2, False, False)
    raised = TypedHome("nn", ConsumerCategory.URBAN_GAS, Zoning.ONE, 2, 2, False, False, is_meter_feasible=True)

    by_norm, by_factor = (billing.try_bill(one, month=OCTOBER).explanation for one in (plain, raised))

    assert {one.rule_code for one in by_norm.volumes} == {"V06"}
    assert "V15" in {one.rule_code for one in by_factor.volumes}
    assert by_factor.amount > by_norm.amount > 0


def test_the_page_of_the_calculator_explains_its_lines_and_keeps_what_was_typed(site, django_assert_max_num_queries):
    page = reverse("website:calculator")
    assert "Посчитать" in site.get(page).content.decode()

    with django_assert_max_num_queries(20):
        answer = site.get(page, TYPED)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Почему столько?" in text
    assert "190" in text
    assert "nn.tns-e.ru" in text
    assert 'value="13030"' in text
    assert len(answer.content) < MOST_BYTES


def test_the_calculator_reckons_by_a_changed_price_at_once(site):
    home = TypedHome("nn", ConsumerCategory.URBAN_GAS, Zoning.ONE, 2, 2, False, False)
    before = billing.try_bill(home, month=OCTOBER).explanation.amount

    with connection.cursor() as cursor:
        cursor.execute("UPDATE tariffs_consumption_norm SET kwh_per_person = kwh_per_person * 2")

    assert billing.try_bill(home, month=OCTOBER).explanation.amount > before


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"now_1": ""}, "Введите новое показание Т1"),
        ({"now_1": "много 💡"}, "Введите число от 0 до 999"),
        ({"now_1": "-5"}, "Введите число от 0 до 999"),
        ({"now_1": "9" * 300}, "Введите число от 0 до 999"),
        ({"before_1": "0", "now_1": "900000"}, "Больше 50"),
        ({"now_2": "5"}, "У такого счётчика нет Т2"),
        ({"plan": "2"}, "Введите новое показание Т2"),
        ({"plan": "7"}, "Выберите из списка"),
        ({"month": "1999-01"}, "Выберите из списка"),
        ({"territory": "'; DROP"}, "Выберите из списка"),
        ({"residents": "0"}, "Введите число от 1 до 20"),
        ({"rooms": "2,5"}, "Введите число от 1 до 10"),
        ({"by": "magic"}, "Выберите из списка"),
    ],
)
def test_absurd_figures_get_a_clear_answer(site, wrong, says):
    answer = site.get(reverse("website:calculator"), TYPED | wrong)

    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_what_no_bill_could_be_made_of_is_said_in_the_words_of_billing(site):
    answer = site.get(reverse("website:calculator"), TYPED | {"now_1": "12000"})

    assert answer.status_code == 200
    assert "Показание стало меньше" in answer.content.decode()


def test_prices_are_shown_of_the_chosen_day_with_their_history_and_what_comes(site, django_assert_max_num_queries):
    page, asked = reverse("website:tariffs"), {"territory": "nn", "category": "urban_gas", "plan": "1"}

    with django_assert_max_num_queries(6):
        early = site.get(page, asked | {"on": "2022-03-01"}).content.decode()
    late = site.get(page, asked | {"on": "2026-03-01"}).content.decode()

    assert "3,98" in early
    assert "Следующее изменение" in early
    assert "1\N{NO-BREAK SPACE}июля 2022" in early
    assert "4,12" in late
    assert "Все таблицы" in late
    assert "ещё ничего не опубликовано" in late
    assert len(site.get(page).content) < MOST_BYTES
    assert [one.now for one in site_prices.price_lists(on=date(2013, 1, 1), territory="nn")] == [None, None]


def test_norms_are_shown_with_their_sources(site, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        answer = site.get(reverse("website:norms"))

    text = answer.content.decode()
    assert "Социальная норма" in text
    assert "Норматив на человека" in text
    assert "Источник" in text
    assert len(answer.content) < MOST_BYTES


@pytest.mark.parametrize("page", ["website:tariffs", "website:norms"])
def test_a_page_of_prices_reads_the_names_of_territories_once(site, page):
    with CaptureQueriesContext(connection) as asked:
        site.get(reverse(page))

    assert len([one for one in asked if "tariffs_territory" in one["sql"]]) == 1


@pytest.mark.parametrize("page", ["website:tariffs", "website:norms"])
@pytest.mark.parametrize("on", ["31.02.2026", "когда-нибудь", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_asked_for_again(site, page, on):
    answer = site.get(reverse(page), {"on": on})

    assert answer.status_code == 422
    assert "Ошибка" in answer.content.decode()


def test_the_terms_of_penalties_are_those_of_the_engine(site, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        text = site.get(reverse("website:consequences")).content.decode()

    for first, after, share in STAGES:
        assert (f"{first}–{after - 1}" if after else f"с {first}-го") in text
        assert f"1/{share} " in text
    assert f"1–{FREE_DAYS}" in text

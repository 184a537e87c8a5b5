"""Penalties at the desk: debts of any day, key rates by people with the right, whatever is typed."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from svet.domains.debts import actions as debts
from svet.domains.debts import queries
from svet.domains.ledger import actions as ledger
from svet.domains.ledger.rules import EntryKind
from svet.domains.tariffs import actions as tariffs
from svet.kernel.period import Month
from tests import cast, reference
from tests.architecture.test_urls import signed_in
from tests.doors import identified

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(debts, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def staff(people, role):
    return signed_in(people.staff[role].user_id, proved=True)


def rate(**other):
    return {"from_on": "2026-10-26", "percent": "13,5", "source": "www.cbr.ru «решение» 😀"} | other


def test_debts_of_any_day_are_shown_to_whoever_has_the_account_open(people):
    operator = staff(people, "operator")
    page = reverse("desk:account_debts", args=[people.vera.number])
    assert operator.get(page).status_code == 302

    identified(operator, people.vera.number)

    assert "4 218,60" in operator.get(page).content.decode().replace("\xa0", " ")
    assert "Долгов и пеней нет" in operator.get(page, {"on": "2026-08-01"}).content.decode()
    for wrong in ("2019-01-01", "2031-01-01", "вчера", "2026-02-31", "'; --"):
        answer = operator.get(page, {"on": wrong})
        assert answer.status_code == 422
        assert "c-problems" in answer.content.decode() or "alert" in answer.content.decode()


def test_a_rate_is_written_down_confirmed_and_then_penalties_are_known(people):
    engineer, account = staff(people, "billing_engineer"), people.vera.account.id
    ledger.post(
        account_id=account,
        kind=EntryKind.OPENING,
        amount=Decimal("1000.00"),
        month=Month("2026-10"),
        concerns=Month("2026-05"),
        posted_on=date(2026, 10, 1),
        source_kind="opening",
        source_id=77,
        recorded_at=cast.NOW,
    )
    assert queries.account_debts(account, on=cast.NOW.date()).unknown == ("N90", cast.NOW.date())

    engineer.post(reverse("desk:new_key_rate"), rate(percent="9,25"))
    engineer.post(reverse("desk:confirm_key_rate"), {"known_until": "2026-12-18", "source": "www.cbr.ru"})

    page = queries.account_debts(account, on=cast.NOW.date())
    assert page.unknown is None
    assert {one.percent for debt in page.debts for one in debt.intervals} == {Decimal("9.25")}
    assert "9,25" in engineer.get(reverse("desk:penalty_terms")).content.decode()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"from_on": ""}, "Укажите день"),
        ({"from_on": "31.02.2026"}, "Укажите день"),
        ({"percent": ""}, "Укажите ставку"),
        ({"percent": "много"}, "Укажите число"),
        ({"percent": "0"}, "больше нуля"),
        ({"percent": "-5"}, "больше нуля"),
        ({"percent": "100"}, "меньше 100"),
        ({"percent": "13,555"}, "Не больше двух цифр"),
        ({"percent": "1e400"}, ""),
        ({"source": "   "}, "Укажите, откуда"),
        ({"source": "я" * 1001}, "1000"),
    ],
)
def test_a_wrong_rate_is_told_at_its_field_and_nothing_is_written(people, given, told):
    engineer = staff(people, "billing_engineer")

    answer = engineer.post(reverse("desk:new_key_rate"), rate(**given))

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert queries.terms_view(queries.policies_on(cast.NOW.date())).rates[0].from_on == date(2026, 7, 27)


def test_the_same_rate_sent_twice_is_one_rate_and_a_mistake_is_corrected_in_place(people):
    engineer = staff(people, "billing_engineer")

    for percent in ("13,5", "13,5", "13,25"):
        assert engineer.post(reverse("desk:new_key_rate"), rate(percent=percent)).status_code == 302

    first, second, *_ = queries.terms_view(queries.policies_on(cast.NOW.date())).rates
    assert (first.from_on, first.percent, second.from_on) == (date(2026, 10, 26), Decimal("13.25"), date(2026, 7, 27))


def test_rates_are_vouched_for_only_further_and_not_too_far(people):
    engineer = staff(people, "billing_engineer")
    page, source = reverse("desk:confirm_key_rate"), {"source": "www.cbr.ru"}
    assert engineer.post(page, source | {"known_until": "2026-12-18"}).status_code == 302

    again = engineer.post(page, source | {"known_until": "2026-12-18"})
    far = engineer.post(page, source | {"known_until": "2028-01-01"})

    assert again.status_code == far.status_code == 422
    assert "уже подтверждена по" in again.content.decode()
    assert "дней вперёд" in far.content.decode()
    assert queries.known_until() == date(2026, 12, 18)


@pytest.mark.parametrize("role", ["operator", "cashier", "auditor"])
def test_who_publishes_no_tariffs_changes_no_rates(people, role):
    browser = staff(people, role)

    for name in ("desk:penalty_terms", "desk:new_key_rate", "desk:confirm_key_rate"):
        assert browser.get(reverse(name)).status_code == 403
    assert browser.post(reverse("desk:new_key_rate"), rate()).status_code == 403
    assert browser.post(reverse("desk:accrue_again", args=["2026-10"])).status_code == 403


def test_penalties_of_a_month_are_computed_again_once_at_a_time(people):
    engineer = staff(people, "billing_engineer")
    page = reverse("desk:accrue_again", args=["2026-10"])

    first, second = (engineer.post(page, follow=True).content.decode() for _ in range(2))

    assert "Пени считаются снова" in first
    assert "ещё считаются" in second


def test_nothing_is_computed_into_a_closed_month(people):
    ledger.close_month(Month("2026-09"), at=cast.NOW, by=None)

    told = staff(people, "billing_engineer").post(reverse("desk:accrue_again", args=["2026-09"]), follow=True)

    assert "уже закрыт" in told.content.decode()

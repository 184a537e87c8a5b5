"""One's own debts and penalties in the account area, by whoever may see the account; nobody else's."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from svet.domains.debts import actions as debts
from svet.domains.tariffs import actions as tariffs
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(debts, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def shown(person, number):
    return signed_in(person.user_id).get(reverse("cabinet:debts", args=[number]))


def test_who_is_late_sees_how_much_how_long_and_what_it_costs(people):
    debts.confirm_key_rates(cast.date(2026, 12, 18), source="www.cbr.ru", by=None, at=cast.NOW)

    page = shown(people.vera, people.vera.number).content.decode().replace("\xa0", " ")

    assert "4 218,60 ₽" in page
    assert "34 дня" in page
    assert "31–90 дней, 1/300" in page
    assert "пеней не будет" not in page  # it is too late for that


def test_who_owes_nothing_is_told_so(people):
    assert "Долгов и пеней нет" in shown(people.anna, people.anna.number).content.decode()


def test_an_unknown_rate_is_said_and_holds_up_nothing_else(people):
    page = shown(people.vera, people.vera.number).content.decode()

    assert "не подтверждена" in page
    assert "Осталось" in page


def test_nobody_sees_another_s_debts(people):
    assert shown(people.intruder, people.vera.number).status_code == 404
    assert shown(people.vera, "3300009999").status_code == 404


def test_the_page_costs_the_same_however_many_months_are_owed_for(people):
    browser = signed_in(people.vera.user_id)
    page = reverse("cabinet:debts", args=[people.vera.number])
    browser.get(page)
    with CaptureQueriesContext(connection) as captured:
        browser.get(page)

    assert len(captured) < 30

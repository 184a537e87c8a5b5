"""The receipt of a reading says at once how much was used and what it will cost (clause M4)."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.billing import queries as bills
from svet.domains.metering import actions as metering
from svet.domains.metering.rules import Channel
from svet.domains.tariffs import actions as tariffs
from svet.flows import account_pages
from svet.kernel.period import Month
from tests import cast, reference

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER, DECEMBER = Month("2026-10"), Month("2026-11"), Month("2026-12")


@pytest.fixture
def people():
    """The cast with October billed."""
    found = cast.assemble()
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    bill(OCTOBER)
    return found


def bill(month):
    at = cast.moment(month.next.first_on)
    billing_jobs.work_off(billing.start_run(month=month, started_by=None, at=at), at=at)


TODAY = cast.NOW.date()


def given(home, values, *, on=TODAY):
    return metering.submit_reading(
        account_id=home.account.id,
        values=values,
        taken_on=on,
        received_at=cast.moment(on, 23),
        channel=Channel.CABINET,
        source_id=f"{values}-{on}",
    )


def page_of(home, receipt):
    return account_pages.receipt(home.account.id, number=receipt.number)


def test_the_receipt_tells_energy_and_cost_and_the_bill_says_the_same(people):
    told = page_of(people.igor, given(people.igor, {"1": "9450", "2": "4600"})).foretold

    bill(NOVEMBER)

    charge = bills.charges_of(people.igor.account.id, month=NOVEMBER)[0]
    assert (told.month, told.kwh, told.amount) == (NOVEMBER, charge.kwh, charge.amount)
    assert told.is_measured


def test_the_page_shows_the_cost_with_its_lines(people):
    receipt = given(people.anna, {"1": "13781"})
    browser = Client()
    browser.login(username=people.anna.number, password=cast.PASSWORD)

    page = browser.get(reverse("cabinet:receipt", args=[people.anna.number, receipt.number])).content.decode()
    page = page.replace("\N{NO-BREAK SPACE}", " ")

    assert "Примерно столько будет в счёте за ноябрь 2026" in page
    # 181 kWh: 160 within the social norm of two people, 21 above it.
    assert "811,03" in page
    assert "в пределах нормы" in page
    assert "сверх нормы" in page


def test_a_reading_after_the_window_counts_for_the_next_bill(people):
    told = page_of(people.anna, given(people.anna, {"1": "13781"}, on=date(2026, 11, 28))).foretold

    assert told.month == DECEMBER


def test_a_held_reading_foretells_nothing(people):
    assert page_of(people.anna, given(people.anna, {"1": "99000"})).foretold is None


def test_a_reading_that_a_later_one_replaced_foretells_nothing(people):
    first, second = given(people.anna, {"1": "13781"}), given(people.anna, {"1": "13785"})

    assert page_of(people.anna, first).foretold is None
    assert page_of(people.anna, second).foretold.kwh == Decimal(185)


def test_once_the_month_is_billed_the_receipt_leaves_the_cost_to_the_bill(people):
    receipt = given(people.anna, {"1": "13781"})
    assert page_of(people.anna, receipt).foretold.kwh == Decimal(181)

    bill(NOVEMBER)

    assert page_of(people.anna, receipt).foretold is None

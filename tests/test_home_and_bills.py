"""The first page and the bills: bounded reads however long the history, and why a bill differs from the last."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.billing import queries as bills
from svet.domains.billing.models import Charge
from svet.domains.offices import actions as offices
from svet.domains.tariffs import actions as tariffs
from svet.flows import account_pages
from svet.kernel.period import Month
from tests import cast, reference

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER = Month("2026-10"), Month("2026-11")


@pytest.fixture
def people():
    """The cast with prices."""
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def bill(month):
    at = cast.moment(month.next.first_on)
    run_id = billing.start_run(month=month, started_by=None, at=at)
    billing_jobs.work_off(run_id, at=at)
    billing.issue_bills(run_id, at=at)
    billing_jobs.work_off(run_id, at=at)


def browser_of(home):
    browser = Client()
    browser.login(username=home.number, password=cast.PASSWORD)
    return browser


def page_of(home, name, *args):
    page = browser_of(home).get(reverse(f"cabinet:{name}", args=[home.number, *args])).content.decode()
    return page.replace("\N{NO-BREAK SPACE}", " ")


def charged_long_ago(home, *, months, back_from=0):
    """Give the account charges of the years before, as an import would."""

    Charge.objects.bulk_create(
        Charge(
            account_id=home.account.id,
            supply_point_id=home.supply_point_id,
            month=Month("2026-09").plus(-back).first_on,
            kwh=100 + back,
            amount=500,
            vat_percent=22,
            vat=0,
            basis="measured",
            calculated_at=cast.moment(cast.LONG_AGO),
        )
        for back in range(back_from, months)
    )


def test_a_bill_tells_why_it_is_not_what_the_month_before_was(people):
    bill(OCTOBER)
    bill(NOVEMBER)

    page = page_of(people.anna, "bill", NOVEMBER.text)

    compared = account_pages.bill(people.anna.account.id, month=NOVEMBER).compared
    assert compared.before == OCTOBER
    assert sum(part.amount for part in compared.parts) == compared.difference != 0
    assert "Почему не столько, сколько в прошлом месяце" in page
    assert "За октябрь 2026:" in page


def test_the_first_bill_is_compared_with_nothing(people):
    bill(OCTOBER)

    assert "Почему не столько" not in page_of(people.anna, "bill", OCTOBER.text)


def test_the_first_page_costs_the_same_queries_and_charges_however_long_the_history(people):
    browser, address = browser_of(people.anna), reverse("cabinet:home", args=[people.anna.number])
    seen = []
    for start, end in ((0, 25), (25, 120)):
        charged_long_ago(people.anna, months=end, back_from=start)
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        since = bills.charges_of(people.anna.account.id, since=Month("2024-10"))
        seen.append((len(queries), len(since)))

    assert seen[0] == seen[1]
    assert seen[0][1] == 24
    assert len(bills.charges_of(people.anna.account.id)) == 120


def test_each_month_stands_beside_the_same_month_a_year_before(people):
    charged_long_ago(people.anna, months=24)

    last = account_pages.home(people.anna.account.id, on=cast.date(2026, 10, 20)).months[-1]

    assert (last.month, last.kwh, last.year_before) == (Month("2026-09"), 100, 112)
    assert "год назад" in page_of(people.anna, "home")

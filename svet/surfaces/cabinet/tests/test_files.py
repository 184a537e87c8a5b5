"""A bill as a file: given whole, or a page that says in plain words that it cannot be made now."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.offices import actions as offices
from svet.domains.tariffs import actions as tariffs
from svet.kernel.period import Month
from tests import cast, reference

pytestmark = pytest.mark.django_db

OCTOBER = Month("2026-10")


@pytest.fixture
def people():
    """The cast with their October bills."""
    at = cast.moment(OCTOBER.next.first_on)
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    found = cast.assemble()
    run_id = billing.start_run(month=OCTOBER, started_by=None, at=at)
    billing_jobs.work_off(run_id, at=at)
    billing.issue_bills(run_id, at=at)
    billing_jobs.work_off(run_id, at=at)
    return found


def asked(home):
    browser = Client()
    browser.login(username=home.number, password=cast.PASSWORD)
    return browser.get(reverse("cabinet:bill_pdf", args=[home.number, OCTOBER.text]))


def test_the_bill_comes_as_a_file_under_its_name(people):
    answer = asked(people.anna)

    assert answer.content.startswith(b"%PDF-")
    assert f"bill-{people.anna.number}-2026-10.pdf" in answer.headers["Content-Disposition"]


def test_details_of_the_payee_that_no_bank_takes_give_a_page_in_plain_words(people):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE offices_company SET bic = '12'")

    answer = asked(people.anna)

    assert answer.status_code == 503
    assert "Файл счёта сейчас не сделать" in answer.content.decode()
    assert reverse("cabinet:bill", args=[people.anna.number, OCTOBER.text]) in answer.content.decode()

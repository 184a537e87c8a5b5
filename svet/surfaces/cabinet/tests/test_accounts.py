"""The list of a person's accounts: where each is and what it owes."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from svet.domains.accounts import actions as accounts
from svet.domains.accounts.rules import GrantRole
from svet.flows import account_pages
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.assemble()


@pytest.fixture
def anna(people):
    """Anna in her browser."""
    browser = Client()
    assert browser.login(username=people.anna.number, password=cast.PASSWORD)
    return browser


def share(home, *, user_id):
    accounts.grant_access(
        home.account.id, user_id=user_id, role=GrantRole.OWNER, from_on=cast.LONG_AGO, at=cast.moment(cast.LONG_AGO)
    )


def test_a_person_with_one_account_goes_straight_to_it(people, anna):
    shown = anna.get(reverse("cabinet:accounts"))

    assert shown.headers["Location"] == reverse("cabinet:home", args=[people.anna.number])


def test_a_person_with_two_accounts_chooses_by_address_and_debt(people, anna):
    share(people.vera, user_id=people.anna.user_id)

    page = anna.get(reverse("cabinet:accounts")).content.decode()

    for home, flat in ((people.anna, 10), (people.vera, 12)):
        assert f"ул. Садовая, д. 12, кв. {flat}" in page
        assert reverse("cabinet:home", args=[home.number]) in page
    assert "4\N{NO-BREAK SPACE}218,60" in page
    assert "Всё оплачено" in page
    assert people.igor.number not in page


def test_the_list_costs_the_same_queries_however_many_accounts_there_are(people):
    counts = []
    for home in (people.vera, people.igor):
        share(home, user_id=people.anna.user_id)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            account_pages.mine(people.anna.user_id, on=cast.NOW.date())
        counts.append(len(seen))

    assert counts[0] == counts[1]

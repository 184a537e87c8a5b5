"""The access log at the desk: odd looks are told by rule to those who supervise (clause T3)."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse

from svet.domains.access import actions as access
from svet.domains.access.rules import LookPurpose, OddityKind
from svet.domains.customers import actions as customers
from svet.flows import looks
from tests import cast
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.assemble()


def look(person, account, *, at=cast.NOW):
    access.record_look(person.user_id, account_id=account.account.id, purpose=LookPurpose.INSPECTION, at=at)


def test_a_relative_of_an_operator_is_noticed_and_old_looks_are_not(people):
    operator = people.staff["operator"]
    customers.change_name(people.anna.account.customer_id, family_name="Седова", at=cast.NOW, reason="Брак")
    look(operator, people.anna)
    look(operator, people.igor)
    look(operator, people.anna, at=cast.NOW - timedelta(days=8))

    (found,) = looks.odd(at=cast.NOW)

    assert (found.oddity.kind, found.number, found.oddity.count) == (OddityKind.SAME_FAMILY, people.anna.number, 1)
    assert "Седов" in found.user_name


def test_the_page_tells_it_to_a_supervisor_and_to_nobody_else(people, monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    look(people.staff["operator"], people.anna, at=cast.NOW.replace(hour=5))
    page = reverse("desk:access_log")

    shown = signed_in(people.staff["supervisor"].user_id, proved=True).get(page)

    assert "ночью открывает 1" in shown.content.decode().replace("\u00a0", " ")
    assert signed_in(people.staff["operator"].user_id, proved=True).get(page).status_code in {403, 404}


def test_the_log_costs_the_same_reads_however_many_accounts(people, django_assert_num_queries):
    for one in (people.anna, people.igor, people.vera):
        look(people.staff["operator"], one)

    with django_assert_num_queries(2):
        assert len(looks.recent(limit=50)) == 3

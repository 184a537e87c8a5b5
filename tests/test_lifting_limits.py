"""A customer whom the program asks to wait is let in at once by an operator who identified him; nobody else is."""

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from svet.domains.access import actions as access
from svet.infra.models import AuditRecord
from svet.surfaces.web import messages
from tests import cast, doors, letters
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
EMAIL = "anna.new@example.org"
BY_CODE = "/sign-in/by-code/"


@pytest.fixture
def people(monkeypatch):
    cache.clear()
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    made = cast.assemble()
    access.prove_address(made.anna.user_id, kind="email", value=EMAIL, at=cast.NOW)
    return made


@pytest.fixture
def browser(people):
    return doors.identified(signed_in(people.staff["operator"].user_id, proved=True), people.anna.number)


def page_of(person):
    return reverse("desk:lift_limits", args=[person.number])


def ask(login):
    return Client().post(BY_CODE, {"login": login})


def use_up(login, monkeypatch):
    """Ask for codes until no more is given."""
    for minute in range(2, 14, 2):
        moment = cast.NOW + timedelta(minutes=minute)
        monkeypatch.setenv("SVET_CLOCK_OFFSET", str(moment.timestamp() - time.time()))
        answer = ask(login)
    assert answer.status_code == 422
    letters.taken()


def lift(browser, person, reason="Позвонил, паспорт назвал"):
    return browser.post(page_of(person), {"reason": reason})


@pytest.mark.parametrize("login", [EMAIL, "3300000019"])
def test_a_lifted_limit_sends_a_code_at_once(people, browser, monkeypatch, login):
    use_up(login, monkeypatch)

    lifted = lift(browser, people.anna)

    assert lifted.status_code == 302
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str((cast.NOW + timedelta(minutes=14)).timestamp() - time.time()))
    assert ask(login).status_code == 302
    assert letters.code_to(EMAIL)
    record = AuditRecord.objects.get(verb="access.lift_limits")
    assert (record.account_id, record.reason) == (people.anna.account.id, "Позвонил, паспорт назвал")


def test_facts_of_a_bill_may_be_tried_again_at_once(people, browser):
    facts = {"number": people.anna.number, "bill": "2026-10-1", "amount": "1"}
    answers = [Client().post("/sign-up/", facts).content.decode() for _ in range(4)]
    assert messages.ERRORS["facts_do_not_match"] in answers[0]
    assert messages.ERRORS["facts_do_not_match"] not in answers[3]

    lift(browser, people.anna)

    assert messages.ERRORS["facts_do_not_match"] in Client().post("/sign-up/", facts).content.decode()


def test_another_customers_limit_stays(people, browser, monkeypatch):
    use_up(people.vera.number, monkeypatch)

    lift(browser, people.anna)

    assert ask(people.vera.number).status_code == 422


def test_the_page_tells_how_often_it_was_tried_and_not_what(people, browser, monkeypatch):
    use_up(EMAIL, monkeypatch)

    shown = browser.get(page_of(people.anna)).content.decode().replace("\N{NO-BREAK SPACE}", " ")

    assert "5 раз" in shown
    assert EMAIL not in shown


def test_inner_work_with_an_account_lifts_nothing(people, monkeypatch):
    use_up(EMAIL, monkeypatch)
    supervisor = doors.inside(signed_in(people.staff["supervisor"].user_id, proved=True), people.anna.number)

    assert "сначала установите личность" in supervisor.get(page_of(people.anna)).content.decode()
    assert lift(supervisor, people.anna).status_code == 422
    assert ask(EMAIL).status_code == 422


@pytest.mark.parametrize("reason", ["", "   ", "я" * 401])
def test_nothing_is_lifted_without_a_reason(people, browser, reason):
    assert lift(browser, people.anna, reason).status_code == 422
    assert not AuditRecord.objects.filter(verb="access.lift_limits").exists()


def test_who_does_not_serve_customers_lifts_nothing(people):
    cashier = signed_in(people.staff["cashier"].user_id, proved=True)

    assert cashier.get(page_of(people.anna)).status_code == 403
    assert lift(cashier, people.anna).status_code == 403


def test_the_card_leads_there(people, browser):
    assert page_of(people.anna) in browser.get(reverse("desk:account", args=[people.anna.number])).content.decode()

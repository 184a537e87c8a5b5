"""Contacts and residents at the desk: each change with its reason, once, never another's, never over a newer one."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse

from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as accounts_of
from svet.domains.customers import actions as customers
from svet.domains.customers import queries as customers_of
from svet.domains.customers.rules import ContactKind
from svet.infra.models import AuditRecord
from tests import cast, doors
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
TODAY = cast.NOW.date()


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    return cast.assemble()


@pytest.fixture
def browser(people):
    return doors.identified(signed_in(people.staff["operator"].user_id, proved=True), people.anna.number)


def page_of(person):
    return reverse("desk:card_people", args=[person.number])


def add(browser, person, value, *, kind="phone", reason="Попросил клиент"):
    return browser.post(page_of(person), {"what": "contact", "kind": kind, "value": value, "reason": reason})


def change(browser, person, *, seen=None, **more):
    given = {"from_on": str(TODAY), "registered": "3", "temporary": "1", "owners": "2", "reason": "Справка"} | more
    seen = seen_by(browser, person) if seen is None else seen
    data = {f"who-{name}": value for name, value in given.items()}
    return browser.post(page_of(person), {"what": "residents", "who-seen": seen, **data})


def seen_by(browser, person):
    return browser.get(page_of(person)).context["page"].seen


def contacts(person):
    return [one.value for one in customers_of.contacts_of(person.account.customer_id, on=TODAY)]


def residents(person, on=TODAY):
    one = accounts_of.card(person.account.id, on=on).household
    return one.registered, one.temporary, one.owners


def text(answer):
    return answer.content.decode()


def test_a_contact_is_added_with_its_reason_and_found_on_the_card(people, browser):
    answer = add(browser, people.anna, "8 (916) 123-45-67")

    assert answer.status_code == 302
    assert contacts(people.anna) == ["+79161234567"]
    assert "+79161234567" in text(browser.get(reverse("desk:account", args=[people.anna.number])))
    record = AuditRecord.objects.get(verb="desk.contact_added")
    assert (record.account_id, record.reason, record.data["before"]) == (
        people.anna.account.id,
        "Попросил клиент",
        None,
    )


def test_all_kinds_of_contacts_are_taken(people, browser):
    add(browser, people.anna, "Anna@Example.ORG", kind="email")
    add(browser, people.anna, "600902, г. Светлогорье, а/я 7 «для Анны» 😀", kind="post")

    assert len(contacts(people.anna)) == 2


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("phone", "12", "да"),
        ("phone", "", "да"),
        ("email", "anna", "да"),
        ("email", "😀", "да"),
        ("post", "ж" * 300, "да"),
        ("phone", "89161234567", ""),
        ("forged", "89161234567", "да"),
        ("phone", "89161234567", "ё" * 401),
    ],
)
def test_what_is_no_contact_or_has_no_reason_is_said_and_not_kept(people, browser, kind, value, reason):
    answer = add(browser, people.anna, value, kind=kind, reason=reason)

    assert answer.status_code == 422
    assert contacts(people.anna) == []


def test_a_contact_sent_twice_is_kept_once(people, browser):
    first, second = (add(browser, people.anna, "89161234567") for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 422)
    assert "уже есть" in text(second)
    assert contacts(people.anna) == ["+79161234567"]


def test_a_contact_is_ended_with_its_reason_and_only_ones_own(people, browser):
    add(browser, people.anna, "89161234567")
    (mine,) = customers_of.contacts_of(people.anna.account.customer_id, on=TODAY)
    theirs = customers.add_contact(
        people.vera.account.customer_id, kind=ContactKind.PHONE, value="89160000000", from_on=TODAY, at=cast.NOW
    )
    end, foreign = (reverse("desk:end_card_contact", args=[people.anna.number, one]) for one in (mine.id, theirs))

    without = browser.post(end, {"reason": " "})
    ended = browser.post(end, {"reason": "Номер чужой"})
    again = browser.post(end, {"reason": "Номер чужой"})

    assert [answer.status_code for answer in (without, ended, again)] == [422, 302, 422]
    assert "уже не действует" in text(again)
    assert browser.post(foreign, {"reason": "Номер чужой"}).status_code == 404
    assert AuditRecord.objects.get(verb="desk.contact_ended").data["before"]["value"] == "+79161234567"
    tomorrow = TODAY + timedelta(days=1)
    assert customers_of.contacts_of(people.anna.account.customer_id, on=tomorrow) == []


def test_residents_change_from_a_day_and_the_audit_knows_before_and_after(people, browser):
    answer = change(browser, people.anna)

    assert answer.status_code == 302
    assert residents(people.anna) == (3, 1, 2)
    assert residents(people.anna, on=TODAY - timedelta(days=1)) == (2, 0, 1)
    record = AuditRecord.objects.get(verb="desk.residents_changed")
    assert (record.data["before"]["registered"], record.data["after"]["registered"]) == (2, 3)
    assert record.reason == "Справка"


def test_a_stale_page_changes_no_residents(people, browser):
    seen = seen_by(browser, people.anna)
    accounts.change_household(people.anna.account.id, from_on=TODAY, registered=5, at=cast.NOW)

    answer = change(browser, people.anna, seen=seen)

    assert answer.status_code == 422
    assert "изменил кто-то другой" in text(answer)
    assert residents(people.anna)[0] == 5


@pytest.mark.parametrize(
    "more",
    [
        {"registered": "-1"},
        {"registered": "три"},
        {"temporary": ""},
        {"owners": "201"},
        {"from_on": "31.02.2026"},
        {"from_on": "2023-12-31"},
        {"from_on": "2030-01-01"},
        {"reason": ""},
    ],
)
def test_wrong_residents_are_said_and_change_nothing(people, browser, more):
    answer = change(browser, people.anna, **more)

    assert answer.status_code == 422
    assert residents(people.anna) == (2, 0, 1)


def test_without_the_customer_or_the_right_nothing_is_changed(people, browser):
    stranger = add(browser, people.vera, "89161234567")
    cashier = doors.inside(
        signed_in(people.staff["cashier"].user_id, proved=True), people.anna.number, purpose="payment_search"
    )

    assert stranger.headers["Location"].startswith(reverse("desk:why", args=[people.vera.number]))
    assert add(cashier, people.anna, "89161234567").status_code == 403
    assert contacts(people.vera) == contacts(people.anna) == []

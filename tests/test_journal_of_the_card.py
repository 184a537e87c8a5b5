"""The journal of a card: every operation with who, when, why, before and after; only to those who oversee."""

import time

import pytest
from django.urls import reverse

from svet.domains.access import queries as access
from svet.flows import card_journal
from svet.infra import audit
from tests import cast, doors
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    return cast.assemble()


@pytest.fixture
def browser(people):
    return doors.identified(signed_in(people.staff["supervisor"].user_id, proved=True), people.anna.number)


def page_of(person, name="card_journal"):
    return reverse(f"desk:{name}", args=[person.number])


def shown(browser, person, **query):
    return browser.get(page_of(person), query).content.decode()


def add_contact(browser, person, reason):
    data = {"what": "contact", "kind": "phone", "value": "89161234567", "reason": reason}
    assert browser.post(page_of(person, "card_people"), data).status_code == 302


def test_an_operation_is_told_with_who_what_and_why_and_leads_to_its_undoing(people, browser):
    add_contact(browser, people.anna, "Просит «звонить» <b>сюда</b> 😀")

    journal = shown(browser, people.anna)

    assert "Добавлен контакт" in journal
    assert "+79161234567" in journal
    assert "Просит «звонить» &lt;b&gt;сюда&lt;/b&gt; 😀" in journal
    assert access.person(people.staff["supervisor"].user_id).name in journal
    assert f'href="{page_of(people.anna, "card_people")}">Отменить' in journal


def test_another_accounts_operations_are_not_in_it(people, browser):
    add_contact(browser, people.anna, "Особая причина")
    doors.identified(browser, people.vera.number)

    assert "Особая причина" not in shown(browser, people.vera)


def test_a_long_journal_goes_on_page_by_page_and_misses_nothing(people, browser):
    for count in range(60):
        audit.record(
            "desk.residents_changed",
            target_kind="account",
            target_id=people.anna.account.id,
            at=cast.NOW,
            account_id=people.anna.account.id,
            data={"before": {"registered": count}, "after": {"registered": count + 1}},
            reason=f"причина {count:02d};",
        )
    seen, older = [], None
    while True:
        page = card_journal.page(people.anna.account.id, before_id=older)
        seen += [row.record.id for row in page.rows]
        older = page.older_than
        if older is None:
            break

    assert len(seen) == len(set(seen)) >= 60
    assert seen == sorted(seen, reverse=True)
    first = shown(browser, people.anna)
    assert "причина 59;" in first
    assert "причина 10;" not in first


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 40, "'; --", "٣"])
def test_a_forged_page_shows_the_first_or_none_and_never_breaks(people, browser, before):
    assert browser.get(page_of(people.anna), {"before": before}).status_code == 200


def test_an_operator_does_not_read_it(people):
    operator = doors.identified(signed_in(people.staff["operator"].user_id, proved=True), people.anna.number)

    assert operator.get(page_of(people.anna)).status_code == 403
    assert page_of(people.anna) not in operator.get(page_of(people.anna, "account")).content.decode()

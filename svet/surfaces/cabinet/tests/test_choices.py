"""«Контакты и уведомления»: what an owner decides, what a reader may not, and nothing twice."""

from datetime import date

import pytest
from django.urls import reverse

from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as account_queries
from svet.domains.accounts.rules import GrantRole
from svet.domains.customers import queries
from svet.domains.customers.rules import ContactKind
from tests import cast
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db) -> cast.Cast:
    return cast.assemble()


def send(one, browser=None, **typed):
    browser = browser or signed_in(one.user_id)
    return browser.post(reverse("cabinet:choices", args=[one.number]), typed)


def contacts(one) -> list[str]:
    return [row.value for row in queries.contacts_of(one.account.customer_id, on=date(2100, 1, 1))]


@pytest.mark.parametrize(
    "typed",
    [
        "+79161234567",
        "89161234567",
        "9161234567",
        "8 (916) 123-45-67",
        "+7 916 123 45 67",
        "8-916-123-45-67",
        "8.916.123.45.67",
        "7 (916) 1234567",
        " 8 916 123 4567 ",
        "+7(916)123–45–67",
    ],
)
def test_a_phone_in_any_notation_is_one_contact(people, typed):
    before = contacts(people.anna)

    assert send(people.anna, what="contact", value=typed).status_code == 302
    assert send(people.anna, what="contact", value="+79161234567").status_code == 409
    assert set(contacts(people.anna)) - set(before) == {"+79161234567"}


@pytest.mark.parametrize("typed", ["", "Машу", "anna@", "12", "😀@😀", "a" * 300, "a@b.ru'; DROP"])
def test_what_is_no_contact_is_told_at_the_field_and_kept(people, typed):
    answer = send(people.anna, what="contact", value=typed)

    assert answer.status_code == 422
    assert "Проверьте, что введено" in answer.content.decode()


def test_ways_and_the_bill_are_chosen_and_shown(people):
    chosen = {
        "bill": "email",
        "payment": "sms",
        "reading": "none",
        "reply": "none",
        "reminder": "email",
        "outage": "sms",
        "bill_delivery": "both",
    }

    assert send(people.anna, what="telling", **chosen).status_code == 302

    assert queries.preferences_of(people.anna.account.customer_id) == {
        name: way for name, way in chosen.items() if name != "bill_delivery"
    }
    assert account_queries.account_by_id(people.anna.account.id).bill_delivery == "both"


def test_a_forged_way_is_refused(people):
    answer = send(people.anna, what="telling", bill="pigeon", bill_delivery="both")

    assert answer.status_code == 422
    assert queries.preferences_of(people.anna.account.customer_id)["bill"] == "none"


def test_consents_are_given_and_withdrawn_with_their_history(people):
    for _ in range(2):
        send(people.anna, what="consent", marketing="on")
    send(people.anna, what="consent")

    stated = queries.consents_of(people.anna.account.customer_id)
    assert [(one.purpose, one.is_given) for one in stated] == [("marketing", False), ("marketing", True)]
    page = signed_in(people.anna.user_id).get(reverse("cabinet:choices", args=[people.anna.number])).content.decode()
    assert "отозвано" in page


def test_a_contact_of_somebody_else_is_not_found(people):
    send(people.igor, what="contact", value="igor@example.org")
    (theirs,) = [
        one
        for one in queries.contacts_of(people.igor.account.customer_id, on=date(2100, 1, 1))
        if one.kind == ContactKind.EMAIL and one.value == "igor@example.org"
    ]

    for number in (theirs.id, 2**62, 2**80):
        answer = signed_in(people.anna.user_id).post(reverse("cabinet:end_contact", args=[people.anna.number, number]))
        assert answer.status_code == 404


def test_ending_a_contact_twice_is_told(people):
    send(people.anna, what="contact", value="anna2@example.org")
    (mine,) = [
        one
        for one in queries.contacts_of(people.anna.account.customer_id, on=date(2100, 1, 1))
        if one.value == "anna2@example.org"
    ]
    browser = signed_in(people.anna.user_id)
    path = reverse("cabinet:end_contact", args=[people.anna.number, mine.id])

    first, second = browser.post(path, follow=True), browser.post(path, follow=True)

    assert (first.status_code, second.status_code) == (200, 200)
    assert "уже не действует" in second.content.decode()


def test_a_reader_sees_and_changes_nothing(people):
    accounts.grant_access(
        people.anna.account.id,
        user_id=people.igor.user_id,
        role=GrantRole.READER,
        from_on=date(2024, 1, 1),
        at=cast.NOW,
    )
    browser = signed_in(people.igor.user_id)

    page = browser.get(reverse("cabinet:choices", args=[people.anna.number]))
    answer = send(people.anna, browser, what="contact", value="thief@example.org")

    assert "только владелец" in page.content.decode()
    assert answer.status_code == 403
    assert "thief@example.org" not in contacts(people.anna)

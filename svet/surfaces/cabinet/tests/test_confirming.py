"""A new contact is told nothing until the code sent to it was typed here; then its person signs in by it too."""

from datetime import date

import pytest
from django.urls import reverse

from svet.domains.access import queries as access
from svet.domains.accounts import actions as accounts
from svet.domains.accounts.rules import GrantRole
from svet.domains.customers import actions as customers
from svet.domains.customers import queries
from tests import cast, letters
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
PHONE = "+79161234567"


@pytest.fixture
def people(db) -> cast.Cast:
    return cast.assemble()


@pytest.fixture
def window(people):
    return signed_in(people.anna.user_id)


def add(window, one, value=PHONE) -> str:
    """Add a contact and return the page that asks for its code."""
    answer = window.post(reverse("cabinet:choices", args=[one.number]), {"what": "contact", "value": value})
    assert answer.status_code == 302
    return answer.headers["Location"]


def contact(one, value=PHONE):
    return next(row for row in queries.contacts_of(one.account.customer_id, on=date(2100, 1, 1)) if row.value == value)


def later(monkeypatch, *, minutes: int) -> None:
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(minutes * 60))


def test_a_contact_is_confirmed_by_the_code_that_came_there(people, window):
    page = add(window, people.anna, "8 (916) 123-45-67")
    code = letters.code_to(PHONE)
    assert contact(people.anna).confirmed_at is None

    answer = window.post(page, {"code": f"{code[:3]} {code[3:]}"}, follow=True)

    assert "подтверждён" in answer.content.decode()
    assert contact(people.anna).confirmed_at is not None
    assert access.person_by_address(PHONE).user_id == people.anna.user_id


def test_a_wrong_code_is_told_at_the_field_and_the_sixth_try_is_over(people, window):
    page = add(window, people.anna)
    code = letters.code_to(PHONE)

    told = [window.post(page, {"code": letters.other_than(code)}) for _ in range(5)]
    last = window.post(page, {"code": code})

    assert "Осталось попыток: 4" in told[0].content.decode()
    assert [one.status_code for one in (*told, last)] == [422] * 6
    assert "больше не действует" in last.content.decode()
    assert contact(people.anna).confirmed_at is None


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "😀😀😀😀😀😀", "1" * 300])
def test_what_is_no_code_is_told_and_costs_no_try(people, window, typed):
    page = add(window, people.anna)
    code = letters.code_to(PHONE)

    for _ in range(6):
        assert window.post(page, {"code": typed}).status_code == 422
    assert window.post(page, {"code": code}).status_code == 302


def test_an_expired_code_is_refused_and_a_new_one_may_be_asked_for(people, window, monkeypatch):
    page = add(window, people.anna)
    code = letters.code_to(PHONE)
    later(monkeypatch, minutes=11)

    assert "больше не действует" in window.post(page, {"code": code}).content.decode()
    window.post(page, {"send": "yes"})
    assert window.post(page, {"code": letters.code_to(PHONE)}).status_code == 302


def test_a_code_is_not_sent_twice_within_a_minute(people, window):
    page = add(window, people.anna)

    answer = window.post(page, {"send": "yes"}, follow=True)

    assert "Новый можно запросить через" in answer.content.decode()
    assert len([one for one in letters.taken() if one.kind == "code"]) == 1


def test_the_code_is_of_no_use_in_another_browser(people, window):
    page = add(window, people.anna)
    code = letters.code_to(PHONE)
    other = signed_in(people.anna.user_id)

    assert other.post(page, {"code": code}).status_code == 422
    assert window.post(page, {"code": code}).status_code == 302


def test_a_code_of_one_contact_confirms_no_other(people, window):
    first = add(window, people.anna, "anna2@example.org")
    second = add(window, people.anna)
    code = letters.code_to("anna2@example.org")

    assert window.post(second, {"code": code}).status_code == 422
    assert window.post(first, {"code": code}).status_code == 302


def test_confirming_twice_or_in_two_tabs_changes_nothing(people, window):
    page = add(window, people.anna)
    code = letters.code_to(PHONE)
    window.post(page, {"code": code})

    again = window.post(page, {"code": code}, follow=True)
    sent = window.post(page, {"send": "yes"}, follow=True)

    assert "уже подтверждён" in again.content.decode()
    assert "уже подтверждён" in sent.content.decode()
    assert letters.taken() == [] or all(one.kind != "code" for one in letters.taken())


def test_a_contact_deleted_meanwhile_asks_for_no_code_any_more(people, window):
    page = add(window, people.anna)
    window.post(reverse("cabinet:end_contact", args=[people.anna.number, contact(people.anna).id]))

    answer = window.post(page, {"code": letters.code_to(PHONE)}, follow=True)

    assert "уже не действует" in answer.content.decode()
    assert access.person_by_address(PHONE) is None


def test_a_landline_gets_no_code(people, window):
    answer = window.post(
        reverse("cabinet:choices", args=[people.anna.number]),
        {"what": "contact", "value": "8 (4922) 12-34-56"},
        follow=True,
    )

    assert "городской телефон" in answer.content.decode()
    assert [one for one in letters.taken() if one.kind == "code"] == []


def test_a_contact_of_somebody_else_a_forged_one_and_a_readers_try_confirm_nothing(people, window):
    add(window, people.anna)
    theirs = contact(people.anna).id
    intruder = signed_in(people.intruder.user_id)
    accounts.grant_access(
        people.anna.account.id, user_id=people.igor.user_id, role=GrantRole.PAYER, from_on=cast.LONG_AGO, at=cast.NOW
    )

    for number, contact_id, expected, who in (
        (people.intruder.number, theirs, 404, intruder),
        (people.anna.number, theirs, 404, intruder),
        (people.anna.number, 2**80, 404, window),
        (people.anna.number, theirs, 403, signed_in(people.igor.user_id)),
    ):
        path = reverse("cabinet:confirm_contact", args=[number, contact_id])
        assert who.post(path, {"send": "yes"}).status_code == expected
        assert who.get(path).status_code == expected


def test_signing_out_in_between_asks_to_sign_in_again(people, window):
    page = add(window, people.anna)
    code = letters.code_to(PHONE)
    window.logout()

    answer = window.post(page, {"code": code})

    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert contact(people.anna).confirmed_at is None


def test_a_deleted_contact_signs_nobody_in_any_more(people, window):
    page = add(window, people.anna)
    window.post(page, {"code": letters.code_to(PHONE)})

    window.post(reverse("cabinet:end_contact", args=[people.anna.number, contact(people.anna).id]))

    assert access.person_by_address(PHONE) is None


def test_an_unconfirmed_contact_is_told_nothing_of_the_account(people, window):
    add(window, people.anna)

    assert customers.prefer(people.anna.account.customer_id, ways={"bill": "sms"}, at=cast.NOW)
    assert queries.way_to_tell(people.anna.account.customer_id, subject="bill", on=date(2026, 11, 25)) is None

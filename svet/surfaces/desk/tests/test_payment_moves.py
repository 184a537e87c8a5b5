"""A payment on a customer's card: moved once, moved back, never by who may not, never from where it is not."""

from decimal import Decimal

import pytest
from django.urls import reverse

from svet.domains.access import queries as access
from svet.domains.ledger import queries as ledger
from svet.domains.payments import actions, queries
from tests import cast, doors
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

INNER_WORK = {"cashier": "payment_search", "operator": "reading_check", "supervisor": "payment_search"}


@pytest.fixture
def people():
    return cast.assemble()


@pytest.fixture
def browser(people):
    return at_the_desk(people, "cashier")


def at_the_desk(people, role, *, opens=("anna", "igor", "vera")):
    browser = signed_in(people.staff[role].user_id, proved=True)
    for one in opens:
        doors.inside(browser, getattr(people, one).number, purpose=INNER_WORK[role])
    return browser


def paid(person, *, amount="512.30", external_id="777") -> int:
    return actions.accept_payment(
        source_code="sberbank",
        external_id=external_id,
        account_number=person.number,
        amount=Decimal(amount),
        paid_at=cast.moment(cast.date(2026, 11, 10)),
        received_at=cast.NOW,
    ).payment_id


def page_of(person, payment_id):
    return reverse("desk:account_payment", args=[person.number, payment_id])


def balance(person):
    return ledger.balance(person.account.id)


def move(browser, person, payment_id, *, to, reason="Плательщик показал чек"):
    return browser.post(page_of(person, payment_id), {"number": to, "reason": reason})


def test_a_payment_moves_to_the_account_that_was_meant_and_the_page_says_who_did_it(people, browser):
    payment_id = paid(people.anna)

    answer = move(browser, people.anna, payment_id, to=people.igor.number)

    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(people.anna, payment_id))
    assert (balance(people.anna), balance(people.igor)) == (0, Decimal("-512.30"))
    shown = browser.get(page_of(people.anna, payment_id)).content.decode()
    assert access.person(people.staff["cashier"].user_id).name in shown
    assert "Плательщик показал чек" in shown
    assert "на другом счёте" in shown
    assert "<button" in browser.get(page_of(people.igor, payment_id)).content.decode()


def test_the_account_that_lost_a_payment_still_leads_to_it(people, browser):
    payment_id = paid(people.anna)
    move(browser, people.anna, payment_id, to=people.igor.number)

    card = browser.get(reverse("desk:account", args=[people.anna.number])).content.decode()

    assert "Перенесены на другие счета" in card
    assert page_of(people.anna, payment_id) in card


def test_a_mistaken_move_is_taken_back_by_a_move_of_its_own(people, browser):
    payment_id = paid(people.anna)
    move(browser, people.anna, payment_id, to=people.igor.number)
    shown = browser.get(page_of(people.igor, payment_id) + f"?number={people.anna.number}").content.decode()
    assert f"Вернуть на счёт {people.anna.number}" in shown
    assert f'value="{people.anna.number}"' in shown

    move(browser, people.igor, payment_id, to=people.anna.number, reason="Перенесли по ошибке")

    assert (balance(people.anna), balance(people.igor)) == (Decimal("-512.30"), 0)
    assert len(queries.moves_of(payment_id)) == 2


def test_a_form_sent_twice_moves_once(people, browser):
    payment_id = paid(people.anna)

    answers = [move(browser, people.anna, payment_id, to=people.igor.number).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert balance(people.igor) == Decimal("-512.30")
    assert len(queries.moves_of(payment_id)) == 1


def test_a_stale_page_moves_nothing_and_says_why(people, browser):
    payment_id = paid(people.anna)
    move(at_the_desk(people, "supervisor"), people.anna, payment_id, to=people.igor.number)

    answer = move(browser, people.anna, payment_id, to=people.vera.number, reason="Другой чек")

    assert answer.status_code == 422
    assert "перенесли на другой счёт. Ничего не изменено" in answer.content.decode()
    assert balance(people.igor) == Decimal("-512.30")


@pytest.mark.parametrize(
    ("number", "reason", "says"),
    [
        ("", "чек", "Введите номер лицевого счёта"),
        ("3300000000", "чек", "Лицевого счёта 3300000000 нет"),
        ("3300 00001", "чек", "Лицевого счёта 3300 00001 нет"),
        ("🙂'\"", "чек", "нет"),
        ("9" * 300, "чек", "не более 10"),
        ("igor", "", "Напишите, почему платёж переносится"),
        ("igor", "   ", "Напишите, почему платёж переносится"),
        ("igor", "я" * 401, "не более 400"),
        ("anna", "чек", "этот платёж уже на нём"),
    ],
)
def test_what_is_typed_wrong_is_said_at_the_field_and_nothing_moves(people, browser, number, reason, says):
    payment_id = paid(people.anna)
    number = getattr(people, number).number if number in {"anna", "igor"} else number

    answer = move(browser, people.anna, payment_id, to=number, reason=reason)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert queries.moves_of(payment_id) == []


def test_a_reason_is_shown_as_it_was_written(people, browser):
    payment_id = paid(people.anna)
    move(browser, people.anna, payment_id, to=people.igor.number, reason="О'Нил <b>сказал</b> 🙂")

    assert "О&#x27;Нил &lt;b&gt;сказал&lt;/b&gt; 🙂" in browser.get(page_of(people.anna, payment_id)).content.decode()


def test_a_payment_that_its_bank_took_back_is_not_moved(people, browser):
    payment_id = paid(people.anna)
    actions.reverse_payment(payment_id, reason="ошибка банка", at=cast.NOW)

    assert "<textarea" not in browser.get(page_of(people.anna, payment_id)).content.decode()
    answer = move(browser, people.anna, payment_id, to=people.igor.number)

    assert (answer.status_code, balance(people.igor)) == (422, 0)


def test_a_payment_of_another_account_is_not_found(people, browser):
    payment_id = paid(people.anna)

    for forged in (payment_id, 0, 2**62, 2**80):
        assert browser.get(page_of(people.igor, forged)).status_code == 404
        assert move(browser, people.igor, forged, to=people.vera.number).status_code == 404
    assert balance(people.anna) == Decimal("-512.30")


def test_who_may_not_move_payments_sees_no_way_to_it(people):
    payment_id = paid(people.anna)
    operator = at_the_desk(people, "operator")

    assert (
        page_of(people.anna, payment_id)
        not in operator.get(reverse("desk:account", args=[people.anna.number])).content.decode()
    )
    assert move(operator, people.anna, payment_id, to=people.igor.number).status_code == 403


def test_a_purpose_is_asked_before_a_payment_is_shown_or_moved(people):
    payment_id = paid(people.anna)
    hasty = at_the_desk(people, "cashier", opens=())

    answer = move(hasty, people.anna, payment_id, to=people.igor.number)

    assert answer.headers["Location"].startswith(reverse("desk:why", args=[people.anna.number]))
    assert balance(people.igor) == 0


def test_who_signed_out_in_between_moves_nothing(people, browser):
    payment_id = paid(people.anna)
    browser.logout()

    answer = move(browser, people.anna, payment_id, to=people.igor.number)

    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert balance(people.igor) == 0


def test_a_closed_account_still_takes_the_payment(people, browser):
    payment_id = paid(people.anna)
    former = cast.accounts.open_account(
        people.igor.account.customer_id, opened_on=cast.LONG_AGO, at=cast.NOW, number=cast.account_number(9)
    )
    cast.accounts.close_account(former.id, closed_on=cast.date(2026, 11, 1), at=cast.NOW)

    assert move(browser, people.anna, payment_id, to=former.number).status_code == 302
    assert ledger.balance(former.id) == Decimal("-512.30")

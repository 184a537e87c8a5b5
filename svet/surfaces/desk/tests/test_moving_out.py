"""A customer leaves: foretold to the kopeck, confirmed as shown, all or nothing, and taken back with a reason."""

import html
import re
import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as accounts_of
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.billing import queries as bills
from svet.domains.debts import actions as debts
from svet.domains.debts.queries import penalty_as_of
from svet.domains.ledger import actions as books
from svet.domains.ledger import queries as ledger
from svet.domains.ledger.rules import EntryKind
from svet.domains.metering import queries as metering
from svet.domains.tariffs import actions as tariffs
from svet.flows import account_pages
from svet.infra.models import AuditRecord
from svet.kernel.period import Month
from tests import cast, doors, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
TODAY = cast.NOW.date()
OCTOBER, NOVEMBER = Month("2026-10"), Month("2026-11")
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def people(monkeypatch):
    """The cast with October billed."""
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    found = cast.assemble()
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    at = cast.moment(NOVEMBER.first_on)
    run_id = billing.start_run(month=OCTOBER, started_by=None, at=at)
    billing_jobs.work_off(run_id, at=at)
    return found


@pytest.fixture
def browser(people):
    return at_the_desk(people, "supervisor")


def at_the_desk(people, role):
    browser = signed_in(people.staff[role].user_id, proved=True)
    return doors.identified(browser, people.anna.number)


def page_of(person, name="move_out"):
    return reverse(f"desk:{name}", args=[person.number])


def ask(browser, person, value="13781", *, on=TODAY, key=KEY, reason="Квартира продана", **more):
    data = {"request_key": key, "last_on": str(on), "reason": reason, "m1_t1": value, **more}
    return browser.post(page_of(person), data)


def confirmation(answer):
    return html.unescape(re.search(r'name="confirmed" value="([^"]*)"', answer.content.decode())[1])


def leave(browser, person, value="13781", **more):
    return ask(browser, person, value, confirmed=confirmation(ask(browser, person, value, **more)), **more)


def take_back(browser, person, reason="Передумал"):
    return browser.post(page_of(person, "take_move_out_back"), {"reason": reason})


def text(answer):
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def state(person):
    """What there is to see of an account that did not change."""
    account = accounts_of.account_by_id(person.account.id)
    periods = [period.end for period in accounts_of.supplied_periods(account.id)]
    return account.closed_on, periods, ledger.balance(account.id), len(metering.history(account.id))


def test_what_will_happen_is_shown_and_nothing_is_done(people, browser):
    before = state(people.anna)

    shown = text(ask(browser, people.anna))

    # A part of the month has a part of the social norm: dearer than the same 181 kWh of a whole month.
    assert "1 010,07" in shown
    assert "181 кВт·ч" in shown
    assert "Закрыть счёт" in shown
    assert state(people.anna) == before
    assert not AuditRecord.objects.filter(verb="moving.moved_out").exists()


def test_a_confirmed_move_bills_finally_and_closes_the_account(people, browser):
    owed = ledger.balance(people.anna.account.id)

    answer = leave(browser, people.anna)

    assert answer.status_code == 302, text(answer)
    closed_on, periods, balance, _ = state(people.anna)
    assert (closed_on, periods) == (TODAY + timedelta(days=1), [TODAY + timedelta(days=1)])
    final = bills.last_bill_of(people.anna.account.id).bill
    assert (final.month, final.kwh, balance) == (NOVEMBER, 181, owed + Decimal("1010.07"))
    page = text(browser.get(page_of(people.anna)))
    assert final.number in page
    assert "Осталось доплатить" in page
    record = AuditRecord.objects.get(verb="moving.moved_out")
    assert (record.reason, record.account_id) == ("Квартира продана", people.anna.account.id)


def test_a_confirmation_is_of_what_was_shown_and_of_nothing_else(people, browser):
    seen = confirmation(ask(browser, people.anna))

    other_value = ask(browser, people.anna, "13790", confirmed=seen)
    forged = ask(browser, people.anna, confirmed="1")

    assert all("Закрыть счёт" in text(answer) for answer in (other_value, forged))
    assert state(people.anna)[0] is None


def test_the_form_sent_twice_closes_once(people, browser):
    leave(browser, people.anna)
    after = state(people.anna)

    again = ask(browser, people.anna, confirmed="anything")

    assert "Счёт закрыт" in text(again)
    assert state(people.anna) == after


@pytest.mark.parametrize("value", ["", "12х45", "9" * 40, "1'; DROP TABLE x", "😀", "-5"])
def test_a_wrong_last_value_is_said_at_its_field_and_nothing_is_left(people, browser, value):
    before = state(people.anna)

    answer = ask(browser, people.anna, value)

    assert answer.status_code == 422
    assert 'id="id_m1_t1_error"' in text(answer)
    assert state(people.anna) == before


def test_an_odd_last_value_is_told_and_counts_when_confirmed(people, browser):
    asked = ask(browser, people.anna, "17000")
    assert "Проверьте показания" in text(asked)

    leave(browser, people.anna, "17000")

    assert bills.last_bill_of(people.anna.account.id).bill.kwh == 3400


def test_days_to_come_days_billed_and_a_missing_reason_are_refused_in_words(people, browser):
    before = state(people.anna)

    answers = [
        ask(browser, people.anna, on=TODAY + timedelta(days=1)),
        ask(browser, people.anna, "13600", on=date(2026, 10, 25)),
        ask(browser, people.anna, reason=" "),
        ask(browser, people.anna, reason="ё" * 401),
        ask(browser, people.anna, key="forged"),
    ]

    assert [answer.status_code for answer in answers] == [422] * 5
    assert "ещё не наступил" in text(answers[0])
    assert "уже начислен" in text(answers[1])
    assert "Напишите, почему" in text(answers[2])
    assert state(people.anna) == before


def test_a_move_is_taken_back_to_the_kopeck_with_a_reason(people, browser):
    before = state(people.anna)[:3]
    leave(browser, people.anna)

    without = take_back(browser, people.anna, reason="")
    answer = take_back(browser, people.anna, reason="Клиент «передумал» — 😀")

    assert (without.status_code, answer.status_code) == (422, 302)
    assert state(people.anna)[:3] == before
    record = AuditRecord.objects.get(verb="moving.move_out_taken_back")
    assert record.reason == "Клиент «передумал» — 😀"
    twice = take_back(browser, people.anna)
    assert "отменять нечего" in text(twice)


def test_after_taking_back_the_customer_may_leave_again(people, browser):
    leave(browser, people.anna)
    take_back(browser, people.anna)

    answer = leave(browser, people.anna, "13785", key="f" * 32)

    assert answer.status_code == 302, text(answer)
    assert bills.last_bill_of(people.anna.account.id).bill.kwh == 185


def test_a_move_is_not_taken_back_once_somebody_else_lives_there(people, browser):
    leave(browser, people.anna)
    tomorrow = TODAY + timedelta(days=1)
    accounts.make_agreement(
        people.vera.account.id, supply_point_id=people.anna.supply_point_id, from_on=tomorrow, at=cast.NOW
    )
    after = state(people.anna)

    answer = take_back(browser, people.anna)

    assert "действует другой договор" in text(answer)
    assert state(people.anna) == after


def test_two_zones_are_both_asked_for(people, browser):
    doors.identified(browser, people.igor.number)

    answer = leave(browser, people.igor, "9450", m1_t2="4600")

    assert answer.status_code == 302, text(answer)
    assert accounts_of.account_by_id(people.igor.account.id).closed_on is not None


def test_an_operator_moves_out_but_takes_nothing_back_and_a_cashier_neither(people):
    operator = at_the_desk(people, "operator")
    leave(operator, people.anna)
    cashier = doors.inside(
        signed_in(people.staff["cashier"].user_id, proved=True), people.vera.number, purpose="payment_search"
    )

    assert state(people.anna)[0] is not None
    assert "Отменить отъезд" not in text(operator.get(page_of(people.anna)))
    assert take_back(operator, people.anna).status_code == 403
    assert cashier.get(page_of(people.vera)).status_code == 403
    assert ask(cashier, people.vera).status_code == 403


def test_penalties_are_brought_up_to_the_last_day_in_the_last_bill(people, browser):
    account_id, at = people.anna.account.id, cast.moment(NOVEMBER.first_on)
    reference.load(debts, at=at)
    debts.confirm_key_rates(date(2026, 12, 18), source="www.cbr.ru", by=None, at=at)
    books.post(
        account_id=account_id,
        kind=EntryKind.OPENING,
        amount=Decimal("1840.55"),
        month=NOVEMBER,
        concerns=Month("2026-05"),
        posted_on=NOVEMBER.first_on,
        source_kind="opening",
        source_id=77,
        recorded_at=at,
    )

    leave(browser, people.anna)

    bill = account_pages.document(account_id, month=NOVEMBER)
    assert bill.penalties == penalty_as_of(account_id, TODAY) > 0

"""Money taken at the till: once per form, in cash with its change or by card with its slip."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from svet.domains.ledger.models import Entry
from svet.domains.payments import queries
from svet.domains.payments.models import Payment, TillOperation
from svet.domains.payments.tests.makers import a_charge, an_account, entries, number
from svet.domains.payments.tests.till_makers import (
    OTHER,
    a_shift,
    close,
    drawer,
    take,
)
from svet.infra.models import AuditRecord, Fact
from svet.kernel.errors import Conflict, DomainError, NotAllowed, NotFound


@pytest.fixture
def account(db):
    return an_account(1)


def test_cash_is_taken_posted_and_its_change_is_known(account):
    shift_id = a_shift()

    operation = queries.operation(take(shift_id, "412.30", given="500.00"))

    assert (operation.change, operation.code, operation.account_number) == (Decimal("87.70"), "K1-1-1", number(1))
    assert entries(account) == [("payment", Decimal("-412.30"))]
    assert drawer(shift_id) == Decimal("1412.30")
    payment = queries.payment(operation.payment_id)
    assert (payment.source_name, payment.external_id) == ("Касса: Касса K1", "K1-1-1")
    assert Fact.objects.filter(name="payments.till_operation_made", account_id=account.pk).count() == 1
    assert AuditRecord.objects.filter(verb="payments.till_operation", account_id=account.pk).count() == 1


def test_a_form_sent_twice_takes_money_once(account):
    shift_id = a_shift()

    assert take(shift_id, key="same") == take(shift_id, key="same")

    assert Payment.objects.count() == 1
    assert drawer(shift_id) == Decimal("1412.30")


def test_the_same_form_with_another_sum_takes_nothing(account):
    shift_id = a_shift()
    take(shift_id, "10.00", key="same")

    with pytest.raises(Conflict, match="operation_differs"):
        take(shift_id, "11.00", key="same")

    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_form_from_two_connections_takes_money_once():
    an_account(1)
    shift_id = a_shift()

    def send(_):
        try:
            return take(shift_id, key="same")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(send, range(4)))

    assert len(set(taken)) == 1
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("amount", ["0", "-5", "0.001", "NaN", "Infinity", "1e12"])
def test_what_is_no_sum_is_refused(account, amount):
    shift_id = a_shift()

    with pytest.raises(DomainError, match="amount_is_wrong"):
        take(shift_id, amount)

    assert TillOperation.objects.count() == 0


def test_more_than_the_channel_takes_is_refused(account):
    with pytest.raises(DomainError, match="amount_is_out_of_limits"):
        take(a_shift(), "100000.01")


def test_less_cash_than_the_sum_is_refused_and_says_how_much_is_missing(account):
    with pytest.raises(DomainError, match="cash_is_short") as refused:
        take(a_shift(), "100.00", given="99.50")

    assert refused.value.facts["missing"] == "0.50"
    assert Payment.objects.count() == 0


@pytest.mark.parametrize("slip", ["12345678901", "1234567890123", "12345678901x", "１２３４５６７８９０１２"])
def test_a_card_needs_the_slips_number(account, slip):
    with pytest.raises(DomainError, match="slip_is_wrong"):
        take(a_shift(), slip=slip)


def test_a_slip_is_entered_once(account):
    shift_id = a_shift()
    take(shift_id, slip="123456789012")

    with pytest.raises(DomainError, match="slip_is_used"):
        take(shift_id, slip="123456789012")

    assert Payment.objects.count() == 1


def test_a_card_leaves_the_drawer_alone(account):
    shift_id = a_shift()
    take(shift_id, slip="123456789012")

    assert drawer(shift_id) == Decimal("1000.00")


def test_nobody_takes_money_in_another_cashiers_shift(account):
    shift_id = a_shift()

    with pytest.raises(NotAllowed, match="shift_of_another_cashier"):
        take(shift_id, by=OTHER)
    with pytest.raises(NotAllowed, match="shift_of_another_cashier"):
        close(shift_id, "1000.00", by=OTHER)


def test_a_closed_account_without_a_debt_takes_no_money(db):
    debtor, settled = an_account(1, closed_on=date(2026, 5, 1)), an_account(2, closed_on=date(2026, 5, 1))
    a_charge(debtor, amount="100.00", month=date(2026, 4, 1))
    shift_id = a_shift()

    take(shift_id, "100.00")
    with pytest.raises(DomainError, match="account_is_settled"):
        take(shift_id, "100.00", account=settled.number)
    with pytest.raises(NotFound, match="account_not_found"):
        take(shift_id, account="3300000000")
    assert Entry.objects.filter(account=settled).count() == 0


# the device's tasks

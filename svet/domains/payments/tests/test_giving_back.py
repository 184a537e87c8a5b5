"""Money given back at the till: owed again, once, and only what lies in the drawer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from svet.domains.ledger import queries as ledger
from svet.domains.payments import actions, queries
from svet.domains.payments.models import FiscalTask, TillOperation
from svet.domains.payments.rules.tills import OperationKind, TaskKind
from svet.domains.payments.tests.makers import NOW, a_charge, an_account, entries, number
from svet.domains.payments.tests.till_makers import (
    NINA,
    a_shift,
    close,
    drawer,
    give_back,
    take,
)
from svet.kernel.errors import Conflict, DomainError, NotFound


@pytest.fixture
def account(db):
    return an_account(1)


def test_a_payment_given_back_is_owed_again_and_leaves_the_drawer(account):
    shift_id = a_shift()
    paid = take(shift_id)

    back = queries.operation(give_back(paid))

    assert (back.kind, back.amount, back.reverses_id) == (OperationKind.REFUND, Decimal("412.30"), paid)
    assert sum(amount for _, amount in entries(account)) == 0
    assert drawer(shift_id) == Decimal("1000.00")
    assert queries.operation(paid).reversed_by_id == back.operation_id
    with pytest.raises(DomainError, match="payment_is_reversed"):
        actions.reassign_payment(
            back.payment_id, account_number=number(1), from_account_id=account.pk, reason="x", by=NINA, at=NOW
        )


def test_a_payment_is_given_back_once(account):
    paid = take(a_shift())
    assert give_back(paid, key="same") == give_back(paid, key="same")

    with pytest.raises(Conflict, match="payment_is_given_back"):
        give_back(paid)

    assert TillOperation.objects.filter(kind=OperationKind.REFUND).count() == 1


def test_what_cannot_be_given_back_is_not(account):
    shift_id = a_shift()
    paid, by_card = take(shift_id), take(shift_id, "50.00", slip="123456789012")
    with pytest.raises(DomainError, match="reason_is_missing"):
        give_back(paid, reason="  ")
    with pytest.raises(DomainError, match="slip_is_wrong"):
        give_back(by_card)
    with pytest.raises(DomainError, match="not_a_payment"):
        give_back(give_back(paid))
    with pytest.raises(NotFound):
        give_back(10**9)
    close(shift_id, "1000.00")
    with pytest.raises(Conflict, match="shift_is_closed"):
        give_back(by_card, slip="123456789013")


def test_cash_that_is_not_in_the_drawer_cannot_leave_it(account):
    shift_id = a_shift(opening_float="0")
    paid = take(shift_id, "300.00")
    move = {"reason": "в банк", "by": NINA, "at": NOW, "kind": OperationKind.WITHDRAWAL}
    with pytest.raises(DomainError, match="not_enough_cash"):
        actions.move_cash(shift_id, amount=Decimal("300.01"), request_key="a", **move)

    actions.move_cash(shift_id, amount=Decimal("300.00"), request_key="b", **move)
    actions.move_cash(shift_id, amount=Decimal("300.00"), request_key="b", **move)

    assert drawer(shift_id) == 0
    with pytest.raises(DomainError, match="not_enough_cash"):
        give_back(paid)


def part(operation_id, amount, *, key="part", by=NINA):
    return actions.give_back(
        operation_id, reason="Лишнее", request_key=key, by=by, at=NOW, amount=Decimal(amount)
    ).operation_id


def test_a_part_comes_out_of_what_was_paid_too_much(account):
    a_charge(account, amount="500.00", month=NOW.date().replace(month=5, day=1))
    shift_id = a_shift()
    paid = take(shift_id, "5000.00")

    part(paid, "4500.00")

    assert ledger.balance(account.pk) == 0
    assert drawer(shift_id) == Decimal("1500.00")
    receipt = FiscalTask.objects.get(kind=TaskKind.SELL_RETURN).payload
    assert receipt["amount"] == "4500.00"
    assert receipt["positions"] == [{"amount": "4500.00", "is_advance": True}]


def test_a_part_sent_twice_goes_back_once_and_another_sum_is_refused(account):
    shift_id = a_shift()
    paid = take(shift_id, "300.00")

    first = part(paid, "100.00")

    assert part(paid, "100.00") == first
    with pytest.raises(Conflict, match="operation_differs"):
        part(paid, "50.00")
    with pytest.raises(Conflict, match="payment_is_given_back"):
        part(paid, "50.00", key="again")
    with pytest.raises(Conflict, match="payment_is_given_back"):
        give_back(paid)
    assert drawer(shift_id) == Decimal("1200.00")


@pytest.mark.parametrize(
    ("amount", "code"),
    [("300.01", "more_than_was_paid"), ("0", "amount_is_wrong"), ("200.01", "refund_exceeds_credit")],
)
def test_a_part_that_cannot_go_back_moves_nothing(account, amount, code):
    a_charge(account, amount="100.00", month=NOW.date().replace(month=5, day=1))
    shift_id = a_shift()
    paid = take(shift_id, "300.00")

    with pytest.raises(DomainError, match=code):
        part(paid, amount)

    assert drawer(shift_id) == Decimal("1300.00")
    assert ledger.balance(account.pk) == Decimal("-200.00")

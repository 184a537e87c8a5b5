"""Money finds its owner, moves from a wrong account to the right one, goes back; nothing is rewritten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from svet.domains.ledger import queries as ledger
from svet.domains.ledger.models import Entry
from svet.domains.payments import actions, queries
from svet.domains.payments.models import Payment, Refund
from svet.domains.payments.tests.makers import NOW, PAID_AT, a_charge, a_source, an_account, entries, number
from svet.infra.models import AuditRecord, Fact
from svet.kernel.errors import Conflict, DomainError, NotFound


def pay(account_number: str | None, *, external_id: str = "1", amount: str = "500.00") -> int:
    return actions.accept_payment(
        source_code="qiwi",
        external_id=external_id,
        account_number=account_number,
        amount=Decimal(amount),
        paid_at=PAID_AT,
        received_at=NOW,
    ).payment_id


def assign(payment_id: int, place: int, **more):
    return actions.assign_payment(
        payment_id, **{"account_number": number(place), "reason": "по чеку", "by": None, "at": NOW, **more}
    )


def reassign(payment_id: int, place: int, **more):
    return actions.reassign_payment(
        payment_id, **{"account_number": number(place), "reason": "ошибка в номере", "by": None, "at": NOW, **more}
    )


def give_back(account, amount: str, *, key: str = "R1"):
    return actions.refund(account.pk, amount=Decimal(amount), request_key=key, reason="заявление", by=None, at=NOW)


@pytest.fixture
def anna(db):
    a_source()
    return an_account(1)


@pytest.fixture
def boris(anna):
    return an_account(2)


def test_unidentified_money_is_given_to_its_account(anna):
    payment_id = pay(None)

    result = assign(payment_id, 1)

    assert (result.account_id, result.is_new) == (anna.pk, True)
    assert entries(anna) == [("payment", Decimal("-500.00"))]
    assert Entry.objects.get().posted_on == date(2026, 6, 3)
    assert queries.unidentified() == []
    assert [row.payment_id for row in queries.payments_of(anna.pk)] == [payment_id]


def test_assigning_twice_is_assigning_once(anna):
    payment_id = pay(None)
    assign(payment_id, 1)

    assert assign(payment_id, 1).is_new is False
    assert entries(anna) == [("payment", Decimal("-500.00"))]


def test_money_that_has_an_account_cannot_be_assigned_to_another(anna, boris):
    payment_id = pay(number(1))

    with pytest.raises(Conflict, match="payment_has_an_account"):
        assign(payment_id, 2)


def test_money_at_a_wrong_account_moves_by_a_reversal_and_a_new_entry(anna, boris):
    payment_id = pay(number(1))

    reassign(payment_id, 2)

    assert entries(anna) == [("payment", Decimal("-500.00")), ("reversal", Decimal("500.00"))]
    assert entries(boris) == [("payment", Decimal("-500.00"))]
    assert queries.payments_of(anna.pk) == []
    assert queries.allocation_of(anna.pk).credit == 0
    assert queries.allocation_of(boris.pk).credit == Decimal(500)
    facts = Fact.objects.exclude(name="payments.payment_accepted").values_list("name", "account_id")
    assert set(facts) == {("payments.payment_taken_away", anna.pk), ("payments.payment_assigned", boris.pk)}


def test_money_may_come_back_to_where_it_was(anna, boris):
    payment_id = pay(number(1))
    for place in (2, 1, 2):
        reassign(payment_id, place)

    assert sum(amount for _, amount in entries(anna)) == 0
    assert sum(amount for _, amount in entries(boris)) == Decimal(-500)
    assert queries.payment(payment_id).account_id == boris.pk
    assert queries.allocation_of(boris.pk).credit == Decimal(500)


def test_moving_to_where_it_is_changes_nothing(anna):
    payment_id = pay(number(1))

    assert reassign(payment_id, 1).is_new is False
    assert len(entries(anna)) == 1


def test_unidentified_money_is_not_moved_but_assigned(anna):
    with pytest.raises(Conflict, match="payment_is_unidentified"):
        reassign(pay(None), 1)


@pytest.mark.parametrize("move", [assign, reassign])
def test_a_move_needs_a_reason_an_account_and_a_payment(anna, move):
    payment_id = pay(None)

    with pytest.raises(DomainError, match="reason_is_missing"):
        move(payment_id, 1, reason="  ")
    with pytest.raises(NotFound, match="account_not_found"):
        move(payment_id, 9)
    with pytest.raises(NotFound, match="payment_not_found"):
        move(10**12, 1)


def test_a_reversed_payment_is_owed_again_once(anna):
    a_charge(anna, amount="500.00", month=date(2026, 5, 1))
    payment_id = pay(number(1))

    first = actions.reverse_payment(payment_id, reason="банк отозвал", at=NOW)
    second = actions.reverse_payment(payment_id, reason="банк отозвал", at=NOW)

    assert (first.is_new, second.is_new) == (True, False)
    assert sum(amount for _, amount in entries(anna)) == Decimal(500)
    assert queries.allocation_of(anna.pk).owed == Decimal(500)
    assert queries.payments_of(anna.pk)[0].is_reversed


def test_a_reversed_payment_cannot_be_moved(anna, boris):
    payment_id = pay(number(1))
    actions.reverse_payment(payment_id, reason="банк отозвал", at=NOW)

    with pytest.raises(Conflict, match="payment_is_reversed"):
        reassign(payment_id, 2)


def test_reversed_unidentified_money_leaves_the_pile(anna):
    actions.reverse_payment(pay(None), reason="банк отозвал", at=NOW)

    assert queries.unidentified() == []


def test_a_moved_payment_is_reversed_where_it_is(anna, boris):
    payment_id = pay(number(1))
    reassign(payment_id, 2)

    assert actions.reverse_payment(payment_id, reason="банк отозвал", at=NOW).account_id == boris.pk
    assert sum(amount for _, amount in entries(boris)) == 0


def test_a_credit_balance_is_given_back_once_per_request(anna):
    pay(number(1))

    first, second = give_back(anna, "200.00"), give_back(anna, "200.00")

    assert (first.refund_id, first.is_new, second.is_new) == (second.refund_id, True, False)
    assert sum(amount for _, amount in entries(anna)) == Decimal(-300)
    assert queries.allocation_of(anna.pk).credit == Decimal(300)
    assert AuditRecord.objects.filter(verb="payments.refund").count() == 1


def test_no_more_than_the_credit_is_given_back(anna):
    a_charge(anna, amount="400.00", month=date(2026, 5, 1))
    pay(number(1))

    with pytest.raises(DomainError, match=r"refund_exceeds_credit.*100\.00"):
        give_back(anna, "100.01")
    assert Refund.objects.count() == 0
    assert give_back(anna, "100.00").is_new


def test_a_request_for_another_amount_is_a_conflict(anna):
    pay(number(1))
    give_back(anna, "200.00")

    with pytest.raises(Conflict, match="refund_differs"):
        give_back(anna, "100.00")


@pytest.mark.django_db(transaction=True)
def test_racing_refunds_never_give_back_more_than_there_is():
    a_source()
    anna = an_account(1)
    pay(number(1))

    def race(key: int) -> bool:
        try:
            return give_back(anna, "200.00", key=str(key)).is_new
        except DomainError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        given = list(threads.map(race, range(6)))

    assert sum(given) == 2
    assert sum(amount for _, amount in entries(anna)) == Decimal(-100)


@pytest.mark.django_db(transaction=True)
def test_racing_assignments_give_the_money_to_one_account():
    a_source()
    accounts = [an_account(place) for place in (1, 2)]
    payment_id = pay(None)

    def race(place: int) -> bool:
        try:
            return assign(payment_id, 1 + place % 2).is_new
        except Conflict:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        assigned = list(threads.map(race, range(6)))

    assert sum(assigned) == 1
    assert sum(amount for account in accounts for _, amount in entries(account)) == Decimal(-500)
    assert Payment.objects.count() == 1


def test_a_payment_that_went_elsewhere_meanwhile_is_left_where_it_is(anna, boris):
    third = an_account(3)
    payment_id = pay(number(1))
    reassign(payment_id, 2, from_account_id=anna.pk)

    with pytest.raises(Conflict, match="payment_is_elsewhere"):
        reassign(payment_id, 3, from_account_id=anna.pk)

    assert reassign(payment_id, 2, from_account_id=anna.pk).is_new is False
    assert entries(third) == []
    assert entries(boris) == [("payment", Decimal("-500.00"))]


def test_the_moves_of_a_payment_say_who_moved_it_where_and_why(anna, boris):
    payment_id = pay(None)
    assign(payment_id, 1, by=7)
    reassign(payment_id, 2, by=8)
    reassign(payment_id, 1, by=9, reason="перенесли по ошибке")

    assert [(row.moved_by, row.from_number, row.to_number, row.reason) for row in queries.moves_of(payment_id)] == [
        (7, "", number(1), "по чеку"),
        (8, number(1), number(2), "ошибка в номере"),
        (9, number(2), number(1), "перенесли по ошибке"),
    ]
    assert [row.payment_id for row in queries.moved_away(boris.pk)] == [payment_id]
    assert queries.moved_away(anna.pk) == []


def test_moves_of_no_payment_are_not_found(anna):
    with pytest.raises(NotFound, match="payment_not_found"):
        queries.moves_of(404)


def test_money_that_was_given_back_moves_no_more(anna):
    an_account(2)
    payment_id = pay(number(1))
    terms = {"amount": Decimal("500.00"), "request_key": "R9", "reason": "заявление", "by": None, "at": NOW}
    actions.refund(anna.pk, payment_id=payment_id, **terms)

    with pytest.raises(Conflict, match="payment_is_refunded"):
        reassign(payment_id, 2)

    assert ledger.balance(anna.pk) == 0

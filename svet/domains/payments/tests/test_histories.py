"""Whatever is done in whatever order, balances are what the payments say, and doing it again changes nothing."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from svet.domains.ledger import queries as ledger
from svet.domains.payments import actions, queries
from svet.domains.payments.models import Payment, Refund
from svet.domains.payments.tests.makers import NOW, PAID_AT, a_source, an_account, number
from svet.kernel.errors import DomainError

PLACES = (1, 2, 3)


class History:
    """A random life of payments; each step may be refused, none may break the book."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.accounts = {place: an_account(place).pk for place in PLACES}

    def step(self) -> None:
        act = self.random.choice([self.pay, self.pay, self.assign, self.reassign, self.reverse, self.give_back])
        try:
            again = act()
            again()
        except DomainError:
            pass

    def pay(self):
        terms = {
            "source_code": "qiwi",
            "external_id": str(self.random.randrange(40)),
            "account_number": self.random.choice([number(1), number(2), "3300000018", None]),
            "amount": Decimal(self.random.randrange(1, 5)) * 100,
            "paid_at": PAID_AT,
            "received_at": NOW,
        }
        actions.accept_payment(**terms)
        return lambda: actions.accept_payment(**terms)

    def _move(self, verb):
        payment_id = self._some_payment()
        terms = {"account_number": number(self.random.choice(PLACES)), "reason": "проверка", "by": None, "at": NOW}
        verb(payment_id, **terms)
        return lambda: verb(payment_id, **terms)

    def assign(self):
        return self._move(actions.assign_payment)

    def reassign(self):
        return self._move(actions.reassign_payment)

    def reverse(self):
        payment_id = self._some_payment()
        actions.reverse_payment(payment_id, reason="банк", at=NOW)
        return lambda: actions.reverse_payment(payment_id, reason="банк", at=NOW)

    def give_back(self):
        account_id = self.accounts[self.random.choice(PLACES)]
        terms = {"amount": Decimal(50), "request_key": str(self.random.random()), "reason": "заявление"}
        actions.refund(account_id, by=None, at=NOW, **terms)
        return lambda: actions.refund(account_id, by=None, at=NOW, **terms)

    def _some_payment(self) -> int:
        known = list(Payment.objects.values_list("id", flat=True))
        return self.random.choice(known) if known else 0


@pytest.mark.parametrize("seed", range(6))
def test_balances_are_what_the_payments_say(db, seed):
    a_source()
    history = History(Random(seed))

    for _ in range(60):
        history.step()

    for account_id in history.accounts.values():
        held = sum((row.amount for row in queries.payments_of(account_id) if not row.is_reversed), Decimal(0))
        given_back = sum((row.amount for row in Refund.objects.filter(account=account_id)), Decimal(0))
        assert ledger.balance(account_id) == given_back - held
        allocation = queries.allocation_of(account_id)
        assert allocation.owed - allocation.credit == given_back - held
    placed = {row.payment_id for account_id in history.accounts.values() for row in queries.payments_of(account_id)}
    waiting = {row.payment.payment_id for row in queries.unidentified()}
    reversed_unplaced = {
        pk for pk in Payment.objects.filter(reversal__isnull=False).values_list("id", flat=True) if pk not in placed
    }
    assert placed | waiting | reversed_unplaced == set(Payment.objects.values_list("id", flat=True))
    assert not placed & waiting

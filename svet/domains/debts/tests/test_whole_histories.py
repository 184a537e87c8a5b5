"""Whole histories, from the book to the penalty: charges, payments, corrections, reversals, plainly simulated."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svet.domains.debts import actions, jobs, queries
from svet.domains.debts.models import Accrual, PenaltyRun
from svet.domains.debts.queries.inputs import pieces_from
from svet.domains.debts.rules import RunState
from svet.domains.debts.rules.frames import KOPECK_PARTS
from svet.domains.debts.rules.penalty import penalties
from svet.domains.debts.tests.books import charge, new_account, noon, pay
from svet.domains.debts.tests.worlds import terms
from svet.domains.ledger import actions as ledger
from svet.domains.ledger.rules import EntryKind
from svet.domains.payments import actions as payments
from svet.domains.payments.rules.allocation import Charged, Money, allocate
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month

POLICIES = Policies(due_day_off="same_day")
MONTHS = [Month("2024-11").plus(number) for number in range(16)]
CHARGES = st.dictionaries(st.sampled_from(MONTHS), st.integers(1, 500_000), max_size=10)
PAYMENTS = st.lists(
    st.tuples(
        st.integers(0, 700).map(lambda number: date(2024, 11, 15) + timedelta(days=number)),
        st.integers(1, 900_000),
        st.one_of(st.none(), st.sampled_from(MONTHS)),
    ),
    max_size=8,
)


def due_on(month: Month) -> date:
    return month.next.first_on.replace(day=15 if month >= Month("2026-02") else 10)


def simulated(charges: dict[Month, int], paid: list, *, as_of: date) -> Fraction:
    """Live the account day by day with plain lists; every rouble knows the day on which it was paid."""
    owed: dict[Month, int] = {}
    purse, closed = 0, []  # (month, kopecks, day)

    def settle(month: Month, day: date) -> None:
        nonlocal purse
        taken = min(owed[month], purse)
        owed[month] -= taken
        purse -= taken
        if taken:
            closed.append((month, taken, day))

    day = date(2024, 11, 1)
    while day <= date(2026, 12, 31):
        for month, kopecks in charges.items():
            if month.last_on == day:
                owed[month] = kopecks
        for month in sorted(owed):
            settle(month, day)
        for on, kopecks, named in paid:
            if on == day:
                purse += kopecks
                for month in sorted(owed, key=lambda month: (month != named, month)):
                    settle(month, day)
        day += timedelta(days=1)
    pieces = closed + [(month, kopecks, None) for month, kopecks in owed.items() if kopecks]
    total = Fraction(0)
    for month, kopecks, on in pieces:
        last = as_of if on is None else min(on, as_of)
        for number in range(31, (last - due_on(month)).days + 1):
            total += Fraction(kopecks * 95, 1000 * (300 if number <= 90 else 130))
    return total


@given(CHARGES, PAYMENTS, st.integers(0, 760).map(lambda number: date(2024, 12, 1) + timedelta(days=number)))
def test_from_the_book_to_the_penalty_as_though_lived_day_by_day(charges, paid, as_of):
    allocation = allocate(
        [Charged(month, from_kopecks(kopecks), month.last_on) for month, kopecks in charges.items()],
        [Money(place, from_kopecks(kopecks), on, named) for place, (on, kopecks, named) in enumerate(paid, 1)],
    )

    found = penalties(pieces_from([(1, allocation)], policies=POLICIES), terms=terms(), as_of=as_of, policies=POLICIES)

    assert Fraction(int(found.totals["parts"].sum()), KOPECK_PARTS) == simulated(charges, paid, as_of=as_of)


def misbehave(random: Random, account: int, month: Month) -> None:
    """Let one account live a month as badly as people, banks and engineers do."""
    charge(account, month.text, f"{random.randint(100, 3000)}.{random.randint(0, 99):02d}")
    first = month.first_on
    for _ in range(random.choice([0, 0, 1, 1, 1, 2])):
        back = random.choice([0, 0, 0, 40, 80])
        named = random.choice(["", "", month.previous.text, month.plus(-3).text])
        payment_id = pay(
            account,
            f"{random.choice([50, 700, 1500, 4000])}.00",
            first + timedelta(days=random.randint(0, 27) - back),
            named=named,
        )
        if random.random() < 0.08:
            payments.reverse_payment(payment_id, reason="отозван", at=noon(first + timedelta(days=27)))
    if random.random() < 0.07:
        charge(account, month.plus(-2).text, "-350.00", in_month=month.text, kind=EntryKind.CORRECTION)
    if random.random() < 0.05:
        charge(account, month.plus(-3).text, "420.00", in_month=month.text)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.usefixtures("terms")
def test_leaving_out_who_cannot_have_a_new_penalty_loses_nobody_s(seed):
    random = Random(seed)
    good = [new_account() for _ in range(4)]
    bad = [new_account() for _ in range(12)]
    computed = []
    if seed % 2:
        ledger.close_month(Month("2025-09"), at=noon(date(2025, 10, 5)), by=None)
    for month in [Month("2025-10").plus(number) for number in range(11)]:
        for account in good:
            charge(account, month.text, "800.00")
            pay(account, "800.00", month.next.first_on.replace(day=9))
        for account in bad:
            misbehave(random, account, month)
        at = noon(month.next.first_on)
        done = jobs.work_off(actions.start_penalties(month=month, started_by=None, at=at, shard_size=5), at=at)
        assert done.state is RunState.DONE
        computed.append(done.computed)
        if seed % 2:
            ledger.close_month(month, at=at, by=None)

    whole = queries.compute([*good, *bad], as_of=date(2026, 8, 31), policies=queries.policies_on(date(2026, 8, 31)))
    expected = defaultdict(Decimal)
    for row in whole.totals.iter_rows(named=True):
        expected[row["account_id"]] += from_kopecks(row["amount_kop"])
    accrued = defaultdict(Decimal)
    for row in Accrual.objects.all():
        accrued[row.account_id] += row.amount

    assert {account: accrued[account] for account in bad} == {account: expected[account] for account in bad}
    assert all(accrued[account] == 0 for account in good)
    assert max(computed[1:]) <= len(bad)
    assert sum(accrued.values()) > 0
    if seed % 2:
        assert PenaltyRun.objects.filter(reads_since_even=True).count() == 10
        assert Accrual.objects.filter(even_on__isnull=False).count() > 5

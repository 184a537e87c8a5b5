"""Where money goes: oldest debt first unless the payer named the month; laws that hold for any history."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from svet.domains.ledger.rules import Service
from svet.domains.payments.rules.allocation import Allocation, Charged, GivenBack, Money, allocate
from svet.kernel.period import Month

JANUARY, FEBRUARY, MARCH = Month("2026-01"), Month("2026-02"), Month("2026-03")


def charge(month: Month, amount: str, *, service: Service = Service.ENERGY) -> Charged:
    return Charged(month, Decimal(amount), month.next.first_on, service)


def paid(payment_id: int, amount: str, on: date, *, named: Month | None = None) -> Money:
    return Money(payment_id, Decimal(amount), on, named)


def went_to(allocation: Allocation) -> list[tuple[int | None, str, Decimal]]:
    return [(part.payment_id, str(part.month), part.amount) for part in allocation.parts]


def test_oldest_debt_is_paid_first_p4():
    charges = [
        Charged(Month("2023-12"), Decimal(100), date(2024, 1, 1)),
        Charged(Month("2024-01"), Decimal(100), date(2024, 2, 1)),
    ]

    allocation = allocate(charges, [paid(1, "150", date(2024, 5, 1))])

    assert went_to(allocation) == [(1, "2023-12", Decimal(100)), (1, "2024-01", Decimal(50))]
    assert allocation.owed == Decimal("50.00")


def test_money_beyond_the_debt_is_kept_p6():
    allocation = allocate([charge(JANUARY, "600")], [paid(1, "2000", date(2026, 3, 1))])

    assert allocation.owed == 0
    assert allocation.credit == Decimal("1400.00")


def test_money_paid_before_the_charge_closes_it_when_it_comes_p6():
    allocation = allocate([charge(JANUARY, "2500")], [paid(1, "2500", date(2026, 1, 20))])

    (part,) = allocation.parts
    assert (part.paid_on, part.on) == (date(2026, 1, 20), date(2026, 2, 1))
    assert allocation.owed == allocation.credit == 0


def test_a_named_month_is_paid_before_the_oldest():
    charges = [charge(JANUARY, "100"), charge(FEBRUARY, "100")]

    allocation = allocate(charges, [paid(1, "150", date(2026, 3, 10), named=FEBRUARY)])

    assert went_to(allocation) == [(1, "2026-02", Decimal(100)), (1, "2026-01", Decimal(50))]


def test_penalties_come_after_the_price_of_energy_even_when_their_month_is_named():
    charges = [charge(JANUARY, "10", service=Service.PENALTY), charge(JANUARY, "100"), charge(FEBRUARY, "100")]

    allocation = allocate(charges, [paid(1, "205", date(2026, 3, 10), named=JANUARY)])

    assert [(part.service, part.amount) for part in allocation.parts] == [
        (Service.ENERGY, Decimal(100)),
        (Service.ENERGY, Decimal(100)),
        (Service.PENALTY, Decimal(5)),
    ]


def test_costs_of_reconnection_are_not_settled_by_a_payment_to_the_account():
    allocation = allocate([charge(JANUARY, "100", service=Service.COSTS)], [paid(1, "100", date(2026, 3, 1))])

    assert allocation.parts == ()
    assert allocation.credit == Decimal(100)


def test_a_month_corrected_after_it_was_paid_frees_the_money_for_the_next():
    charges = [charge(JANUARY, "100"), Charged(JANUARY, Decimal(-30), date(2026, 3, 1)), charge(FEBRUARY, "100")]

    allocation = allocate(charges, [paid(1, "100", date(2026, 2, 5))])

    assert went_to(allocation) == [(1, "2026-01", Decimal(70)), (1, "2026-02", Decimal(30))]
    assert allocation.owed == Decimal(70)


def test_a_refund_takes_the_latest_advance():
    payments = [paid(1, "100", date(2026, 1, 5)), paid(2, "100", date(2026, 1, 9))]

    allocation = allocate([], payments, [GivenBack(Decimal(150), date(2026, 1, 20))])

    assert [(advance.payment_id, advance.amount) for advance in allocation.advances] == [(1, Decimal(50))]


MONTHS = [Month("2026-01").plus(number) for number in range(5)]
KOPECKS = st.integers(1, 500_000).map(lambda kopecks: Decimal(kopecks).scaleb(-2))
DAYS = st.integers(0, 200).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
CHARGES = st.lists(
    st.builds(
        Charged,
        st.sampled_from(MONTHS),
        st.one_of(KOPECKS, KOPECKS.map(lambda amount: -amount)),
        DAYS,
        st.sampled_from([Service.ENERGY, Service.PENALTY]),
    ),
    max_size=12,
)
NAMED = st.one_of(st.none(), st.sampled_from(MONTHS))
PAYMENTS = st.lists(st.tuples(KOPECKS, DAYS, NAMED), max_size=8).map(
    lambda rows: [Money(number, *row) for number, row in enumerate(rows, 1)]
)
REFUNDS = st.lists(st.builds(GivenBack, KOPECKS, DAYS), max_size=2)


@given(CHARGES, PAYMENTS, REFUNDS)
def test_money_is_neither_made_nor_lost(charges, payments, refunds):
    allocation = allocate(charges, payments, refunds)

    owed = sum((row.amount for row in (*charges, *refunds)), Decimal(0)) - sum(
        (row.amount for row in payments), Decimal(0)
    )
    assert allocation.owed - allocation.credit == owed
    for payment in payments:
        used = sum((part.amount for part in allocation.parts if part.payment_id == payment.payment_id), Decimal(0))
        assert used <= payment.amount
    assert all(part.amount > 0 for part in allocation.parts)
    assert all(part.on >= part.paid_on for part in allocation.parts)


@given(CHARGES, PAYMENTS, REFUNDS, st.randoms())
def test_the_order_of_rows_does_not_matter(charges, payments, refunds, random):
    expected = allocate(charges, payments, refunds)
    for rows in (charges, payments, refunds):
        random.shuffle(rows)

    assert allocate(charges, payments, refunds) == expected


@given(CHARGES, PAYMENTS.filter(bool), KOPECKS, st.data())
def test_paying_more_never_leaves_more_of_a_month_unpaid(charges, payments, more, data):
    place = data.draw(st.integers(0, len(payments) - 1))
    row = payments[place]
    richer = [*payments]
    richer[place] = Money(row.payment_id, row.amount + more, row.paid_on, row.named)

    before = {(debt.service, debt.month): debt.amount for debt in allocate(charges, payments).unpaid}
    after = {(debt.service, debt.month): debt.amount for debt in allocate(charges, richer).unpaid}

    assert all(amount <= before.get(key, Decimal(0)) for key, amount in after.items())


@given(CHARGES, PAYMENTS)
def test_nothing_is_owed_while_an_advance_is_kept(charges, payments):
    allocation = allocate(charges, payments)

    assert allocation.owed == 0 or allocation.credit == 0


def test_what_was_presented_later_is_a_debt_of_its_own_and_a_correction_takes_it_back_first():
    first = Charged(JANUARY, Decimal(100), date(2026, 1, 31))
    late = Charged(JANUARY, Decimal(40), date(2026, 4, 30), presented=Month("2026-04"))
    back = Charged(JANUARY, Decimal(-50), date(2026, 5, 31), presented=Month("2026-05"))

    before, after = allocate([first, late], []), allocate([first, late, back], [])

    assert [(str(row.presented), row.amount) for row in before.unpaid] == [("2026-01", 100), ("2026-04", 40)]
    assert [(str(row.presented), row.amount) for row in after.unpaid] == [("2026-01", 90)]

"""The worked examples of penalties (P0 to P10, P-ANTI), and the laws that hold for any debts, rates and days."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svet.domains.debts.rules.frames import KOPECK_PARTS, Penalties
from svet.domains.debts.rules.penalty import overdue_days, penalties
from svet.domains.debts.tests.worlds import CAP, KEY_RATES, Piece, Unknown, frame, oracle, owed, terms
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.money import from_kopecks

TERMS = terms()


def computed(pieces: list[Piece], as_of: date, *, given_terms=TERMS, **policies: str) -> Penalties:
    return penalties(frame(pieces), terms=given_terms, as_of=as_of, policies=Policies.from_values(policies))


def total(pieces: list[Piece], as_of: date, **more) -> Decimal:
    return from_kopecks(int(computed(pieces, as_of, **more).totals["amount_kop"].sum()))


def exact(found: Penalties) -> dict[tuple[int, date, date], Fraction]:
    rows = found.totals.iter_rows(named=True)
    return {(row["account_id"], row["debt_on"], row["due_on"]): Fraction(row["parts"], KOPECK_PARTS) for row in rows}


@pytest.mark.parametrize(
    ("until_on", "low", "high"),
    [
        (date(2024, 1, 30), 0, 0),
        (date(2024, 1, 31), 0, 0),
        (date(2024, 2, 1), 1, 0),
        (date(2024, 3, 31), 60, 0),
        (date(2024, 4, 1), 60, 1),
    ],
)
def test_days_are_counted_from_the_term_and_the_day_of_payment_counts_p0(until_on, low, high):
    assert overdue_days(date(2024, 1, 1), until_on=until_on) == (low, high)

    rows = computed([owed(100, date(2024, 1, 1), paid_on=until_on)], date(2024, 12, 31)).intervals
    days = {share: int(rows.filter(share=share)["days"].sum()) for share in (300, 130)}
    assert days == {300: low, 130: high}


def test_a_debt_paid_in_full_p2():
    pieces = [owed(10_000, date(2025, 2, 10), paid_on=date(2025, 7, 10))]

    found = computed(pieces, date(2025, 12, 31))

    by_share = dict(found.intervals.group_by("share").agg(pl.col("parts").sum()).iter_rows())
    assert Fraction(by_share[300], KOPECK_PARTS) == 19_000
    assert round(float(Fraction(by_share[130], KOPECK_PARTS)) / 100, 4) == 438.4615
    assert total(pieces, date(2025, 12, 31)) == Decimal("628.46")


@pytest.mark.parametrize("rounding", ["debt", "account"])
def test_money_paid_to_the_oldest_debt_first_p4(rounding):
    pieces = [
        owed(100, date(2024, 1, 1), paid_on=date(2024, 5, 1)),
        owed(50, date(2024, 2, 1), paid_on=date(2024, 5, 1)),
        owed(50, date(2024, 2, 1)),
    ]

    found = computed(pieces, date(2024, 5, 1))

    assert round(float(sum(exact(found).values())) / 100, 6) == 6.065385
    assert total(pieces, date(2024, 5, 1), penalty_rounding=rounding) == Decimal("6.07")


def test_what_was_paid_before_the_term_has_no_penalty_p6():
    assert total([owed(2_500, date(2026, 2, 10), paid_on=date(2026, 2, 1))], date(2026, 12, 1)) == 0
    assert total([owed(600, date(2026, 2, 10), paid_on=date(2026, 3, 1))], date(2026, 12, 1)) == 0


@pytest.mark.parametrize(
    ("due_on", "amount"), [(date(2026, 3, 16), "107.42"), (date(2026, 3, 15), "109.98")], ids=["shifted", "on a Sunday"]
)
def test_the_first_term_on_the_15th_p9(due_on, amount):
    assert total([owed(3_500, due_on, paid_on=date(2026, 6, 30))], date(2026, 12, 1)) == Decimal(amount)


def test_fifteen_days_of_delay_cost_nothing_p_anti():
    assert total([owed(5_000, date(2023, 1, 10), paid_on=date(2023, 1, 25))], date(2023, 12, 1)) == 0


def test_the_rate_is_that_of_the_day_of_payment_or_of_each_day():
    pieces = [owed(1_000, date(2020, 4, 10), paid_on=date(2020, 8, 31))]

    whole = computed(pieces, date(2020, 12, 1))
    daily = computed(pieces, date(2020, 12, 1), penalty_rate_day="each_day")

    assert set(whole.intervals["percent_e2"]) == {425}
    assert set(daily.intervals["percent_e2"]) == {625, 425}


@pytest.mark.parametrize(("last_free_on", "days"), [(date(2020, 12, 31), 270), (date(2021, 1, 1), 271)])
def test_days_of_a_moratorium_are_free_and_the_days_of_delay_go_on(last_free_on, days):
    moratorium = (date(2020, 4, 6), last_free_on + timedelta(days=1), None)
    pieces, until = [owed(1_000, date(2020, 1, 10))], date(2021, 3, 31)

    without = int(computed(pieces, until).intervals["days"].sum())
    found = computed(pieces, until, given_terms=terms(moratoria=[moratorium])).intervals

    assert without - int(found["days"].sum()) == days
    assert found.filter(pl.col("from_on") > last_free_on)["share"].unique().to_list() == [130]


def test_a_moratorium_for_old_debts_spares_only_them():
    moratorium = (date(2022, 4, 1), date(2022, 10, 1), date(2022, 4, 1))
    pieces = [owed(1_000, date(2022, 3, 10)), owed(1_000, date(2022, 4, 10))]

    found = computed(pieces, date(2022, 9, 30), given_terms=terms(moratoria=[moratorium])).intervals

    assert found["due_on"].unique().to_list() == [date(2022, 4, 10)]


@pytest.mark.parametrize(
    ("as_of", "known_until", "code", "day"),
    [
        (date(2026, 10, 31), date(2026, 9, 13), "N90", date(2026, 10, 31)),
        (date(2027, 1, 31), date(2027, 12, 31), "N91", date(2027, 1, 31)),
    ],
)
def test_beyond_what_is_known_the_engine_asks_and_never_guesses(as_of, known_until, code, day):
    pieces = [owed(100, date(2026, 7, 15)), owed(100, date(2026, 7, 15), paid_on=date(2026, 7, 20), account_id=2)]

    found = computed(pieces, as_of, given_terms=terms(known_until=known_until))

    assert found.findings.rows() == [(1, code, day)]
    assert found.intervals.is_empty() and found.totals.is_empty()


def test_a_debt_whose_term_is_not_known_is_asked_about():
    pieces = [Piece(1, date(2010, 5, 1), None, 100), owed(100, date(2026, 7, 15))]

    found = computed(pieces, date(2026, 10, 1))

    assert found.findings.rows() == [(1, "N92", date(2010, 5, 1))]
    assert found.totals.is_empty()


DAYS = st.integers(0, 2400).map(lambda number: date(2020, 1, 1) + timedelta(days=number))
DUE = st.integers(0, 77).map(lambda number: date(2020 + number // 12, number % 12 + 1, 10 + number % 7))
PIECES = st.lists(
    st.builds(
        Piece,
        st.integers(1, 3),
        st.just(date(2020, 1, 1)),
        DUE,
        st.integers(1, 1_000_000),
        st.one_of(st.none(), DAYS),
    ),
    max_size=8,
).map(lambda rows: [Piece(p.account_id, p.due_on.replace(day=1), p.due_on, p.kop, p.closed_on) for p in rows])
MORATORIA = st.lists(
    st.tuples(DAYS, st.integers(1, 300), st.one_of(st.none(), DAYS)).map(
        lambda row: (row[0], row[0] + timedelta(days=row[1]), row[2])
    ),
    max_size=3,
)
CAPS = st.sampled_from([CAP, [(date(2000, 1, 1), None, None)], [(date(2000, 1, 1), date(2025, 1, 1), 700)]])
RATES = st.sampled_from([KEY_RATES, KEY_RATES[3:], [(date(2019, 1, 1), 725)]])


@given(PIECES, DAYS, st.booleans(), RATES, CAPS, MORATORIA, st.sampled_from([date(2026, 12, 31), date(2024, 2, 29)]))
def test_the_engine_agrees_with_a_plain_loop_over_days(pieces, as_of, each_day, rates, caps, moratoria, known_until):
    world = {"rates": rates, "caps": caps, "moratoria": moratoria, "known_until": known_until}
    expected, unknown = {}, set()
    for account_id in {piece.account_id for piece in pieces}:
        own = [piece for piece in pieces if piece.account_id == account_id]
        try:
            expected |= oracle(own, as_of=as_of, each_day=each_day, **world)
        except Unknown:
            unknown.add(account_id)

    policies = {"penalty_rate_day": "each_day" if each_day else "payment_day"}
    found = computed(pieces, as_of, given_terms=terms(**world), **policies)

    assert set(found.findings["account_id"]) == unknown
    assert exact(found) == expected
    assert int(found.intervals["parts"].sum()) == int(found.totals["parts"].sum())


@given(PIECES, DAYS, st.randoms())
def test_the_order_of_rows_changes_nothing(pieces, as_of, chance: random.Random):
    shuffled = list(pieces)
    chance.shuffle(shuffled)

    assert computed(shuffled, as_of).intervals.equals(computed(pieces, as_of).intervals)


@given(PIECES, DAYS)
def test_an_account_alone_has_what_it_has_among_many(pieces, as_of):
    together = computed(pieces, as_of).totals
    alone = [
        computed([piece for piece in pieces if piece.account_id == account_id], as_of).totals
        for account_id in sorted({piece.account_id for piece in pieces})
    ]

    assert together.equals(pl.concat([together.clear(), *alone]))


@given(PIECES, DAYS, DAYS)
def test_days_add_up_exactly_before_rounding_however_the_time_is_split(pieces, one, other):
    first, last = sorted((one, other))
    daily = {"penalty_rate_day": "each_day"}
    before, after = computed(pieces, first, **daily), computed(pieces, last, **daily)

    later = after.intervals.filter(pl.col("from_on") > first)
    crossing = after.intervals.filter((pl.col("from_on") <= first) & (pl.col("until_on") > first))
    rest = sum(
        row["base_kop"]
        * (row["until_on"] - first - timedelta(days=1)).days
        * row["percent_e2"]
        * 66_300
        // row["share"]
        for row in crossing.iter_rows(named=True)
    )
    assert int(before.intervals["parts"].sum()) + int(later["parts"].sum()) + rest == int(
        after.intervals["parts"].sum()
    )


@given(PIECES, DAYS, st.integers(1, 400))
def test_paying_what_is_owed_never_loses_a_penalty(pieces, paid_on, later):
    capped = terms(rates=[(date(2019, 1, 1), 950)], caps=[(date(2000, 1, 1), None, None)])
    settled = [Piece(p.account_id, p.debt_on, p.due_on, p.kop, min(p.closed_on or paid_on, paid_on)) for p in pieces]

    before = computed(pieces, paid_on, given_terms=capped).totals
    after = computed(settled, paid_on + timedelta(days=later), given_terms=capped).totals

    assert after.equals(before)


@given(PIECES, DAYS)
def test_the_account_s_rounding_splits_into_debts_without_losing_a_kopeck(pieces, as_of):
    found = computed(pieces, as_of, penalty_rounding="account").totals

    for account_id in set(found["account_id"]):
        own = found.filter(account_id=account_id)
        assert abs(Fraction(int(own["parts"].sum()), KOPECK_PARTS) - int(own["amount_kop"].sum())) <= Fraction(1, 2)


@given(PIECES)
def test_nothing_overdue_has_no_penalty(pieces):
    paid = [Piece(p.account_id, p.debt_on, p.due_on, p.kop, p.due_on + timedelta(days=30)) for p in pieces]

    assert computed(paid, date(2026, 7, 1)).totals.is_empty()

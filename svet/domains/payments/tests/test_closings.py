"""Many accounts by frames are what each is by itself: every part of every debt, to the kopeck and the day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import groupby

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svet.domains.ledger.rules import EntryKind, Service
from svet.domains.payments.queries.allocations import Moved, allocated, parts_of
from svet.domains.payments.rules.closings import EVEN, MOVED, after_even, closings

MONTHS = [date(2026, number, 1) for number in range(1, 7)]
DAYS = st.integers(0, 220).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
SUMS = st.sampled_from([1, 50, 100, 100, 100, 150, 200, 300, 1_000])
SERVICES = st.sampled_from([Service.ENERGY, Service.ENERGY, Service.PENALTY, Service.COSTS])


def entry(kind, kopecks, month, posted_on, **other):
    words = {"service": Service.ENERGY, "concerns": None, "source_kind": "charge", "source_id": 1}
    words |= {"payment_id": None, "paid_on": None} | other
    return Moved(account_id=0, kind=kind.value, kopecks=kopecks, month=month, posted_on=posted_on, **words)


def last_day(month):
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@st.composite
def charged_in_turn(draw):
    """A charge at the end of its own month, or a penalty in the month it is accrued in."""
    month = draw(st.sampled_from(MONTHS))
    service = draw(st.sampled_from([Service.ENERGY, Service.ENERGY, Service.PENALTY]))
    kind = EntryKind.PENALTY if service is Service.PENALTY else EntryKind.CHARGE
    return [entry(kind, draw(SUMS), month, last_day(month), service=service, concerns=month)]


@st.composite
def charged_anyhow(draw):
    kind = draw(st.sampled_from([EntryKind.OPENING, EntryKind.CHARGE, EntryKind.CORRECTION, EntryKind.ADJUSTMENT]))
    month, kopecks = draw(st.sampled_from(MONTHS)), draw(SUMS) * draw(st.sampled_from([1, 1, -1]))
    concerns = draw(st.one_of(st.none(), st.sampled_from(MONTHS)))
    return [entry(kind, kopecks, month, draw(DAYS), service=draw(SERVICES), concerns=concerns)]


@st.composite
def paid(draw, named=True):
    """A payment; it may be moved away or taken back, and come again."""
    number, day = draw(st.integers(1, 10**6)), draw(DAYS)
    concerns = draw(st.one_of(st.none(), st.sampled_from(MONTHS))) if named else None
    known = draw(st.booleans())
    words = {"concerns": concerns, "source_kind": "payment" if known else "bench", "source_id": number}
    words |= {"payment_id": number if known else None, "paid_on": draw(DAYS) if known else None}
    kopecks = draw(SUMS)
    rows = [entry(EntryKind.PAYMENT, -kopecks, day.replace(day=1), day, **words)]
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2])) if known else 0):
        last = rows[-1]
        kind = EntryKind.REVERSAL if last.kind == EntryKind.PAYMENT else EntryKind.PAYMENT
        words |= {"source_kind": "assignment"}
        rows.append(entry(kind, -last.kopecks, last.month, last.posted_on, **words))
    return rows


@st.composite
def given_back(draw):
    day = draw(DAYS)
    return [entry(EntryKind.REFUND, draw(SUMS), day.replace(day=1), day, source_kind="refund")]


PLAIN = st.lists(st.one_of(charged_in_turn(), paid(named=False)), max_size=14)
ANY = st.lists(
    st.one_of(charged_in_turn(), charged_in_turn(), paid(), paid(), charged_anyhow(), given_back()), max_size=12
)


def books(accounts):
    """Return the rows of several accounts in the order of the query."""
    rows = []
    for account_id, life in enumerate(accounts, 1):
        mine = [row._replace(account_id=account_id) for part in life for row in part]
        rows += sorted(mine, key=lambda row: row.posted_on)
    return rows


def one_by_one(rows):
    allocations = (
        (account_id, allocated(list(own))) for account_id, own in groupby(rows, key=lambda row: row.account_id)
    )
    return summed(parts_of(allocations))


def summed(parts):
    """Return the kopecks by account, month, bill and day: what closed a debt on one day is one part."""
    found = Counter()
    for *key, kopecks, closed_on in parts.iter_rows():
        assert kopecks > 0
        found[*key, closed_on] += kopecks
    return found


def at_once(rows, **terms):
    return closings(pl.DataFrame(rows, schema=MOVED, orient="row"), **terms)


@given(st.lists(PLAIN, max_size=4))
def test_plain_books_are_all_done_at_once(accounts):
    rows = books(accounts)

    found = at_once(rows)

    assert found.others == []
    assert summed(found.parts) == one_by_one(rows)


@given(st.lists(ANY, max_size=4))
def test_whoever_is_done_at_once_is_done_as_alone(accounts):
    rows = books(accounts)

    found = at_once(rows)

    expected = one_by_one([row for row in rows if row.account_id not in found.others])
    assert summed(found.parts) == expected


@given(st.lists(ANY, min_size=2, max_size=4))
def test_no_account_knows_of_another(accounts):
    rows = books(accounts)
    alone = [at_once([row for row in rows if row.account_id == number]) for number in range(1, len(accounts) + 1)]

    together = at_once(rows)

    assert together.others == [account for found in alone for account in found.others]
    assert summed(together.parts) == sum((summed(found.parts) for found in alone), Counter())


def test_a_payment_for_a_younger_month_is_plain_only_if_it_left_nothing_older_open():
    january, february = MONTHS[:2]
    charges = [entry(EntryKind.CHARGE, 100, month, last_day(month), concerns=month) for month in MONTHS[:2]]

    def pays(kopecks, month):
        return entry(
            EntryKind.PAYMENT, -kopecks, month, date(2026, 3, 5), concerns=month, payment_id=1, source_kind="payment"
        )

    assert at_once([*charges, pays(150, february)]).others == [0]
    assert at_once([*charges, pays(150, january)]).others == []
    assert at_once([*charges, pays(200, february)]).others == []


def test_a_refund_a_correction_below_nothing_and_an_old_debt_that_came_late_are_left_to_the_loop():
    january, february, march = MONTHS[:3]
    charge = entry(EntryKind.CHARGE, 100, february, last_day(february), concerns=february)
    refund = entry(EntryKind.REFUND, 10, march, march)
    below = entry(EntryKind.CORRECTION, -30, march, last_day(march), concerns=february)
    late = entry(EntryKind.CHARGE, 100, march, last_day(march), concerns=january)

    for odd in (refund, below, late):
        assert at_once([charge, odd]).others == [0]


@given(st.lists(st.one_of(PLAIN, ANY), max_size=4), st.sampled_from(MONTHS[2:]))
def test_since_an_even_day_debts_are_what_they_are_by_the_whole_book(accounts, changed_from):
    rows = books(accounts)
    known = at_once([row for row in rows if row.month < changed_from], even_until=changed_from - timedelta(days=1))
    even = known.even.with_columns(changed_from=pl.lit(changed_from))
    since = {account_id: even_on.replace(day=1) for account_id, even_on, *_ in even.iter_rows()}
    later = [row for row in rows if row.account_id in since and row.month >= since[row.account_id]]

    moved, whole = after_even(pl.DataFrame(later, schema=MOVED, orient="row"), even)
    found = closings(moved)

    short = since.keys() - {*whole, *found.others}
    parts = found.parts.filter(pl.col("account_id").is_in(list(short)))
    before = known.parts.join(even, on="account_id").filter(pl.col("closed_on") <= pl.col("even_on"))
    expected = one_by_one([row for row in rows if row.account_id in short])
    assert summed(pl.concat([before.filter(pl.col("account_id").is_in(list(short))).select(parts.columns), parts])) == (
        expected
    )


def test_a_book_is_read_since_the_day_on_which_nothing_was_owed():
    months = [entry(EntryKind.CHARGE, 100, month, last_day(month), concerns=month) for month in MONTHS]
    money = [entry(EntryKind.PAYMENT, -kop, day.replace(day=1), day, source_id=day.day, source_kind="bench")
             for kop, day in ((130, date(2026, 2, 3)), (70, date(2026, 3, 5)), (50, date(2026, 5, 7)))]  # fmt: skip
    rows = books([[[*months, *money]]])
    known = at_once([row for row in rows if row.month < date(2026, 5, 1)], even_until=date(2026, 4, 30))
    assert known.even.rows() == [(1, date(2026, 3, 5), 0)]

    moved, whole = after_even(
        pl.DataFrame(rows, schema=MOVED, orient="row"), known.even.with_columns(changed_from=date(2026, 5, 1))
    )

    assert (moved.height, whole) == (5, [])
    assert [row[3:] for row in closings(moved).parts.rows()] == [
        (50, date(2026, 5, 7)), (50, None), (100, None), (100, None), (100, None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "late",
    [
        entry(EntryKind.PAYMENT, -10, MONTHS[4], date(2026, 5, 9), payment_id=9, source_id=9, paid_on=date(2026, 3, 1)),
        entry(EntryKind.CORRECTION, -10, MONTHS[4], date(2026, 5, 9), concerns=MONTHS[0]),
        entry(EntryKind.CHARGE, 10, MONTHS[4], date(2026, 5, 31), concerns=MONTHS[1]),
        entry(EntryKind.REVERSAL, 10, MONTHS[4], date(2026, 5, 9), payment_id=3, source_kind="reversal"),
        entry(EntryKind.REFUND, 10, MONTHS[4], date(2026, 5, 9), source_kind="refund"),
    ],
    ids=["paid before", "corrected", "billed late", "taken back", "given back"],
)
def test_what_changes_the_past_has_the_book_read_whole(late):
    even = pl.DataFrame([(1, date(2026, 3, 5), 0, date(2026, 5, 1))], schema=EVEN, orient="row")
    rows = [entry(EntryKind.CHARGE, 100, MONTHS[3], last_day(MONTHS[3]), concerns=MONTHS[3]), late]
    rows = [row._replace(account_id=1) for row in rows]

    assert after_even(pl.DataFrame(rows, schema=MOVED, orient="row"), even)[1] == [1]
    assert after_even(pl.DataFrame(rows[:1], schema=MOVED, orient="row"), even)[1] == []

"""Many accounts by frames are what each is by itself: every part of every debt, to the kopeck and the day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import groupby

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from svet.domains.ledger.rules import EntryKind, Service
from svet.domains.payments.queries.allocations import Moved, allocated, parts_of
from svet.domains.payments.rules.closings import MOVED, closings

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


def at_once(rows):
    return closings(pl.DataFrame(rows, schema=MOVED, orient="row"))


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

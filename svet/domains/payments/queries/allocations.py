"""Where the money of accounts went, computed from ledger entries each time it is asked: one query for any number.

One account is allocated row by row (`allocation_of`), many by frames (`closed_parts`): the rule is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import polars as pl

from svet.domains.ledger import queries as ledger
from svet.domains.ledger.rules import EntryKind, Service
from svet.domains.payments.rules.allocation import Allocation, Charged, GivenBack, Money, allocate
from svet.domains.payments.rules.closings import MONEY_KINDS, MOVED, NOT_CHARGED, PARTS, Closings, after_even, closings
from svet.infra.collecting import past_set_aside
from svet.infra.copying import copy_out
from svet.infra.planned import planned_rows
from svet.kernel.money import from_kopecks, to_kopecks
from svet.kernel.period import Month

_SERVICES = {service.value: service for service in Service}
_month = lru_cache(maxsize=1000)(Month.of)
"""There are few months and many rows."""


class Moved(NamedTuple):
    """A row of `_MOVED`."""

    account_id: int
    kind: str
    service: str
    kopecks: int
    month: date
    concerns: date | None
    posted_on: date
    source_kind: str
    source_id: int
    payment_id: int | None
    paid_on: date | None


def allocation_of(account_id: int) -> Allocation:
    """Return which months each payment of the account closed, what is still owed, what is kept as an advance."""
    return allocated([Moved(*row) for row in planned_rows(_MOVED, [[account_id]])])


def closed_parts(account_ids: Sequence[int]) -> pl.DataFrame:
    """Return the debts for energy of these accounts in parts, each closed on one day or open (`PARTS`)."""
    return whole_books(account_ids, even_until=None).parts


def whole_books(account_ids: Sequence[int], *, even_until: date | None) -> Closings:
    """Return all debts for energy of these accounts in parts; nobody is left to `others`."""
    moved = copy_out(_MOVED, [list(account_ids)], schema=MOVED)
    found = closings(moved, even_until=even_until)
    rows = moved.filter(pl.col("account_id").is_in(found.others)).iter_rows()
    one_by_one = (
        (account_id, allocated(list(of_account)))
        for account_id, of_account in groupby((Moved(*row) for row in rows), key=attrgetter("account_id"))
    )
    with past_set_aside():
        return Closings(parts=pl.concat([found.parts, parts_of(one_by_one)]), others=[], even=found.even)


def books_after(even: pl.DataFrame, *, even_until: date | None) -> Closings:
    """Return the debts that came after the even days of `even` (`EVEN`), of whoever need not be read whole."""
    if even.is_empty():
        return closings(pl.DataFrame(schema=MOVED))
    first = Month.of(min(even["even_on"]))
    months = [month.first_on for month in ledger.months_after(first.previous)]
    since = even["even_on"].dt.month_start()
    terms = {"ids": even["account_id"].to_list(), "since": since.to_list(), "months": months}
    moved, whole = after_even(copy_out(_MOVED_SINCE, terms, schema=MOVED), even)
    found = closings(moved, even_until=even_until)
    return Closings(parts=found.parts, others=sorted({*whole, *found.others}), even=found.even)


def parts_of(allocations: Iterable[tuple[int, Allocation]]) -> pl.DataFrame:
    """Return what these allocations of accounts say of debts for energy (`PARTS`)."""
    return pl.DataFrame([row for pair in allocations for row in _parts(*pair)], schema=PARTS, orient="row")


def _parts(account_id: int, allocation: Allocation) -> Iterator[tuple[int, date, date, int, date | None]]:
    for part in allocation.parts:
        if part.service is Service.ENERGY:
            yield account_id, part.month.first_on, part.presented.first_on, to_kopecks(part.amount), part.on
    for debt in allocation.unpaid:
        if debt.service is Service.ENERGY:
            yield account_id, debt.month.first_on, debt.presented.first_on, to_kopecks(debt.amount), None


_COLUMNS = """
SELECT e.account_id, e.kind, e.service, (e.amount * 100)::bigint AS kopecks, e.month, e.concerns, e.posted_on,
       e.source_kind, e.source_id, p.id AS payment_id, (p.paid_at AT TIME ZONE 'Europe/Moscow')::date AS paid_on
"""
_PAYMENTS = """
  LEFT JOIN payments_assignment a ON e.source_kind = 'assignment' AND a.id = e.source_id
  LEFT JOIN payments_reversal r ON e.source_kind = 'reversal' AND r.id = e.source_id
  LEFT JOIN payments_payment p
         ON p.id = CASE e.source_kind WHEN 'payment' THEN e.source_id ELSE coalesce(a.payment_id, r.payment_id) END
"""
_IN_ORDER = "ORDER BY e.account_id, e.posted_on, e.id"
_MOVED = f"{_COLUMNS} FROM ledger_entry e {_PAYMENTS} WHERE e.account_id = ANY(%s) {_IN_ORDER}"
_MOVED_SINCE = f"""{_COLUMNS}
  FROM unnest(%(ids)s::bigint[], %(since)s::date[]) w (account_id, since)
  JOIN unnest(%(months)s::date[]) m (month) ON m.month >= w.since
  JOIN ledger_entry e ON e.month = m.month AND e.account_id = w.account_id
  {_PAYMENTS} {_IN_ORDER}
"""


def allocated(rows: Sequence[Moved]) -> Allocation:
    """Return where the money of one account went, from its rows of `_MOVED`."""
    charges = [_charged(row) for row in rows if row.kind not in NOT_CHARGED]
    refunds = [GivenBack(from_kopecks(row.kopecks), row.posted_on) for row in rows if row.kind == EntryKind.REFUND]
    return allocate(charges, _money(row for row in rows if row.kind in MONEY_KINDS), refunds)


def _charged(row: Moved) -> Charged:
    """Return a charge or correction; a balance taken over came with the bill of its own month, long ago."""
    concerned = row.concerns or row.month
    presented = concerned if row.kind == EntryKind.OPENING else max(concerned, row.month)
    amount = from_kopecks(row.kopecks)
    return Charged(_month(concerned), amount, row.posted_on, _SERVICES[row.service], _month(presented))


def _money(rows: Iterable[Moved]) -> list[Money]:
    """Return one row per payment that is still here: what came less what was moved away or taken back."""
    amounts: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    first: dict[tuple[str, int], Moved] = {}
    for row in rows:
        key = (row.source_kind, row.source_id) if row.payment_id is None else ("payment", row.payment_id)
        amounts[key] -= from_kopecks(row.kopecks)
        if row.kind == EntryKind.PAYMENT:
            first[key] = row
    return [
        Money(
            payment_id=row.payment_id,
            amount=amounts[key],
            paid_on=row.paid_on or row.posted_on,
            named=_month(row.concerns) if row.concerns else None,
        )
        for key, row in first.items()
        if amounts[key] > 0
    ]

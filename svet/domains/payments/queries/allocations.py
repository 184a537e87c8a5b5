"""Where the money of accounts went, computed from ledger entries each time it is asked: one query for any number."""

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

from svet.domains.ledger.rules import EntryKind, Service
from svet.domains.payments.rules.allocation import Allocation, Charged, GivenBack, Money, allocate
from svet.infra.copying import copy_out
from svet.infra.planned import planned_cursor
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month

_MONEY_KINDS = frozenset({EntryKind.PAYMENT.value, EntryKind.REVERSAL.value})
_NOT_CHARGED = _MONEY_KINDS | {EntryKind.REFUND.value}
_SERVICES = {service.value: service for service in Service}
FEW = 50
_month = lru_cache(maxsize=1000)(Month.of)
"""There are few months and many rows."""


class _Moved(NamedTuple):
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
    return next(iter(dict(allocations([account_id])).values()), allocate((), ()))


def allocations(account_ids: Sequence[int]) -> Iterator[tuple[int, Allocation]]:
    """Yield the allocation of each of the accounts that has entries, in the order of ids; reads in one query."""
    for account_id, moved in groupby(_moved(list(account_ids)), key=attrgetter("account_id")):
        yield account_id, _allocated(list(moved))


def _moved(account_ids: list[int]) -> Iterable[_Moved]:
    """Return the rows, by COPY where there are many: a cursor is quicker for a page, a frame for a region."""
    if len(account_ids) > FEW:
        return (_Moved(*row) for row in copy_out(_MOVED, [account_ids], schema=_SCHEMA).iter_rows())
    with planned_cursor() as cursor:
        cursor.execute(_MOVED, [account_ids])
        return [_Moved(*row) for row in cursor.fetchall()]


_MOVED = """
SELECT e.account_id, e.kind, e.service, (e.amount * 100)::bigint AS kopecks, e.month, e.concerns, e.posted_on,
       e.source_kind, e.source_id, p.id AS payment_id, (p.paid_at AT TIME ZONE 'Europe/Moscow')::date AS paid_on
  FROM ledger_entry e
  LEFT JOIN payments_assignment a ON e.source_kind = 'assignment' AND a.id = e.source_id
  LEFT JOIN payments_reversal r ON e.source_kind = 'reversal' AND r.id = e.source_id
  LEFT JOIN payments_payment p
         ON p.id = CASE e.source_kind WHEN 'payment' THEN e.source_id ELSE coalesce(a.payment_id, r.payment_id) END
 WHERE e.account_id = ANY(%s) ORDER BY e.account_id, e.posted_on, e.id
"""
_SCHEMA = {
    "account_id": pl.Int64,
    "kind": pl.String,
    "service": pl.String,
    "kopecks": pl.Int64,
    "month": pl.Date,
    "concerns": pl.Date,
    "posted_on": pl.Date,
    "source_kind": pl.String,
    "source_id": pl.Int64,
    "payment_id": pl.Int64,
    "paid_on": pl.Date,
}


def _allocated(rows: Sequence[_Moved]) -> Allocation:
    charges = [_charged(row) for row in rows if row.kind not in _NOT_CHARGED]
    refunds = [GivenBack(from_kopecks(row.kopecks), row.posted_on) for row in rows if row.kind == EntryKind.REFUND]
    return allocate(charges, _money(row for row in rows if row.kind in _MONEY_KINDS), refunds)


def _charged(row: _Moved) -> Charged:
    """Return a charge or correction; a balance taken over came with the bill of its own month, long ago."""
    concerned = row.concerns or row.month
    presented = concerned if row.kind == EntryKind.OPENING else max(concerned, row.month)
    amount = from_kopecks(row.kopecks)
    return Charged(_month(concerned), amount, row.posted_on, _SERVICES[row.service], _month(presented))


def _money(rows: Iterable[_Moved]) -> list[Money]:
    """Return one row per payment that is still here: what came less what was moved away or taken back."""
    amounts: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    first: dict[tuple[str, int], _Moved] = {}
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

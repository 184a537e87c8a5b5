"""The movements of an account over any days, read in one statement so that balances and rows are of one moment."""

from __future__ import annotations

from decimal import Decimal

from django.db import connection

from svet.domains.ledger.rules import EntryKind, Movement, Service, Statement
from svet.kernel.period import Month, Period

KOPECKS = Decimal("0.01")


def statement(account_id: int, *, period: Period) -> Statement:
    """Return what moved on the days of `period` (with an end) and the balances before and after, in roubles.

    Both balances are sums of their own over all entries. Raise DomainError("statement_does_not_add_up") when opening,
    movements and closing disagree.
    """
    if period.last_on is None:
        raise ValueError("a statement needs the last day")
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"account": account_id, "start": period.start, "last": period.last_on})
        rows = list(cursor.fetchall())
    opening, closing = (Decimal(amount).quantize(KOPECKS) for amount in rows[0][:2])
    movements = tuple(
        Movement(
            entry_id=row[2],
            posted_on=row[3],
            concerns=Month.of(row[4]) if row[4] else None,
            kind=EntryKind(row[5]),
            service=Service(row[6]),
            amount=row[7],
            source_kind=row[8],
            source_id=row[9],
        )
        for row in rows
        if row[2] is not None
    )
    return Statement(opening=opening, movements=movements, closing=closing)


_STATEMENT = """
WITH own AS (SELECT * FROM ledger_entry WHERE account_id = %(account)s AND posted_on <= %(last)s),
     sums AS (SELECT coalesce(sum(amount) FILTER (WHERE posted_on < %(start)s), 0) AS opening,
                     coalesce(sum(amount), 0) AS closing FROM own)
SELECT sums.opening, sums.closing, own.id, own.posted_on, own.concerns, own.kind, own.service, own.amount,
       own.source_kind, own.source_id
  FROM sums LEFT JOIN own ON own.posted_on >= %(start)s
 ORDER BY own.posted_on, own.id
"""

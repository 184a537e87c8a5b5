"""Reads of the ledger: balances, entries, turnovers, debts, and which months are closed.

Nothing here writes. A balance is a sum of entries; plus = the customer owes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from svet.domains.ledger.rules import EntryKind, Service, TurnoverRow
from svet.infra.planned import planned_rows
from svet.kernel.period import Month

BEGINNING = Month("2000-01")
"""The first open month of a ledger in which nothing was ever closed."""

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One movement of an account, in roubles, with the balance after it."""

    entry_id: int
    posted_on: date
    month: Month
    concerns: Month | None
    kind: EntryKind
    service: Service
    amount: Decimal
    balance: Decimal
    source_kind: str
    source_id: int


@dataclass(frozen=True, slots=True)
class MonthTurnover:
    """The stored turnover of a closed month of one service."""

    month: Month
    service: Service
    turnover: TurnoverRow


@dataclass(frozen=True, slots=True)
class Debt:
    """What is still owed for one month after all money was counted, the oldest debt first."""

    concerns: Month
    amount: Decimal


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """The sums of one accounting month over all accounts, in roubles."""

    month: Month
    is_closed: bool
    accounts: int
    turnover: TurnoverRow


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored turnover that does not agree with the entries it was made of."""

    account_id: int
    service: Service
    stored: Decimal
    summed: Decimal


def balance(account_id: int, *, on: date | None = None) -> Decimal:
    """Return what the account owes (minus: an advance), at the end of the day `on` or by all entries."""
    rows = planned_rows(
        "SELECT coalesce(sum(amount), 0) FROM ledger_entry"
        " WHERE account_id = %s AND posted_on <= coalesce(%s::date, 'infinity')",
        [account_id, on],
    )
    return Decimal(rows[0][0]).quantize(ZERO)


def balances(account_ids: Iterable[int]) -> dict[int, Decimal]:
    """Return what each of the accounts owes by all entries; accounts without entries owe nothing."""
    wanted = list(account_ids)
    rows = _select(
        "SELECT account_id, sum(amount) FROM ledger_entry WHERE account_id = ANY(%s) GROUP BY account_id", wanted
    )
    return dict.fromkeys(wanted, ZERO) | dict(rows)


def entries(account_id: int, *, since: Month | None = None) -> list[EntryRow]:
    """Return the account's movements in the order of accounting, each with the balance after it."""
    rows = _select(_ENTRIES, account_id, since.first_on if since else None)
    return [
        EntryRow(
            entry_id=row[0],
            posted_on=row[1],
            month=Month.of(row[2]),
            concerns=Month.of(row[3]) if row[3] else None,
            kind=EntryKind(row[4]),
            service=Service(row[5]),
            amount=row[6],
            balance=row[7],
            source_kind=row[8],
            source_id=row[9],
        )
        for row in rows
    ]


_ENTRIES = """
SELECT * FROM (
    SELECT id, posted_on, month, concerns, kind, service, amount,
           sum(amount) OVER (ORDER BY month, posted_on, id), source_kind, source_id
      FROM ledger_entry WHERE account_id = %s) AS running
 WHERE month >= coalesce(%s, '-infinity'::date)
 ORDER BY month, posted_on, id
"""


def turnovers(account_id: int) -> list[MonthTurnover]:
    """Return the stored turnovers of the account's closed months, the oldest first."""
    rows = _select(
        "SELECT month, service, opening, charged, corrected, penalties, paid, closing FROM ledger_turnover"
        " WHERE account_id = %s ORDER BY month, service",
        account_id,
    )
    return [MonthTurnover(Month.of(row[0]), Service(row[1]), TurnoverRow(*row[2:])) for row in rows]


def debts(account_id: int, *, service: Service = Service.ENERGY) -> list[Debt]:
    """Return the months still owed for, the oldest first: credits pay the oldest month first (dossier 2.7)."""
    rows = _select(_DEBTS, account_id, service)
    owed = [(Month.of(month), amount) for month, amount in rows if month and amount > 0]
    money = -sum((amount for month, amount in rows if month is None or amount < 0), ZERO)
    found = []
    for month, amount in owed:
        left = max(amount - money, ZERO)
        money -= amount - left
        if left:
            found.append(Debt(month, left))
    return found


_DEBTS = """
SELECT CASE WHEN kind IN ('payment', 'reversal', 'refund') THEN NULL ELSE coalesce(concerns, month) END AS owed_for,
       sum(amount)
  FROM ledger_entry WHERE account_id = %s AND service = %s
 GROUP BY owed_for ORDER BY owed_for
"""


def month_totals(month: Month) -> MonthTotals:
    """Return the sums of the month over all accounts: as stored when it is closed, else by its entries."""
    stored = _select("SELECT totals FROM ledger_month_close WHERE month = %s", month.first_on)
    if stored:
        rows = _select(_STORED_TOTALS, month.first_on)
    else:
        rows = _select(_OPEN_TOTALS, {"month": month.first_on, "previous": month.previous.first_on})
    return MonthTotals(month, bool(stored), rows[0][0], TurnoverRow(*rows[0][1:]))


_STORED_TOTALS = """
SELECT count(DISTINCT account_id), coalesce(sum(opening), 0), coalesce(sum(charged), 0), coalesce(sum(corrected), 0),
       coalesce(sum(penalties), 0), coalesce(sum(paid), 0), coalesce(sum(closing), 0)
  FROM ledger_turnover WHERE month = %s
"""
_OPEN_TOTALS = """
WITH moved AS (
    SELECT count(DISTINCT account_id) AS accounts,
           coalesce(sum(amount) FILTER (WHERE kind = 'opening'), 0) AS opening,
           coalesce(sum(amount) FILTER (WHERE kind = 'charge'), 0) AS charged,
           coalesce(sum(amount) FILTER (WHERE kind IN ('correction', 'adjustment')), 0) AS corrected,
           coalesce(sum(amount) FILTER (WHERE kind = 'penalty'), 0) AS penalties,
           -coalesce(sum(amount) FILTER (WHERE kind IN ('payment', 'reversal', 'refund')), 0) AS paid
      FROM ledger_entry WHERE month = %(month)s),
before AS (
    SELECT CASE WHEN EXISTS (SELECT 1 FROM ledger_month_close WHERE month = %(previous)s)
                THEN (SELECT coalesce(sum(closing), 0) FROM ledger_turnover WHERE month = %(previous)s)
                ELSE (SELECT coalesce(sum(amount), 0) FROM ledger_entry WHERE month < %(month)s) END AS closing)
SELECT accounts, before.closing + opening, charged, corrected, penalties, paid,
       before.closing + opening + charged + corrected + penalties - paid
  FROM moved, before
"""


def first_open_month() -> Month:
    """Return the month after the last closed one; `BEGINNING` when none was closed yet."""
    rows = _select("SELECT max(month) FROM ledger_month_close")
    return Month.of(rows[0][0]).next if rows[0][0] else BEGINNING


def months_after(month: Month, *, until: Month | None = None) -> list[Month]:
    """Return the months after `month` (up to `until`) that have entries, in order: a look-up a month, however many."""
    rows = _select(_MONTHS_AFTER, {"after": month.first_on, "until": until.first_on if until else None})
    return [Month.of(day) for (day,) in rows]


_MONTHS_AFTER = """
WITH RECURSIVE found AS (
    SELECT min(month) AS month FROM ledger_entry WHERE month > %(after)s
    UNION ALL
    SELECT (SELECT min(e.month) FROM ledger_entry e WHERE e.month > found.month) FROM found WHERE month IS NOT NULL)
SELECT month FROM found WHERE month <= coalesce(%(until)s::date, 'infinity') ORDER BY month
"""


def open_month(month: Month) -> Month:
    """Return `month` when it is open, else the first open month."""
    return max(month, first_open_month())


def is_closed(month: Month) -> bool:
    """Say whether nothing can be posted into `month` any more."""
    return month < first_open_month()


def differing_turnovers(month: Month, *, limit: int = 1000) -> list[Difference]:
    """Return the stored turnovers of `month` whose closing is not the sum of the entries up to it."""
    rows = _select(_DIFFERING, {"month": month.first_on, "limit": limit})
    return [Difference(account, Service(service), stored, summed) for account, service, stored, summed in rows]


_DIFFERING = """
SELECT account_id, service, coalesce(stored.closing, 0), coalesce(summed.amount, 0)
  FROM (SELECT account_id, service, closing FROM ledger_turnover WHERE month = %(month)s) AS stored
  FULL JOIN (SELECT account_id, service, sum(amount) AS amount FROM ledger_entry
              WHERE month <= %(month)s GROUP BY account_id, service) AS summed USING (account_id, service)
 WHERE coalesce(stored.closing, 0) <> coalesce(summed.amount, 0)
 ORDER BY account_id, service LIMIT %(limit)s
"""


def closed_months() -> list[Month]:
    """Return the closed months, the oldest first."""
    return [Month.of(row[0]) for row in _select("SELECT month FROM ledger_month_close ORDER BY month")]


def _select(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    bound = parameters[0] if parameters and isinstance(parameters[0], dict) else parameters
    with connection.cursor() as cursor:
        cursor.execute(query, bound)
        return list(cursor.fetchall())

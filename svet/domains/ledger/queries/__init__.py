"""Reads of the ledger for others: balances and books, statements of a period."""

from svet.domains.ledger.queries.books import (
    BEGINNING,
    Debt,
    Difference,
    EntryRow,
    MonthTotals,
    MonthTurnover,
    balance,
    balances,
    closed_months,
    debts,
    differing_turnovers,
    entries,
    first_open_month,
    is_closed,
    month_totals,
    open_month,
    turnovers,
)
from svet.domains.ledger.queries.statements import statement

__all__ = [
    "BEGINNING",
    "Debt",
    "Difference",
    "EntryRow",
    "MonthTotals",
    "MonthTurnover",
    "balance",
    "balances",
    "closed_months",
    "debts",
    "differing_turnovers",
    "entries",
    "first_open_month",
    "is_closed",
    "month_totals",
    "open_month",
    "statement",
    "turnovers",
]

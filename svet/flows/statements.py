"""The reconciliation statement of an account over any days: the ledger's movements with the papers behind them.

The ledger proves the sums (opening + charged - paid = closing) before anything reaches a page, a file or a sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from svet.domains.accounts import queries as accounts
from svet.domains.accounts.queries import AccountView
from svet.domains.billing import queries as billing
from svet.domains.ledger import queries as ledger
from svet.domains.ledger.rules import EntryKind, Movement, Statement
from svet.domains.offices import queries as offices
from svet.domains.offices.queries import CompanyView
from svet.domains.payments import queries as payments
from svet.domains.payments.queries import PaymentPaper
from svet.kernel.period import Period

LONGEST_DAYS = 3 * 366
"""Three years, within which a claim may be brought; longer statements are made in pieces."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement with the balance after it and its paper: a bill's number or a payment at its source."""

    movement: Movement
    balance: Decimal
    bill_number: str
    paper: PaymentPaper | None


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A statement with who it is between, ready to be shown or printed."""

    account: AccountView
    address: str
    company: CompanyView
    period: Period
    made_at: datetime
    statement: Statement
    lines: tuple[StatementLine, ...]


def statement_of(account: AccountView, *, period: Period, at: datetime) -> StatementPage:
    """Return the account's statement over the days of `period`; raise DomainError("statement_does_not_add_up")."""
    found = ledger.statement(account.id, period=period)
    bills = billing.bill_numbers(
        account.id, charge_ids=[row.source_id for row in found.movements if row.source_kind == EntryKind.CHARGE]
    )
    papers = payments.papers_of((row.source_kind, row.source_id) for row in found.movements if row.is_money)
    return StatementPage(
        account=account,
        address=address_of(account, on=at.date()),
        company=offices.company(at.date()),
        period=period,
        made_at=at,
        statement=found,
        lines=tuple(
            StatementLine(
                movement=row,
                balance=balance,
                bill_number=bills.get(row.source_id, "") if row.source_kind == EntryKind.CHARGE else "",
                paper=papers.get((row.source_kind, row.source_id)),
            )
            for row, balance in zip(found.movements, found.balances, strict=True)
        ),
    )


def address_of(account: AccountView, *, on: date) -> str:
    """Return where the account is supplied on the day, of a closed one where it was supplied last."""
    last = account.closed_on - timedelta(days=1) if account.closed_on else on
    return accounts.addresses([account.id], on=min(on, last)).get(account.id, "")

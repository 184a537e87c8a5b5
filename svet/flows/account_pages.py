"""What the pages of an account show, gathered from ledger, metering, billing and payments: one call per page.

The account comes opened (accounts.queries.open_for, accounts.actions.open_for_staff); nothing here asks who looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from svet.domains.accounts import queries as accounts
from svet.domains.accounts.queries import AccountCard
from svet.domains.ledger import queries as ledger
from svet.domains.ledger.queries import EntryRow, MonthTurnover
from svet.domains.metering import queries as metering
from svet.domains.metering.queries import MeterForm
from svet.domains.payments import queries as payments
from svet.domains.payments.queries import PaymentRow
from svet.domains.payments.rules.allocation import Allocation
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class MonthOfUse:
    """A month's energy as it was charged; None where nothing was charged."""

    month: Month
    kwh: Decimal | None
    is_estimated: bool


@dataclass(frozen=True, slots=True)
class AccountHome:
    """The first page: plus in `balance` means the customer owes."""

    card: AccountCard
    balance: Decimal
    meters: tuple[MeterForm, ...]
    months: tuple[MonthOfUse, ...]

    @property
    def is_reading_due(self) -> bool:
        """Whether the window is open and some register has no reading for the month yet."""
        return any(
            meter.window.is_open and any(register.given is None for register in meter.registers)
            for meter in self.meters
        )

    @property
    def reading_until(self) -> date | None:
        """The last day of the window of the month."""
        return self.meters[0].window.until_on if self.meters else None


@dataclass(frozen=True, slots=True)
class Money:
    """Payments, where they went, and the turnover by months."""

    balance: Decimal
    payments: tuple[PaymentRow, ...]
    allocation: Allocation
    turnovers: tuple[MonthTurnover, ...]
    entries: tuple[EntryRow, ...]


def home(account_id: int, *, on: date) -> AccountHome:
    """Return what the first page of an account shows on the day."""
    return AccountHome(
        card=accounts.card(account_id, on=on),
        balance=ledger.balance(account_id, on=on),
        meters=tuple(metering.form_for(account_id, on=on)),
        months=(),
    )


def money(account_id: int, *, on: date) -> Money:
    """Return the payments of an account and its turnover."""
    return Money(
        balance=ledger.balance(account_id, on=on),
        payments=tuple(payments.payments_of(account_id)),
        allocation=payments.allocation_of(account_id),
        turnovers=tuple(ledger.turnovers(account_id)),
        entries=tuple(ledger.entries(account_id)),
    )

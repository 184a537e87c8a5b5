"""The account's book: entries, the turnover equation, statements, certificates. Pure. Plus = the customer owes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

from svet.kernel.errors import DomainError
from svet.kernel.period import Month

NOTHING = Decimal("0.00")


class Service(StrEnum):
    """What money is for; penalties and costs are kept apart from the price of energy."""

    ENERGY = "energy"
    PENALTY = "penalty"
    COSTS = "costs"


class EntryKind(StrEnum):
    """What kind of movement an entry is."""

    OPENING = "opening"
    CHARGE = "charge"
    CORRECTION = "correction"
    PENALTY = "penalty"
    PAYMENT = "payment"
    REVERSAL = "reversal"
    REFUND = "refund"
    ADJUSTMENT = "adjustment"


TURNOVER_COLUMN: dict[EntryKind, str] = {
    EntryKind.OPENING: "opening",
    EntryKind.CHARGE: "charged",
    EntryKind.CORRECTION: "corrected",
    EntryKind.ADJUSTMENT: "corrected",
    EntryKind.PENALTY: "penalties",
    EntryKind.PAYMENT: "paid",
    EntryKind.REVERSAL: "paid",
    EntryKind.REFUND: "paid",
}
"""In which column of the month's turnover each kind counts (paid is shown with its sign turned)."""


@dataclass(frozen=True, slots=True)
class TurnoverRow:
    """One month of one account and service, in roubles; refuses to exist unless it adds up."""

    opening: Decimal
    charged: Decimal
    corrected: Decimal
    penalties: Decimal
    paid: Decimal
    closing: Decimal

    def __post_init__(self) -> None:
        if self.opening + self.charged + self.corrected + self.penalties - self.paid != self.closing:
            raise ValueError(f"the turnover does not add up: {self}")


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of a statement, in roubles: it stands in one of the two columns, with its own sign."""

    entry_id: int
    posted_on: date
    concerns: Month | None
    kind: EntryKind
    service: Service
    amount: Decimal
    source_kind: str
    source_id: int

    @property
    def is_money(self) -> bool:
        """Whether it stands under "paid": payments, and what took them back or gave them back."""
        return TURNOVER_COLUMN[self.kind] == "paid"

    @property
    def charged(self) -> Decimal:
        """What it adds to the debt; a correction downwards is less than nothing."""
        return NOTHING if self.is_money else self.amount

    @property
    def paid(self) -> Decimal:
        """What it takes off the debt; a payment taken back is less than nothing."""
        return -self.amount if self.is_money else NOTHING


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything that moved on an account over some days; refuses to exist unless it adds up.

    A balance taken over from another system is a movement of its day, so the closing of one period is always the
    opening of the next. Raises DomainError("statement_does_not_add_up").
    """

    opening: Decimal
    movements: tuple[Movement, ...]
    closing: Decimal

    def __post_init__(self) -> None:
        if self.opening + self.charged - self.paid != self.closing:
            raise DomainError("statement_does_not_add_up", opening=self.opening, closing=self.closing)

    @property
    def charged(self) -> Decimal:
        """The sum of the column "charged"."""
        return sum((row.charged for row in self.movements), NOTHING)

    @property
    def paid(self) -> Decimal:
        """The sum of the column "paid"."""
        return sum((row.paid for row in self.movements), NOTHING)

    @property
    def balances(self) -> tuple[Decimal, ...]:
        """The balance after each movement."""
        return tuple(accumulate((row.amount for row in self.movements), initial=self.opening))[1:]


CODE_DIGITS = 12
"""How long the code is by which a certificate is checked: digits alone, so that it can be said by telephone."""


class CertificateKind(StrEnum):
    """What a certificate states."""

    NO_DEBT = "no_debt"
    BALANCE = "balance"


def settled(amounts: Mapping[Service, Decimal]) -> dict[Service, Decimal]:
    """Return what is owed for each service when money left over from the price has closed penalties (N11).

    Payments are booked against the price; where they go is allocation's rule. Costs are paid for apart.

    >>> found = settled({Service.ENERGY: Decimal("-500.00"), Service.PENALTY: Decimal("2.50")})
    >>> found[Service.ENERGY], found[Service.PENALTY]
    (Decimal('-497.50'), Decimal('0.00'))
    """
    energy, penalty = amounts.get(Service.ENERGY, NOTHING), amounts.get(Service.PENALTY, NOTHING)
    moved = min(-energy, penalty) if energy < 0 < penalty else NOTHING
    found = {**amounts, Service.ENERGY: energy + moved}
    return found | {Service.PENALTY: penalty - moved} if Service.PENALTY in amounts else found


def refuse_debt(amounts: Mapping[Service, Decimal]) -> None:
    """Raise DomainError("there_is_debt") when anything is owed: an advance for energy does not pay costs.

    >>> refuse_debt({Service.ENERGY: Decimal("-500.00")})
    """
    owed = sum((amount for amount in amounts.values() if amount > 0), NOTHING)
    if owed:
        raise DomainError("there_is_debt", amount=owed)

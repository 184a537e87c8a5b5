"""The account's book: kinds of entries and the turnover equation. Pure. Plus = the customer owes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


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

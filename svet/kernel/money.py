"""Roubles with exactly kopecks, and the one door that rounds.

A product of a rate and a volume is a bare `Decimal` until it passes `round_to_kopeck`, so that every
rounding is visible and greppable. Sign, for ever: plus = the customer owes.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

KOPECK = Decimal("0.01")


def round_to_kopeck(amount: Decimal) -> Decimal:
    """Return `amount` (roubles) rounded half away from zero to two digits.

    >>> round_to_kopeck(Decimal("12.345")), round_to_kopeck(Decimal("-12.345"))
    (Decimal('12.35'), Decimal('-12.35'))
    """
    return amount.quantize(KOPECK, rounding=ROUND_HALF_UP)


def exact_kopecks(amount: Decimal | int | str) -> Decimal:
    """Return `amount` as a Decimal of exactly two digits; raise ValueError when that would round.

    >>> exact_kopecks("5.1")
    Decimal('5.10')
    """
    if isinstance(amount, float):
        raise TypeError("money is never a float")
    value = Decimal(amount)
    if not value.is_finite():
        raise ValueError(f"not an amount of money: {amount!r}")
    exact = value.quantize(KOPECK, rounding=ROUND_HALF_UP)
    if exact != value:
        raise ValueError(f"a fraction of a kopeck: {amount!r}")
    return exact


def to_kopecks(amount: Decimal) -> int:
    """Return roubles as a whole number of kopecks; raise ValueError when that would round."""
    return int(exact_kopecks(amount).scaleb(2))


def from_kopecks(kopecks: int) -> Decimal:
    """Return whole kopecks as roubles with two digits.

    >>> from_kopecks(117349)
    Decimal('1173.49')
    """
    return Decimal(kopecks).scaleb(-2)


@dataclass(frozen=True, slots=True)
class TaxedAmount:
    """Net, tax and gross in roubles; refuses to exist unless they add up."""

    net: Decimal
    tax: Decimal
    gross: Decimal

    def __post_init__(self) -> None:
        for part in (self.net, self.tax, self.gross):
            exact_kopecks(part)
        if self.net + self.tax != self.gross:
            raise ValueError(f"{self.net} + {self.tax} is not {self.gross}")


def tax_inside(gross: Decimal, *, percent: Decimal) -> TaxedAmount:
    """Split a price that includes VAT of `percent` (worked example E12).

    >>> tax_inside(Decimal("1000.00"), percent=Decimal(22)).tax
    Decimal('180.33')
    """
    tax = round_to_kopeck(gross * percent / (100 + percent))
    return TaxedAmount(net=gross - tax, tax=tax, gross=gross)

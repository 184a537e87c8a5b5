"""What the oracle works on: rows of an account and a book of prices, results, exact rounding, days."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

DAY = timedelta(days=1)


@dataclass
class Account:
    """All rows that concern one account with one supply point."""

    supplies: list
    categories: list
    households: list
    registers: list
    conditions: list
    readings: list
    billed: list
    estimates: list
    prior_lines: list
    prior_gaps: list
    interruptions: list
    common_needs: list
    entitlements: list
    given: list
    unmetered: list


@dataclass
class Book:
    """What is the same for all accounts of a month."""

    tariffs: list
    social_norms: list
    consumption_norms: list
    vats: list


@dataclass
class Result:
    held: set = field(default_factory=set)
    volumes: list = field(default_factory=list)  # (rule, register, band, wh)
    lines: list = field(default_factory=list)  # (from_on, zoning-free band, step, wh, rate, kopecks)
    keys: list = field(default_factory=list)  # what makes two lines the same price of the same days
    benefits: list = field(default_factory=list)  # (month, entitlement, form, method, wh, base, kopecks)
    wh: int = 0
    kopecks: int = 0
    vat: int = 0
    basis: str = "measured"
    months: int = 0


def whole(value):
    """Round a fraction to a whole number, halves away from zero."""
    exact = Decimal(value.numerator) / Decimal(value.denominator) if value.denominator in (1, 2, 5, 10) else None
    if exact is not None:
        return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    below = abs(value).numerator // abs(value).denominator
    up = abs(value) - below >= Fraction(1, 2)
    return (below + up) * (1 if value >= 0 else -1)


def holds(row, on):
    return row["from_on"] <= on and (row["until_on"] is None or on < row["until_on"])


def index(on):
    return on.year * 12 + on.month


def days_of(month):
    return [month.first_on + DAY * step for step in range(month.days)]

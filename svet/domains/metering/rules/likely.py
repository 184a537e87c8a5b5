"""What somebody most likely meant who typed a value that cannot be right: an extra digit, two that changed places,
a missing one, decimals taken for whole kWh, day and night in each other's field.

A guess is offered only where its slip leaves exactly one sensible value: no reading is ever made up for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

LEAST_KWH, UNKNOWN_MONTH_KWH, TIMES_USUAL, MONTH_DAYS = 50, 500, 3, 30
MOST_DIGITS = 12


class Slip(StrEnum):
    """How a wrong value comes about, the surest first."""

    REGISTERS_SWAPPED = "registers_swapped"
    WITH_DECIMALS = "with_decimals"
    EXTRA_DIGIT = "extra_digit"
    DIGITS_SWAPPED = "digits_swapped"
    MISSING_DIGIT = "missing_digit"


@dataclass(frozen=True, slots=True)
class Typed:
    """A value as it was typed into the field of a register, beside the value before; kWh of the dial."""

    position: int
    text: str
    previous: Decimal | None
    usual_month_kwh: Decimal | None
    days: int
    digits: int


@dataclass(frozen=True, slots=True)
class Guess:
    """Perhaps it is this value that was meant in the field of the register."""

    position: int
    typed: str
    value: str
    slip: Slip


def likely_values(fields: Sequence[Typed]) -> tuple[Guess, ...]:
    """Return what was perhaps meant in the fields whose values are not sensible; nothing where it is not clear.

    >>> october = Typed(1, "45120", Decimal(4390), Decimal(120), days=30, digits=5)
    >>> [(one.value, one.slip.value) for one in likely_values([october])]
    [('4512', 'with_decimals')]
    """
    odd = [one for one in fields if not is_sensible(one)]
    if not odd:
        return ()
    if len(fields) == 2:
        first, second = fields
        swapped = (replace(first, text=second.text), replace(second, text=first.text))
        if all(is_sensible(one) for one in swapped):
            return tuple(
                Guess(new.position, old.text, _digits(new.text) or "", Slip.REGISTERS_SWAPPED)
                for old, new in zip(fields, swapped, strict=True)
            )
    guesses = (_guess(one) for one in odd)
    return tuple(one for one in guesses if one is not None)


def is_sensible(field: Typed) -> bool:
    """Say whether the value is whole digits, not below the one before and not far above the usual use."""
    digits = _digits(field.text)
    if digits is None or len(digits) > field.digits or field.previous is None:
        return digits is not None and field.previous is None
    usual = UNKNOWN_MONTH_KWH if field.usual_month_kwh is None else field.usual_month_kwh * TIMES_USUAL
    most = max(usual * max(field.days, 1) / MONTH_DAYS, Decimal(LEAST_KWH))
    return 0 <= Decimal(digits) - field.previous <= most


def _guess(field: Typed) -> Guess | None:
    digits = _digits(field.text)
    if digits is None or field.previous is None or len(digits) > MOST_DIGITS:
        return None
    for slip, candidates in _candidates(digits):
        sensible = {one for one in candidates if one and is_sensible(replace(field, text=one))}
        if len(sensible) == 1:
            return Guess(field.position, field.text, sensible.pop(), slip)
    return None


def _candidates(digits: str) -> Iterable[tuple[Slip, set[str]]]:
    places = range(len(digits))
    yield Slip.WITH_DECIMALS, {_plain(digits[:-count]) for count in (1, 2, 3)}
    yield Slip.EXTRA_DIGIT, {_plain(digits[:place] + digits[place + 1 :]) for place in places}
    yield (
        Slip.DIGITS_SWAPPED,
        {_plain(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]) for at in places[:-1]},
    )
    yield (
        Slip.MISSING_DIGIT,
        {_plain(digits[:at] + more + digits[at:]) for at in range(len(digits) + 1) for more in "0123456789"},
    )


def _digits(text: str) -> str | None:
    """Return the whole digits of a typed value without leading zeros; None where it is no plain number."""
    whole = text.strip().replace(",", ".").partition(".")[0]
    return _plain(whole) if whole.isascii() and whole.isdigit() else None


def _plain(digits: str) -> str:
    return digits.lstrip("0") or ("0" if digits else "")

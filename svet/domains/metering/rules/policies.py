"""Policies of readings: named switches with a default and its source. Their dated values live in tariffs.

`reading_cutoff_day` is shared with the calculation (tariffs/rules/policies.py).
What the law does not fix (how much is "too much") is a switch, so that the retailer sets it without a programmer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from svet.kernel.findings import Level

OWN_CHOICE = "the project's own choice, to be set by the retailer"


@dataclass(frozen=True, slots=True)
class Policy:
    """A named switch: its default and where the default comes from."""

    name: str
    default: str
    source: str


POLICIES: dict[str, Policy] = {
    policy.name: policy
    for policy in (
        Policy("reading_window_from", "1", "ПП 354, п. 33 (к1): no first day is named; the contract may name one"),
        Policy("reading_cutoff_day", "25", "ПП 354, п. 31 (ж), 33 (к1): by the 25th inclusive"),
        Policy("reading_lower", "hold", OWN_CHOICE),
        Policy("reading_after_verification", "note", OWN_CHOICE),
        Policy("reading_large_factor", "5", OWN_CHOICE),
        Policy("reading_large_at_least_kwh", "300", OWN_CHOICE),
        Policy("reading_large_without_history_kwh", "1500", OWN_CHOICE),
        Policy("reading_zero_days", "60", OWN_CHOICE),
    )
}


@dataclass(frozen=True, slots=True)
class ReadingPolicies:
    """The values of the switches on one day. Days of the window are days of the month."""

    window_from: int = 1
    cutoff_day: int = 25
    lower: Level = Level.HOLD
    after_verification: Level = Level.NOTE
    large_factor: int = 5
    large_at_least_kwh: int = 300
    large_without_history_kwh: int = 1500
    zero_days: int = 60

    @classmethod
    def of(cls, values: Mapping[str, object]) -> ReadingPolicies:
        """Return the policies with `values` (by their full names) instead of the defaults.

        >>> ReadingPolicies.of({"reading_cutoff_day": "26"}).cutoff_day
        26
        """
        texts = {name: str(values.get(name, policy.default)) for name, policy in POLICIES.items()}
        return cls(
            window_from=int(texts["reading_window_from"]),
            cutoff_day=int(texts["reading_cutoff_day"]),
            lower=Level(texts["reading_lower"]),
            after_verification=Level(texts["reading_after_verification"]),
            large_factor=int(texts["reading_large_factor"]),
            large_at_least_kwh=int(texts["reading_large_at_least_kwh"]),
            large_without_history_kwh=int(texts["reading_large_without_history_kwh"]),
            zero_days=int(texts["reading_zero_days"]),
        )

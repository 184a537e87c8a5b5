"""The policies that the checks of readings use, out of the catalogue of policies (tariffs/rules/policies.py).

What the law does not fix (how much is "too much") is a switch, so that the retailer sets it without a programmer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.findings import Level


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
    rollover_factor: int = 3
    rollover_limit_kwh: int = 1500
    zero_days: int = 60

    @classmethod
    def of(cls, values: Mapping[str, str]) -> ReadingPolicies:
        """Return the policies with `values` (by the catalogue's names) instead of the defaults.

        >>> ReadingPolicies.of({"reading_cutoff_day": "26"}).cutoff_day
        26
        """
        known = Policies.from_values(values)
        return cls(
            window_from=known.reading_window_from,
            cutoff_day=known.reading_cutoff_day,
            lower=Level(known.reading_lower),
            after_verification=Level(known.reading_after_verification),
            large_factor=known.reading_large_factor,
            large_at_least_kwh=known.reading_large_at_least_kwh,
            large_without_history_kwh=known.reading_large_without_history_kwh,
            rollover_factor=known.rollover_factor,
            rollover_limit_kwh=known.rollover_limit_kwh,
            zero_days=known.reading_zero_days,
        )

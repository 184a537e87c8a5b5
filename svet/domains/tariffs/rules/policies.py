"""The values of the named policies in force for one calculation.

Dated values live in the table of policies (`tariffs_policy`); a run takes those in force for its month. What each
switch means, its catalogue (`switches.py`) says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from svet.domains.tariffs.rules.switches import BY_NAME, POLICIES, Policy, PolicyValueRefused, UnknownPolicy

__all__ = ["BY_NAME", "POLICIES", "Policies", "Policy", "PolicyValueRefused", "UnknownPolicy"]


@dataclass(frozen=True, slots=True)
class Policies:
    """The values in force for one calculation; every field is a switch of `POLICIES`."""

    reading_cutoff_day: int = 25
    average_window_months: int = 6
    average_window_max_months: int = 12
    average_min_months: int = 3
    average_limit_months: int = 3
    average_limit_failed_months: int = 3
    average_limit_refused_months: int = 3
    failed_meter_average: str = "until_replaced"
    meter_gap: str = "average"
    verification_expired: str = "measured"
    access_refused_acts: int = 2
    access_refused_twice: str = "after_average"
    norm_factor_percent: int = 150
    norm_factor_after: str = "failure_refusal"
    surcharge_taken_back: str = "yes"
    temporary_residents_min_days: int = 5
    rollover_factor: int = 3
    rollover_limit_kwh: int = 1500
    true_up_method: str = "by_months"
    tariff_change_split: str = "days"
    tariff_change_reading_days: int = 3
    social_norm_without_residents: str = "one_person"
    bound_over_bands: str = "proportional"
    privileged_social_norm: str = "household"
    ranges_in_partial_month: str = "prorate"
    quality_excess: str = "per_event"
    quality_allowed_hours: int = 24
    quality_allowed_hours_two_sources: int = 2
    quality_percent_e2: int = 15
    house_excess: str = "consumers"
    house_negative: str = "to_flats"
    house_average_limit_months: int = 3
    house_corrections: str = "own_month"
    benefit_method: str = "reduces_bill"
    benefit_steps: str = "first_steps"
    unmetered_limit_months: int = 3
    unmetered_norm_percent: int = 1000
    unmetered_price: str = "first_step"
    due_day_off: str = "next_working"
    reading_window_from: int = 1
    reading_lower: str = "hold"
    reading_after_verification: str = "note"
    reading_large_factor: int = 5
    reading_large_at_least_kwh: int = 300
    reading_large_without_history_kwh: int = 1500
    reading_zero_days: int = 60
    penalty_rate_day: str = "payment_day"
    penalty_rounding: str = "debt"
    penalty_late_bill: str = "presented"
    penalty_moratorium_2020: str = "until_2020_12_31"
    penalty_moratorium_2022: str = "old_debts"
    revision_limit_months: int = 36

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Policies:
        """Return the defaults with `values` in place; raise `UnknownPolicy` or `PolicyValueRefused`.

        >>> Policies.from_values({"average_limit_months": "6"}).average_limit_months
        6
        """
        typed: dict[str, int | str] = {}
        for name, text in values.items():
            if name not in BY_NAME:
                raise UnknownPolicy(name=name, known=sorted(BY_NAME))
            typed[name] = BY_NAME[name].read(text)
        return cls(**typed)  # type: ignore[arg-type]

    def as_values(self) -> dict[str, str]:
        """Return every switch as text, as the table of policies and a run's record keep it."""
        return {name: str(value) for name, value in asdict(self).items()}

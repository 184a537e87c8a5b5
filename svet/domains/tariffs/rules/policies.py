"""The named policies of calculation: every point on which sources are silent or disagree is a switch here.

A switch has a name, a type, a default and a note on its source. Dated values live in the table of policies
(`tariffs_policy`); a run takes the values in force for its month. Titles for people are a matter of surfaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from svet.kernel.errors import DomainError


class UnknownPolicy(DomainError):
    """There is no policy of this name."""

    code = "unknown_policy"


class PolicyValueRefused(DomainError):
    """The value is outside what the policy allows."""

    code = "policy_value_refused"


@dataclass(frozen=True, slots=True)
class Policy:
    """What one switch means: its name, what values it takes, its default as text, and where that comes from."""

    name: str
    default: str
    source: str
    choices: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0

    def read(self, text: str) -> int | str:
        """Return the typed value of `text`; raise `PolicyValueRefused` when it is not allowed."""
        if self.choices:
            if text in self.choices:
                return text
        elif len(text) <= 9 and text.isascii() and text.isdigit() and self.minimum <= int(text) <= self.maximum:
            return int(text)
        allowed = "|".join(self.choices) if self.choices else f"{self.minimum}..{self.maximum}"
        raise PolicyValueRefused(name=self.name, value=text, allowed=allowed)


POLICIES: tuple[Policy, ...] = (
    Policy(
        "reading_cutoff_day",
        "25",
        "PP 354 p. 31 zh, 33 k(1): the 25th unless the contract says else",
        minimum=1,
        maximum=31,
    ),
    Policy(
        "average_window_months",
        "6",
        "PP 354 p. 59 b: not less than 6 months",
        minimum=1,
        maximum=12,
    ),
    Policy(
        "average_window_max_months",
        "12",
        "no upper bound in p. 59; retailers use 6 or 12",
        minimum=1,
        maximum=12,
    ),
    Policy(
        "average_min_months",
        "3",
        "PP 354 p. 59 b: not less than 3 months of the meter's work",
        minimum=1,
        maximum=12,
    ),
    Policy(
        "average_limit_months",
        "3",
        "PP 354 p. 59 b in the present edition (an older one said 6)",
        minimum=0,
        maximum=12,
    ),
    Policy(
        "rollover_factor",
        "3",
        "practice: a dial that passed zero is believed up to 3 times the usual",
        minimum=1,
        maximum=100,
    ),
    Policy(
        "rollover_limit_kwh",
        "1500",
        "own choice: a month's bound for a wrap when the account has no history",
        minimum=0,
        maximum=100_000,
    ),
    Policy(
        "tariff_change_split",
        "days",
        "no federal rule; practice splits by calendar days or by a reading of that day",
        choices=("days", "reading"),
    ),
    Policy(
        "tariff_change_reading_days",
        "3",
        "practice: a reading within 3 days of the change",
        minimum=0,
        maximum=10,
    ),
    Policy(
        "social_norm_without_residents",
        "one_person",
        "PP 614: a home without residents has the one-person norm",
        choices=("one_person", "owners"),
    ),
    Policy(
        "ranges_in_partial_month",
        "prorate",
        "no rule found; bounds are of a month, as the social norm is",
        choices=("prorate", "whole"),
    ),
    Policy(
        "due_day_off",
        "next_working",
        "Civil Code art. 193: a term that ends on a day off ends on the next working day",
        choices=("next_working", "same_day"),
    ),
    Policy(
        "reading_window_from",
        "1",
        "no first day is named; a contract may name one (Moscow had the 15th)",
        minimum=1,
        maximum=31,
    ),
    Policy(
        "reading_lower",
        "hold",
        "own choice: a value lower than the one before waits for an operator",
        choices=("hold", "refuse"),
    ),
    Policy(
        "reading_after_verification",
        "note",
        "own choice: billing decides by PP 354 p. 59 a whether the value is used",
        choices=("note", "hold"),
    ),
    Policy(
        "reading_large_factor",
        "5",
        "own choice: so many times the usual is held",
        minimum=1,
        maximum=100,
    ),
    Policy(
        "reading_large_at_least_kwh",
        "300",
        "own choice: less than this is never held as large",
        minimum=0,
        maximum=100_000,
    ),
    Policy(
        "reading_large_without_history_kwh",
        "1500",
        "own choice: a month's bound for an account without history",
        minimum=0,
        maximum=100_000,
    ),
    Policy(
        "reading_zero_days",
        "60",
        "own choice: a value that stands still so long is noted",
        minimum=1,
        maximum=3_660,
    ),
    Policy(
        "penalty_rate_day",
        "payment_day",
        "Housing Code art. 155 p. 14: the rate of the day of payment (for what is unpaid, of the day of calculation);"
        " some programs take each day's own",
        choices=("payment_day", "each_day"),
    ),
    Policy(
        "penalty_rounding",
        "debt",
        "no rule found: each month's debt is rounded once, or the account's whole penalty",
        choices=("debt", "account"),
    ),
    Policy(
        "penalty_late_bill",
        "presented",
        "no rule found: what was billed late is due with the bill it came with, or with its own month's",
        choices=("presented", "own_month"),
    ),
    Policy(
        "penalty_moratorium_2020",
        "until_2020_12_31",
        "PP 424: from 06.04.2020 to 01.01.2021; programs count 270 days (without 01.01.2021) or 271 (with it)",
        choices=("until_2020_12_31", "until_2021_01_01"),
    ),
    Policy(
        "penalty_moratorium_2022",
        "old_debts",
        "PP 497: 01.04-30.09.2022 for debts due before 01.04.2022; or 31.03-01.10.2022 for all; or not for households",
        choices=("old_debts", "all_debts", "none"),
    ),
)
"""The catalogue, in the order in which pages show it."""

BY_NAME: dict[str, Policy] = {policy.name: policy for policy in POLICIES}


@dataclass(frozen=True, slots=True)
class Policies:
    """The values in force for one calculation; every field is a switch of `POLICIES`."""

    reading_cutoff_day: int = 25
    average_window_months: int = 6
    average_window_max_months: int = 12
    average_min_months: int = 3
    average_limit_months: int = 3
    rollover_factor: int = 3
    rollover_limit_kwh: int = 1500
    tariff_change_split: str = "days"
    tariff_change_reading_days: int = 3
    social_norm_without_residents: str = "one_person"
    ranges_in_partial_month: str = "prorate"
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

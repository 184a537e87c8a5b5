"""The catalogue of switches of calculation: what each is called, what it may be, its default and its source.

A point on which sources are silent or disagree is a switch here and nowhere else. Titles for people are a matter
of surfaces.
"""

from __future__ import annotations

from svet.domains.tariffs.rules.perk_switches import BENEFITS, UNMETERED
from svet.domains.tariffs.rules.switch import Policy, PolicyValueRefused, UnknownPolicy

__all__ = ["BY_NAME", "POLICIES", "Policy", "PolicyValueRefused", "UnknownPolicy"]

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
        "average_limit_failed_months",
        "3",
        "PP 354 p. 59 a: a meter that failed, was lost or whose verification expired; 3 months (public code)",
        minimum=0,
        maximum=12,
    ),
    Policy(
        "average_limit_refused_months",
        "3",
        "PP 354 p. 59 v: access to the meter refused by an act (p. 85 g); 3 months (public code)",
        minimum=0,
        maximum=12,
    ),
    Policy(
        "failed_meter_average",
        "until_replaced",
        "PP 354 p. 59 g (PP 950 of 29.06.2020): a failed electricity meter is averaged until the retailer or the grid"
        " replaces it (content from memory, unverified); limited: 3 months as by p. 59 a",
        choices=("until_replaced", "limited"),
    ),
    Policy(
        "meter_gap",
        "average",
        "PP 354 p. 59 a, g: days between a meter taken down and the next one go by the average, as of a failed meter"
        " (from memory, unverified); practice of some: by norm, as without a meter (V06)",
        choices=("average", "norm"),
    ),
    Policy(
        "verification_expired",
        "measured",
        "PP 354 p. 59 a, p. 81(12): a meter out of verification counts as failed (from memory, unverified); practice"
        " goes on by its readings, since its verification is the retailer's duty (522-FZ)",
        choices=("measured", "average"),
    ),
    Policy(
        "access_refused_acts",
        "2",
        "PP 354 p. 60(1): after at least 2 refusals with acts the consumer's readings are not used (public code)",
        minimum=1,
        maximum=9,
    ),
    Policy(
        "access_refused_twice",
        "after_average",
        "PP 354 p. 60(1): the factor comes after the average of p. 59 v; p. 60(3): the norm with the factor at once,"
        " from the month of the repeated act (both from public code)",
        choices=("after_average", "norm_at_once"),
    ),
    Policy(
        "norm_factor_percent",
        "150",
        "PP 354 p. 42, p. 60, appendix 2 formula 4(1): the norm times 1.5",
        minimum=100,
        maximum=1_000,
    ),
    Policy(
        "norm_factor_after",
        "failure_refusal",
        "PP 354 p. 60: the factor after the average for failure and refused access, not for missing readings (from"
        " memory, unverified; other sources say any estimate)",
        choices=("failure_refusal", "any_estimate", "never"),
    ),
    Policy(
        "surcharge_taken_back",
        "yes",
        "no rule found; p. 61 recalculates the whole fee when readings are known. no: the factor's part stays",
        choices=("yes", "no"),
    ),
    Policy(
        "temporary_residents_min_days",
        "5",
        "PP 354 p. 56: temporary residents count when they stay more than 5 days running (from memory, unverified)",
        minimum=0,
        maximum=365,
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
        "true_up_method",
        "by_months",
        "PP 354 p. 38: each period by its own tariff and norm; no explicit point on the true-up, practice often"
        " credits the estimates in the month of the reading (current_month), which sets months of use against one"
        " month's norm",
        choices=("by_months", "current_month"),
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
        "bound_over_bands",
        "proportional",
        "PP 614: a norm is divided over the zones in proportion to their energy of the month (from memory, unverified);"
        " in_order: it fills the zones in the order of the dials, day before night",
        choices=("proportional", "in_order"),
    ),
    Policy(
        "privileged_social_norm",
        "household",
        "Vladimir's 150 kWh for the privileged: whether of a household or of each person is not visible in the sources",
        choices=("household", "person"),
    ),
    Policy(
        "ranges_in_partial_month",
        "prorate",
        "no rule found; bounds are of a month, as the social norm is",
        choices=("prorate", "whole"),
    ),
    Policy(
        "quality_excess",
        "per_event",
        'PP 354 appendix 1: the excess is "in total for the period": each event\'s hours over the allowed ones, or the'
        " month's hours over them once (per_month); both readings are in use",
        choices=("per_event", "per_month"),
    ),
    Policy(
        "quality_allowed_hours",
        "24",
        "PP 354 appendix 1: an outage of 24 hours is allowed with one source (public code)",
        minimum=0,
        maximum=720,
    ),
    Policy(
        "quality_allowed_hours_two_sources",
        "2",
        "PP 354 appendix 1: 2 hours with two independent sources (public code)",
        minimum=0,
        maximum=720,
    ),
    Policy(
        "quality_percent_e2",
        "15",
        "PP 354 appendix 1: 0.15 per cent of the month's charge for each hour over (in hundredths of a per cent)",
        minimum=0,
        maximum=10_000,
    ),
    *BENEFITS,
    *UNMETERED,
    Policy(
        "house_excess",
        "consumers",
        "PP 354 p. 44: over the norm of common needs the provider bears it unless the owners decide otherwise; where "
        "the supplier charges directly it is shared whole (from memory, unverified); the terms of a house may say else",
        choices=("consumers", "supplier"),
    ),
    Policy(
        "house_negative",
        "to_flats",
        "PP 354 p. 47: less than nothing is given back by area (secondary source); or not charged only; or carried to "
        "the next month as for managers (PP 124, from memory, unverified); the terms of a house may say else",
        choices=("to_flats", "zero", "carry"),
    ),
    Policy(
        "house_average_limit_months",
        "3",
        "PP 354 p. 59 (1): a house meter that was not read goes by average, 3 months in a row (public code)",
        minimum=0,
        maximum=12,
    ),
    Policy(
        "house_corrections",
        "own_month",
        "no rule found: a dwelling's later correction changes the month of the house that it is for, by a revision, or "
        "counts in the month of the bill in which it is",
        choices=("own_month", "next_bill"),
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
    Policy(
        "revision_limit_months",
        "36",
        "Civil Code 196: three years; PP 354 names no term, further back needs a reason of its own",
        minimum=1,
        maximum=120,
    ),
)
"""The catalogue, in the order in which pages show it."""

BY_NAME: dict[str, Policy] = {policy.name: policy for policy in POLICIES}

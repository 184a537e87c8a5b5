"""Switches of benefits and of unmetered use, on which sources are silent or disagree."""

from __future__ import annotations

from svet.domains.tariffs.rules.switch import Policy

BENEFITS: tuple[Policy, ...] = (
    Policy(
        "benefit_method",
        "reduces_bill",
        "no rule of billing found: 181-FZ art. 17 and 5-FZ speak of a compensation that the authority pays (from"
        " memory, unverified); by agreement with it the supplier takes it off the bill, or only reports it"
        " (compensated)",
        choices=("reduces_bill", "compensated"),
    ),
    Policy(
        "benefit_steps",
        "first_steps",
        "no rule found: kWh of a benefit fill the social norm and the first range before the dearer ones, or all steps"
        " in proportion to their energy (proportional)",
        choices=("first_steps", "proportional"),
    ),
)
UNMETERED: tuple[Policy, ...] = (
    Policy(
        "unmetered_limit_months",
        "3",
        "PP 354 p. 62, p. 81(11): when the beginning is unknown, from the last check, but no more than 3 months before"
        " the month in which it was found (from memory, unverified)",
        minimum=1,
        maximum=36,
    ),
    Policy(
        "unmetered_norm_percent",
        "1000",
        "PP 354 p. 62, p. 81(11): the norm times 10 where the power of the equipment is unknown (from memory,"
        " unverified)",
        minimum=100,
        maximum=5_000,
    ),
    Policy(
        "unmetered_price",
        "first_step",
        "no rule found: unmetered energy goes by the one-rate price of step 1 of each month, or of its last step",
        choices=("first_step", "last_step"),
    ),
)

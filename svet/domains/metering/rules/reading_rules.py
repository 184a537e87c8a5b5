"""The numbered rules of readings: what each says, its source, an example. The checks are in `checks.py`."""

from __future__ import annotations

from svet.kernel.rulebook import Rule

OWN = "Practice of the trade"

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("R01", "A value is digits with at most one comma or point.", OWN, "«12e3», «NaN», «—» are refused"),
        Rule("R02", "A value is not negative.", OWN, "−5 is refused"),
        Rule("R03", "A value has no more whole digits than the dial.", OWN, "123456 on a dial of 5 digits is refused"),
        Rule(
            "R04",
            "Fractions finer than the dial shows are dropped.",
            OWN,
            "1234,5 on a dial without fractions is kept as 1234",
        ),
        Rule(
            "R05",
            "All registers of a meter are read together.",
            OWN,
            "T1 without T2 of a two-zone meter is refused",
        ),
        Rule("R06", "A value belongs to a register of the meter.", OWN, "T3 of a two-zone meter is refused"),
        Rule("R07", "A reading is not taken in the future.", OWN, "Taken tomorrow: refused"),
        Rule(
            "R08",
            "The account has an agreement on the day of the reading.",
            "ПП 354: supply under an agreement (point from memory, unverified)",
            "Taken a week before the agreement began: refused",
        ),
        Rule("R09", "The named meter belongs to the account.", OWN, "The number of the neighbour's meter: refused"),
        Rule(
            "R10",
            "The meter hung there on the day of the reading.",
            "ПП 354, п. 81: readings of a meter put into service (from memory, unverified)",
            "Taken the day before the meter was installed: refused",
        ),
        Rule("R11", "Where several meters hang, the meter is named.", OWN, "Two meters and no number: refused"),
        Rule(
            "R12",
            "A value is not lower than the one before (held or refused by the policy reading_lower).",
            OWN,
            "1500 after 1600: held for an operator",
        ),
        Rule(
            "R13",
            "A dial that ran over its last digit starts again at zero.",
            OWN,
            "00040 after 99950 on 5 digits is 90 kWh",
        ),
        Rule(
            "R14",
            "Use is not implausibly large against the account's own history (reading_large_*).",
            OWN,
            "2000 kWh in a month where 150 are usual: held",
        ),
        Rule(
            "R15",
            "One digit too many is told apart from large use.",
            OWN,
            "16004 after 1500 where 1600 would be usual: held, 1600 suggested",
        ),
        Rule(
            "R16",
            "Use does not exceed the connected power times the hours passed.",
            "ПП 861: the maximum power of the connection (from memory, unverified)",
            "15 kW in 10 days give at most 3960 kWh with the day of reading: more is held",
        ),
        Rule("R17", "A value that stands still for long is noted (reading_zero_days).", OWN, "The same 60 days: noted"),
        Rule("R18", "The same value for the same day is noted.", OWN, "Sent twice by two channels: noted"),
        Rule(
            "R19",
            "A reading of a day before the last one must stand between its neighbours.",
            OWN,
            "1550 on the 10th where 1600 stands on the 20th: noted; 1650: held",
        ),
        Rule(
            "R20",
            "A consumer's reading given after the window is kept and used for the next month.",
            "ПП 354, п. 31 (ж), 33 (к1): by the 25th; reading_cutoff_day",
            "Given on the 27th of October: used for November",
        ),
        Rule(
            "R21",
            "A meter whose verification has expired is noted (or held: reading_after_verification).",
            "ПП 354, п. 59 (а): a verification that expired",
            "Due on 1 May, read on 20 May: noted",
        ),
        Rule(
            "R22",
            "A reading for a month already billed is kept; the next bill corrects.",
            "ПП 354, п. 61 (from memory, unverified)",
            "October corrected on 3 November: noted, the November bill corrects",
        ),
    )
}

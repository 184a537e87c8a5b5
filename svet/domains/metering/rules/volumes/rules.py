"""The numbered rules of volumes: what each says, its source, an example."""

from __future__ import annotations

from svet.kernel.rulebook import Rule

PRACTICE = "Practice of the trade"

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            "V01",
            "By meter: the latest reading that counts for the month less the one billed last, times the multiplier.",
            "PP 354 p. 42, appendix 2 formula 1",
            "E1: 4521 → 4758 = 237 kWh",
        ),
        Rule(
            "V02",
            "A lower reading is a dial that passed zero, when the volume is within the usual times a factor.",
            PRACTICE,
            "E6: 99912 → 00047 on 5 digits = 135 kWh",
        ),
        Rule(
            "V03",
            "By a meter that was installed or removed: from or to the value in the act.",
            PRACTICE,
            "E7: 73 + 41 = 114 kWh",
        ),
        Rule(
            "V04",
            "No reading: the monthly average between actual readings of at least 6 (else 3) months, 3 months at most; "
            "by days for a part of a month; a new meter without history takes the average of the one before it.",
            "PP 354 p. 59 b",
            "E8: February to April, 200 kWh each",
        ),
        Rule(
            "V05",
            "No reading and no average any more: the consumption norm by person-days.",
            "PP 354 p. 60",
            "E8: May, 120 kWh",
        ),
        Rule(
            "V06",
            "Days without a meter, or before a meter's first reading: the consumption norm by person-days.",
            "PP 354 p. 42, appendix 2 formula 4",
            "E10: 3 × 46 = 138 kWh",
        ),
        Rule(
            "V07",
            "When a reading comes, what was charged by average since the one before it is taken back.",
            PRACTICE,
            "E8: June, less 600 kWh",
        ),
        Rule(
            "V08",
            "When a reading comes, what was charged by norm in its place is taken back.",
            PRACTICE,
            "E8: June, less 120 kWh",
        ),
        Rule(
            "V09",
            "A billed reading was corrected: the next bill takes the difference.",
            "PP 354 p. 61",
            "4758 billed, 4750 right: less 8 kWh",
        ),
        Rule(
            "V10",
            "The first reading of a meter opens the count and charges nothing.",
            PRACTICE,
            "Initial 12000: 0 kWh",
        ),
        Rule(
            "V11",
            "A meter that failed (or, by policy, is out of verification): its average from before, until it is "
            "replaced or for 3 months (policy); it stands for good, and the count opens anew after it.",
            "PP 354 p. 59 a, g",
            "Failed on 10 March, 200 a month: 22 of 31 days are 141.935 kWh",
        ),
        Rule(
            "V12",
            "Access to the meter refused by an act: the average for at most 3 months; from the second act on the "
            "consumer's own readings wait for the check (policy).",
            "PP 354 p. 59 v, 60(1), 85 g",
            "Act of 3 February: February to April, 200 kWh each",
        ),
        Rule(
            "V13",
            "A failed meter and no average any more, or too little history: the consumption norm, for good.",
            "PP 354 p. 59 a, 60",
            "Two months of history: 120 kWh",
        ),
        Rule(
            "V14",
            "Access refused and no average any more, or too little history: the consumption norm.",
            "PP 354 p. 60",
            "Refused for the fourth month: 120 kWh",
        ),
        Rule(
            "V15",
            "What the factor adds to the norm where an obliged and possible meter is absent, or after the average of a "
            "failed one; a volume of its own.",
            "PP 354 p. 42, 60, appendix 2 formula 4(1)",
            "E10: 138 kWh × 0.5 = 69 kWh",
        ),
        Rule(
            "V16",
            "What the factor adds to the norm after the average of refused access (by policy: missing readings too).",
            "PP 354 p. 60, 60(1), 60(3)",
            "120 kWh × 0.5 = 60 kWh",
        ),
        Rule(
            "V17",
            "When a reading comes, the surcharge of the norm it replaces is taken back (policy).",
            PRACTICE,
            "E8 with the factor: June, less 60 kWh: 700.40",
        ),
        Rule(
            "V18",
            "Days between a meter taken down and the next one: the average of the one taken down, for good, as long as "
            "a failed meter is averaged (policy); by norm where it has none, or by policy. A change of the price "
            "splits it by the days of the gap alone.",
            "PP 354 p. 59 a, g; p. 38",
            "Removed on 10 March, the next hung on 13 March, 200 a month: 3 of 31 days are 19.355 kWh; with a new "
            "price on the 12th 12.903 and 6.452",
        ),
    )
}

FINDINGS: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            "F01",
            "Held: the reading fell and no dial that passed zero explains it.",
            PRACTICE,
            "E6 control: 04758 → 04521 would be 99,763 kWh",
        ),
        Rule(
            "F02",
            "Held: no consumption norm is published for these rooms, residents and equipment on these days.",
            "PP 354 p. 42",
            "Rooms unknown, no meter",
        ),
        Rule(
            "F03",
            "Held: a norm is due and neither residents nor owners are known.",
            "PP 354 p. 56(2)",
            "No household on record, no meter",
        ),
        Rule(
            "F07",
            "Note: one register of the supply point has neither reading nor average while another is measured; "
            "its energy waits for its reading.",
            PRACTICE,
            "T1 read, T2 missing for the fourth month",
        ),
        Rule(
            "F08",
            "Note: the verification of a meter in use has expired.",
            "PP 354 p. 81(12)",
            "Due 2026-01-31, billed for March",
        ),
    )
}

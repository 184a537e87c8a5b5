"""The numbered rules of penalties: their sources, and examples that are tests."""

from __future__ import annotations

from svet.kernel.rulebook import Rule

CODE = "Housing Code art. 155 p. 14"
OWN = "Practice of the trade"

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            "N01",
            "A month is paid for by the 15th of the next one, by the 10th before the bill for February 2026.",
            "177-FZ of 24.06.2025, in force from 01.03.2026",
            "P10: January 2026 is due 10.02.2026, February 2026 by the 15th",
        ),
        Rule(
            "N02",
            "A term that ends on a day off ends on the next working day (due_day_off).",
            "Civil Code art. 193",
            "P9: 15.03.2026 is a Sunday: 3,500.00 paid 30.06.2026 bears 107.42, unshifted 109.98",
        ),
        Rule(
            "N03",
            "What was billed later than its month is due with the bill it came with (penalty_late_bill).",
            OWN,
            "January billed in May 2026 is due 15.06.2026",
        ),
        Rule("N04", "Days 1 to 30 after the term bear no penalty.", CODE, "P-ANTI: 5,000.00 for 15 days: 0.00"),
        Rule("N05", "Days 31 to 90 bear 1/300 of the rate a day.", CODE, "P0: due 01.01.2024, 01.02.2024 is the first"),
        Rule("N06", "From day 91 on, 1/130 of the rate a day.", CODE, "P0: due 01.01.2024, 01.04.2024 is the first"),
        Rule(
            "N07",
            "The day of payment counts; what was paid lowers the debt from the next day on.",
            OWN,
            "P2: 10,000.00 due 10.02.2025, paid 10.07.2025: 60 and 60 days, 628.46",
        ),
        Rule(
            "N08",
            "The rate is that of the day of payment, of the day of calculation for what is unpaid; by a policy, of each"
            " day (penalty_rate_day).",
            f"{CODE}; the Government's comment quoted at elcode.ru",
            "1,000.00 due 10.04.2020, paid 31.08.2020: 4.25 % for all days",
        ),
        Rule(
            "N09",
            "The rate is not taken above the cap in force on its day.",
            "PP 474 of 26.03.2022, PP 2479 of 28.12.2022, PP 329 of 18.03.2025",
            "P2: the key rate was 20 %, 9.5 % is taken",
        ),
        Rule(
            "N10",
            "Days of a moratorium bear none, in the reading a policy chooses; the days of delay go on being counted.",
            "PP 424 of 02.04.2020; PP 497 of 28.03.2022",
            "From 06.04.2020 on 270 days, by the other reading 271",
        ),
        Rule(
            "N11",
            "Money closes the named month first, then the oldest; penalties come after the price; penalties bear none.",
            "Civil Code art. 319.1; Supreme Court Plenum 54 of 22.11.2016 p. 37",
            "P4: 150 paid for 100 and 100: penalty 6.07",
        ),
        Rule(
            "N12",
            "What was paid by the term bears nothing, an advance closes a charge when it comes.",
            CODE,
            "P6: 2,500.00 due 10.02.2026, paid 01.02.2026: 0.00",
        ),
        Rule(
            "N13",
            "Penalties are exact to the end and rounded once for each month's debt (penalty_rounding).",
            OWN,
            "P4: 4.165385 + 0.95 + 0.95 = 6.065385: 6.07",
        ),
        Rule(
            "N14",
            "A month's penalty is the difference between two computations of everything; what no longer holds is taken"
            " back by rows of its own.",
            OWN,
            "A payment that turns out earlier takes penalties back",
        ),
    )
}

FINDINGS: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("N90", "The key rate of a day that counts is not known: a person is asked.", OWN, "After the last check"),
        Rule("N91", "It is not known whether the rate is capped on a day that counts.", OWN, "After 31.12.2026"),
        Rule("N92", "The production calendar does not tell the term of a debt.", OWN, "A debt of 2019"),
    )
}
"""Accounts with one of these are parked: their penalties wait."""

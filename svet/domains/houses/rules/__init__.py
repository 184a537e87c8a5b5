"""Pure rules of common needs: what a house used, what of it is nobody's own, and each dwelling's share.

Energy is in watt-hours, areas in hundredths of a square metre; nothing here knows prices.
"""

from __future__ import annotations

from enum import StrEnum

from svet.kernel.rulebook import Rule


class ChargedBy(StrEnum):
    """Who charges common needs: the supplier, or the manager of the house within his own payment."""

    SUPPLIER = "supplier"
    MANAGER = "manager"


class Excess(StrEnum):
    """Who bears what is over the norm of common needs."""

    CONSUMERS = "consumers"
    SUPPLIER = "supplier"


class Negative(StrEnum):
    """What becomes of a house whose dwellings used more than its meter: given back, nothing, or carried on."""

    TO_FLATS = "to_flats"
    ZERO = "zero"
    CARRY = "carry"


BY_METER, BY_AVERAGE, BY_NORM, GIVEN_BACK = "H01", "H02", "H03", "H04"
SHARED = (BY_METER, BY_AVERAGE, BY_NORM, GIVEN_BACK)
RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            BY_METER,
            "Common needs: the house by its meter less all own volumes, by the area of the dwelling to that of all.",
            "PP 354 p. 40, 44, appendix 2 formula 10 (from memory, unverified)",
            "1,000 − 950 = 50 kWh; 50 m² of 1,000: 2.5 kWh",
        ),
        Rule(
            BY_AVERAGE,
            "The house was not read: its average of metered months instead, 3 months in a row at most (policy).",
            "PP 354 p. 59 (1), appendix 2 (a house meter that failed: public code)",
            "Mean of 990, 1,000 and 1,010: 1,000 kWh",
        ),
        Rule(
            BY_NORM,
            "No meter of the house and no average: the norm of common needs times the common area.",
            "PP 354 appendix 2 formula 15 (public code)",
            "1.5 kWh × 200 m² = 300 kWh; 50 m² of 1,000: 15 kWh",
        ),
        Rule(
            GIVEN_BACK,
            "Own volumes are more than the house used: the difference is given back by area, never more than one used.",
            "PP 354 p. 47 (from memory, unverified; policy house_negative)",
            "950 − 1,000 = −50 kWh; 50 m² of 1,000: −2.5 kWh",
        ),
    )
}
FINDINGS: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("H51", "A dwelling has no area, or all dwellings have more than the house.", "formula 10", "not settled"),
        Rule("H52", "Nothing tells what the house used.", "formula 15", "no reading, average or norm: not settled"),
        Rule("H53", "The own volume of a dwelling cannot be told.", "formula 10", "an account is parked: not settled"),
        Rule("H54", "Own volumes are more than the house used.", "PP 354 p. 47", "−50 kWh: theft or a late reading"),
        Rule("H55", "Common needs are over their norm.", "PP 354 p. 44", "320 kWh where the norm gives 300"),
        Rule("H56", "The house has a meter and was not read.", "PP 354 p. 31 (e): from the 23rd to the 25th", "H02"),
    )
}

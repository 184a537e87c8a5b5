"""The numbered rules of prices: what each says, its source, an example."""

from __future__ import annotations

from svet.kernel.rulebook import Rule

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("P01", "One price: volume times rate.", "PP 354 p. 38", "E7: 114 kWh × 4.12 = 469.68"),
        Rule(
            "P02",
            "Within the social norm: up to the norm of the household, by person-days and by the days of the segment.",
            "PP 354 p. 38; PP 614",
            "E1: 160 kWh × 3.98 = 636.80",
        ),
        Rule("P03", "Above the social norm.", "PP 354 p. 38; PP 614", "E1: 77 kWh × 6.97 = 536.69"),
        Rule(
            "P04",
            "Consumption ranges: each part of the month's volume at the price of its range.",
            "Price orders from 2025: ranges to 3,900 and 6,000 kWh a month",
            "E3: 7,250 kWh = 38,246.00",
        ),
        Rule(
            "P05",
            "A negative volume is credited at the price of step 1.",
            "Practice of the trade",
            "Taken back by norm, 120 kWh: −494.40",
        ),
        Rule(
            "P06",
            "Norm and ranges are divided over the bands in proportion to their energy of the month, or fill them "
            "in the order of the dials (policy).",
            "PP 614",
            "160 kWh over 150 day, 90 night: 100 and 60",
        ),
        Rule(
            "P07",
            "A price or category that changes within the month: the volume is split by calendar days, or by a reading "
            "within 3 days of the change (policy).",
            "Practice of the trade",
            "310 kWh, change on the 11th of 31 days: 100 and 210",
        ),
        Rule(
            "P08",
            "A line is rounded to the kopeck, half away from zero; a charge is the sum of its lines.",
            "Practice of the trade; GIS checks volume times rate",
            "0.5 kopeck is 1 kopeck",
        ),
        Rule(
            "P10",
            "The surcharge of the norm's factor is a line of its own: by the one-rate price of step 1.",
            "GIS: MultiplyingFactor with Ratio and AmountOfExcessFees",
            "E10: 69 kWh × 4.12 = 284.28 beside 568.56",
        ),
        Rule(
            "P11",
            "A month estimated before is settled line by line: each line that stands for it is turned at its own "
            "price, then the month is priced anew by its own tariff and norm.",
            "PP 354 p. 38: the tariff of the period of consumption; the method is a policy (true_up_method)",
            "200 kWh × 3.98 turned: −796.00; 177.333 kWh × 3.98: 705.79",
        ),
        Rule("P09", "VAT is inside the price.", "Tax Code; prices for the population", "E12: 1,000.00 holds 180.33"),
    )
}

FINDINGS: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            "F04",
            "Held: on some days no category or no published tariff is in force.",
            "PP 354 p. 38",
            "The version ends on the 20th and none follows",
        ),
        Rule(
            "F05",
            "Held: the tariff has no rate for this zoning, band or step.",
            "PP 354 p. 38",
            "A night volume and a tariff of one rate",
        ),
        Rule(
            "F06",
            "Held: no social norm is published for this household on these days.",
            "PP 614",
            "Priced by social norm, no norm on record",
        ),
    )
}

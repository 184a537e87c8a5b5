"""Benefits and acts of made-up accounts: every form, parts of months, several at once, given before or not."""

from datetime import timedelta

DAY = timedelta(days=1)


def entitlements_for(dice, ids, month):
    """Return up to three entitlements, the terms of some changing in the month."""
    rows = []
    for place in range(dice.choice([0, 0, 1, 1, 2, 3])):
        form = dice.choice(["kwh", "percent", "percent", "roubles"])
        covers = {"kwh": "volume", "roubles": "all"}.get(form) or dice.choice(["all", "volume", "first_step"])
        row = {
            **ids, "entitlement_id": ids["account_id"] * 10 + place, "form": form, "covers": covers,
            "percent_e2": None if form == "roubles" else dice.choice([10_000, 5_000, 3_333]),
            "limit_wh": dice.choice([50_000, 90_001, 600_000]) if covers == "volume" else None,
            "amount_kop": dice.choice([30_000, 100_001, 900_000]) if form == "roubles" else None,
            "is_per_person": dice.random() < 0.4, "is_share": form != "roubles" and dice.random() < 0.4,
            "people": dice.choice([1, 1, 2]),
            "from_on": month.plus(-dice.choice([0, 1, 8])).first_on + DAY * dice.choice([0, 0, 0, 14]),
            "until_on": dice.choice([None, None, month.first_on + DAY * 20, month.next.first_on + DAY]),
        }  # fmt: skip
        change_on = month.first_on + DAY * 17
        if row["until_on"] is None and form != "roubles" and dice.random() < 0.3:
            rows += [row | {"until_on": change_on}, row | {"from_on": change_on, "percent_e2": 2_500}]
        else:
            rows.append(row)
    return rows


def given_for(dice, ids, prior_lines, entitlements):
    """Return what stands given for earlier months, of present entitlements and of one that was undone."""
    rows = []
    known = {(row["entitlement_id"], row["form"]) for row in entitlements} | {(ids["account_id"] * 10 + 9, "percent")}
    for month_on in sorted({row["from_on"].replace(day=1) for row in prior_lines}):
        for entitlement_id, form in sorted(known):
            if dice.random() < 0.5:
                rows.append(
                    {
                        **ids, "month_on": month_on, "entitlement_id": entitlement_id, "form": form,
                        "method": dice.choice(["reduces_bill", "reduces_bill", "compensated"]),
                        "wh": dice.choice([0, 70_000]), "base_kop": 20_000, "amount_kop": dice.choice([9_999, 20_000]),
                    }
                )  # fmt: skip
    return rows


def unmetered_for(dice, ids, month):
    """Return lines of acts, one taken back among them."""
    rows = []
    for place in range(dice.choice([0, 0, 0, 0, 1, 2])):
        from_on = month.plus(-dice.choice([0, 1, 3])).first_on
        wh = dice.choice([528_000, 1_000_001, -528_000])
        rows.append(
            {
                **ids, "act_id": ids["account_id"] * 10 + place, "from_on": from_on, "until_on": from_on + DAY * 10,
                "wh": wh, "rate_urub": 4_120_000, "amount_kop": round(wh * 0.412), "tariff_version_id": 1,
            }
        )  # fmt: skip
    return rows

"""Accounts made up from a seed: everything the engine meets, in every mix. The same seed makes the same account."""

import random
from datetime import date, timedelta
from itertools import pairwise

from svet.domains.billing.tests.oracle import Account, Book
from svet.domains.billing.tests.worlds_perks import entitlements_for, given_for, unmetered_for
from svet.kernel.energy import BANDS, Zoning
from svet.kernel.period import Month

DAY = timedelta(days=1)
LONG_AGO = date(2019, 5, 1)
RULES = ("P01", "P02", "P10", "P11", "Q01", "H01", "H04")
CATEGORIES = ("urban_gas", "urban_electric", "rural")


def book_for(seed, month):
    """Return price lists of all structures, some changing in the month, and norms of both kinds."""
    dice = random.Random(seed)
    tariffs, version = [], 0
    for category in CATEGORIES:
        cuts = sorted(dice.sample(range(2, month.days), k=dice.choice([0, 0, 1, 2])))
        borders = [LONG_AGO, *(month.first_on.replace(day=cut) for cut in cuts), None]
        for from_on, until_on in pairwise(borders):
            version += 1
            tariffs += _version(dice, version, category, from_on, until_on)
    social = [
        {
            "territory": "t", "category": category, "privileged": privileged, "persons": persons, "wh": wh,
            "wh_each_next": 40_000 if persons == 3 else None, "from_on": from_on, "until_on": until_on,
        }
        for category in CATEGORIES
        for privileged in (False, True)
        for persons, wh in ((1, 100_000), (2, 160_000), (3, 200_000))
        for from_on, until_on in _validity(dice, month)
        if not privileged or persons == 1
    ]  # fmt: skip
    consumption = [
        {
            "territory": "t", "rooms": rooms, "persons": persons, "electric_stove": stove, "electric_heating": False,
            "wh_per_person": 40_000 + 7_000 * rooms + 3_000 * persons + 20_000 * stove,
            "from_on": LONG_AGO, "until_on": None,
        }
        for rooms in (1, 2, 3)
        for persons in (1, 2, 3)
        for stove in (False, True)
    ]  # fmt: skip
    vats = [{"month_on": month.plus(-back).first_on, "vat_percent_e2": dice.choice([2000, 2200])} for back in range(15)]
    return Book(tariffs, social, consumption, vats)


def _validity(dice, month):
    middle = month.first_on.replace(day=dice.randint(2, month.days))
    return dice.choice([[(LONG_AGO, None)], [(LONG_AGO, middle), (middle, None)]])


def _version(dice, version, category, from_on, until_on):
    structure = dice.choice(["flat", "social_norm", "social_norm", "ranges"])
    steps = {"flat": [None], "social_norm": [None, None], "ranges": [150_000, 390_001, None]}[structure]
    return [
        {
            "tariff_version_id": version, "territory": "t", "category": category, "structure": structure,
            "from_on": from_on, "until_on": until_on, "zoning": zoning.value, "band": band.value, "step": step,
            "up_to_wh": up_to, "rate_urub": dice.randint(1_000_000, 4_000_000) * step,
        }
        for zoning, bands in BANDS.items()
        for band in bands
        for step, up_to in enumerate(steps, start=1)
    ]  # fmt: skip


def account_for(seed, number, month):
    """Return an account of any kind: new, leaving, with gaps, replaced meters, wraps, estimates before."""
    dice = random.Random(seed)
    ids = {"account_id": number, "supply_point_id": number + 5000}
    supply = _supply(dice, ids, month)
    registers, readings, billed = _meters(dice, ids, supply, month)
    if dice.random() < 0.3:
        billed.append(_place(dice, ids, month))
    estimates = _estimates(dice, ids, billed, month)
    prior_lines = _prior_lines(dice, ids, estimates)
    entitlements = entitlements_for(dice, ids, month)
    return Account(
        supplies=[supply],
        categories=_categories(dice, ids, month),
        households=_households(dice, ids, month),
        registers=registers,
        conditions=_conditions(dice, ids, registers, month),
        readings=readings,
        billed=billed,
        estimates=estimates,
        prior_lines=prior_lines,
        prior_gaps=_prior_gaps(dice, ids, prior_lines),
        interruptions=_interruptions(dice, ids, month),
        common_needs=_common_needs(dice, ids),
        entitlements=entitlements,
        given=given_for(dice, ids, prior_lines, entitlements),
        unmetered=unmetered_for(dice, ids, month),
    )


def _place(dice, ids, month):
    counts = ("norm_months", "average_months", "failed_months", "refused_months")
    return _state(ids, None, None) | {
        "final_until_on": dice.choice([None, None, None, month.first_on]),
        **{name: dice.randint(0, 4) for name in counts},
    }


def _estimates(dice, ids, billed, month):
    """Return what waits for a reading: of some registers by average, of the place by norm, of unknown days too."""
    rows = []
    for state in billed:
        for back in range(dice.choice([0, 1, 2, 4]), 0, -1):
            that = month.plus(-back)
            start = that.first_on + DAY * dice.choice([0, 0, 0, 9])
            known = dice.random() < 0.9
            rules = ["V04", "V12"] if state["register_id"] else ["V05", "V14", "V16"]
            rows.append(
                {
                    **ids,
                    "register_id": state["register_id"],
                    "month_on": that.first_on,
                    "from_on": start if known else None,
                    "until_on": that.next.first_on if known else None,
                    "wh": dice.choice([0, 77_001, 100_000, 250_000]),
                    "rule": dice.choice(rules),
                }
            )
    return rows


def _interruptions(dice, ids, month):
    """Return outages and wrong voltage, one after the other, some in months before or into the next."""
    first = (month.first_on - date(1970, 1, 1)).days
    back = dice.choice([dice.randint(0, 2), dice.randint(0, 2), dice.randint(10, 130)])
    rows, minute = [], (first - back) * 1440 + dice.randint(0, 1439)
    for _ in range(dice.choice([0, 0, 0, 1, 2, 4, 9])):
        until = minute + dice.choice([45, 20 * 60, 31 * 60, 90 * 60])
        rows.append(
            {
                "supply_point_id": ids["supply_point_id"], "kind": dice.choice(["outage", "outage", "voltage"]),
                "independent_sources": dice.choice([1, 1, 2]), "from_minute": minute, "until_minute": until,
            }
        )  # fmt: skip
        minute = until + dice.randint(0, 15 * 1440)
    return rows


def _common_needs(dice, ids):
    """Return what falls to some supplies of their house: by meter or by norm, given back, nothing."""
    if dice.random() < 0.6:
        return []
    wh = dice.choice([2_500, 50_000, 1, 0, -7_777])
    return [{**ids, "wh": wh, "rule": "H04" if wh < 0 else dice.choice(["H01", "H02", "H03"]), "facts": "{}"}]


def _prior_lines(dice, ids, estimates):
    """Return what stands charged for most months of the estimates whose days are known."""
    rows, unknown = [], {row["month_on"] for row in estimates if row["from_on"] is None}
    for month_on in sorted({row["month_on"] for row in estimates} - unknown):
        that, count = Month.of(month_on), dice.choice([0, 1, 1, 2, 4])
        middle = month_on + DAY * dice.randint(1, 27)
        spans = [(month_on, that.next.first_on)] if count < 3 else [(month_on, middle), (middle, that.next.first_on)]
        for _ in range(count):
            zoning = Zoning(dice.choice("1123"))
            from_on, until_on = dice.choice(spans)
            wh = dice.choice([0, 120_000, 200_001, -50_000])
            rate, rule = (
                dice.choice([2_000_000, 3_980_000]),
                dice.choice([*RULES, "B02"]),
            )
            rows.append(
                {
                    **ids, "zoning": zoning.value, "band": dice.choice(BANDS[zoning]).value,
                    "step": dice.choice([1, 2]), "from_on": from_on, "until_on": until_on, "wh": wh, "rate_urub": rate,
                    "amount_kop": wh // 250, "basis": "average", "rule": rule,
                    "tariff_version_id": dice.choice([1, 2]),
                }
            )  # fmt: skip
    return rows


def _prior_gaps(dice, ids, prior_lines):
    """Return what of some earlier months was of the days between two meters."""
    rows = []
    for month_on in sorted({row["from_on"].replace(day=1) for row in prior_lines}):
        mine = [row for row in prior_lines if row["from_on"].replace(day=1) == month_on]
        first = min(row["from_on"] for row in mine)
        days = (max(row["until_on"] for row in mine) - first).days
        for zoning, band in sorted({(row["zoning"], row["band"]) for row in mine}):
            start = dice.randint(0, days - 1)
            if dice.random() < 0.4:
                rows.append(
                    {
                        **ids, "month_on": month_on, "zoning": zoning, "band": band, "from_on": first + DAY * start,
                        "until_on": first + DAY * dice.randint(start + 1, days), "wh": dice.choice([19_355, 60_001]),
                    }
                )  # fmt: skip
    return rows


def _conditions(dice, ids, registers, month):
    """Return failures, acts of refusal and missing meters: begun before or in the month, some over by now."""
    rows = []
    if dice.random() < 0.6:
        return rows
    for _ in range(dice.choice([1, 1, 2, 3])):
        start = dice.choice(
            [month.plus(-dice.randint(0, 3)).first_on + DAY * dice.randint(0, 27), _some_day(dice, month)]
        )
        end = dice.choice([None, start + DAY * dice.randint(1, 60), _some_day(dice, month) + DAY])
        kind = dice.choice(["failed", "failed", "access_refused", "access_refused", "meter_feasible"])
        if kind == "failed" and not registers:
            continue
        rows.append(
            {
                "supply_point_id": ids["supply_point_id"],
                "meter_id": dice.choice(registers)["meter_id"] if kind == "failed" else None,
                "kind": kind,
                "from_on": start,
                "until_on": max(end, start + DAY) if end else None,
            }
        )
    return rows


def _some_day(dice, month):
    return month.first_on.replace(day=dice.randint(1, month.days))


def _supply(dice, ids, month):
    start, end = LONG_AGO, None
    if dice.random() < 0.2:
        start = _some_day(dice, month)
    if dice.random() < 0.2:
        end = _some_day(dice, month) + DAY
        end = max(end, start + DAY)
    return {
        **ids,
        "from_on": max(start, month.first_on),
        "until_on": min(end or month.next.first_on, month.next.first_on),
        "agreement_from_on": start,
        "agreement_until_on": end,
        "rooms": dice.choice([1, 2, 3, 5, None]) if dice.random() < 0.3 else 2,
        "electric_stove": dice.random() < 0.3,
        "electric_heating": dice.random() < 0.03,
    }


def _cut(dice, month, rows):
    """Return the rows one after another over time, cut on days of the month."""
    days = sorted(dice.sample(range(2, month.days + 1), k=len(rows) - 1))
    borders = [LONG_AGO, *(month.first_on.replace(day=day) for day in days), None]
    return [row | {"from_on": borders[i], "until_on": borders[i + 1]} for i, row in enumerate(rows)]


def _categories(dice, ids, month):
    count = dice.choice([1, 1, 1, 2])
    rows = [
        {"supply_point_id": ids["supply_point_id"], "territory": "t", "category": dice.choice(CATEGORIES)}
        for _ in range(count)
    ]
    rows = _cut(dice, month, rows)
    return rows[1:] if len(rows) == 2 and dice.random() < 0.05 else rows


def _households(dice, ids, month):
    rows = [
        {
            "account_id": ids["account_id"], "registered": dice.choice([0, 1, 2, 3, 6]),
            "temporary": dice.choice([0, 0, 1]), "owners": dice.choice([1, 1, 2, 0]), "privileged": dice.random() < 0.2,
        }
        for _ in range(dice.choice([1, 1, 2, 3]))
    ]  # fmt: skip
    rows = _cut(dice, month, rows)
    return [] if dice.random() < 0.03 else rows[dice.random() < 0.1 :]


def _meters(dice, ids, supply, month):
    kind = dice.choice(["one", "one", "one", "replaced", "replaced", "late", "returned", "two", "none", "new"])
    zoning = Zoning(dice.choice("1123"))
    first, second = (LONG_AGO, None), None
    if kind == "replaced":
        change = _some_day(dice, month)
        first, second = (LONG_AGO, change), (min(change + DAY * dice.choice([0, 0, 3, 12]), month.last_on), None)
    elif kind == "late":
        change = month.plus(-dice.choice([1, 1, 2, 5])).first_on + DAY * dice.randint(0, 27)
        come = min(change + DAY * dice.choice([0, 4, 15, 40]), month.last_on)
        first, second = (LONG_AGO, change), dice.choice([None, (come, None)])
    elif kind == "two":
        second = (LONG_AGO, None)
    elif kind == "new":
        first = (_some_day(dice, month), None)
    registers, readings, billed = [], [], []
    for meter, hangs in enumerate([] if kind == "none" else [first, second]):
        if hangs is None:
            continue
        own = Zoning(dice.choice("123")) if meter and dice.random() < 0.3 else zoning
        for position, band in enumerate(BANDS[own], start=1):
            register = _register(dice, ids, meter, position, band, own, hangs, month)
            registers.append(register)
            rows = _readings(dice, ids, register, supply, month)
            readings += rows
            billed += _billed(dice, ids, register, rows, month)
    if kind == "returned":
        registers = _came_back(dice, registers, month)
    return registers, readings, billed


def _came_back(dice, registers, month):
    """Return the registers of a meter that was away for some days and hangs there again."""
    gone = month.plus(-dice.choice([0, 0, 1])).first_on + DAY * dice.randint(0, 20)
    back = min(gone + DAY * dice.choice([1, 6, 30]), month.last_on)
    if back <= gone:
        return registers
    return [one | {"removed_on": gone} for one in registers] + [one | {"installed_on": back} for one in registers]


def _register(dice, ids, meter, position, band, zoning, hangs, month):
    return {
        "supply_point_id": ids["supply_point_id"],
        "meter_id": ids["account_id"] * 10 + meter,
        "register_id": ids["account_id"] * 100 + meter * 10 + position,
        "position": position,
        "band": band.value,
        "zoning": zoning.value,
        "digits": dice.choice([4, 5, 6]),
        "multiplier_e4": dice.choice([10_000, 10_000, 10_000, 15_000, 33_333]),
        "installed_on": hangs[0],
        "removed_on": hangs[1],
        "verification_due_on": dice.choice([None, None, None, month.first_on, _some_day(dice, month)]),
    }


def _readings(dice, ids, register, supply, month):
    """Return a reading for most of the last months, of growing value, sometimes past zero or wrong."""
    rows, dial = [], 10 ** register["digits"] * 1000
    value = dice.choice([0, dice.randrange(dial), dial - dice.randrange(900_000)])
    fresh = register["installed_on"] >= month.first_on or supply["agreement_from_on"] >= month.first_on
    back = 0 if fresh else dice.choice([0, 2, 5, 13])
    usual = dice.choice([0, 60_000, 180_000, 500_000])
    gaps = dice.choice([0.0, 0.1, 0.5])
    if fresh and dice.random() < 0.8:
        kind = "installed" if register["installed_on"] >= month.first_on else "initial"
        rows.append((max(register["installed_on"], supply["agreement_from_on"]), kind, value))
    for step in range(back, -1, -1):
        that = Month.of(month.first_on).plus(-step)
        value = (value + dice.randint(usual // 2, usual + 1)) % dial
        if dice.random() >= gaps:
            on = that.first_on.replace(day=dice.randint(1, min(28, that.days)))
            wrong = dice.randrange(dial) if dice.random() < 0.02 else value
            hung = register["removed_on"] is None or on <= register["removed_on"] or dice.random() < 0.05
            if hung and (not fresh or on >= supply["agreement_from_on"]):
                rows.append((on, dice.choice(["regular"] * 8 + ["control"]), wrong))
    if register["removed_on"] and dice.random() < 0.8:
        rows.append((register["removed_on"], "removed", (value + usual // 3) % dial))
    elif supply["agreement_until_on"] and dice.random() < 0.5:
        rows.append((supply["agreement_until_on"], "final", (value + usual // 4) % dial))
    return [
        {
            "account_id": ids["account_id"],
            "register_id": register["register_id"],
            "reading_id": register["register_id"] * 100 + place,
            "value_wh": value,
            "taken_on": on,
            "kind": kind,
        }
        for place, (on, kind, value) in enumerate(rows, start=1)
    ]


def _billed(dice, ids, register, readings, month):
    """Return where billing stands: at one of the readings before the month, at nothing, or never met."""
    before = [row for row in readings if row["taken_on"] < month.first_on]
    if not before or dice.random() < 0.1:
        return []
    last = dice.choice(before[-4:])
    months = dice.randint(0, 3)
    state = _state(ids, register["register_id"], last) | {
        "average_months": months,
        "failed_months": dice.choice([0, 0, 1, 3]),
        "refused_months": dice.choice([0, 0, 2, 3]),
        "final_until_on": dice.choice([None] * 7 + [month.first_on, last["taken_on"]]),
        "gap_until_on": register["removed_on"] and dice.choice([None, register["removed_on"] + 3 * DAY]),
    }
    if dice.random() < 0.1:
        state |= {"reading_id": 9_000_000 + last["reading_id"], "value_wh": max(last["value_wh"] - 8_000, 0)}
        state |= {"now_reading_id": last["reading_id"], "now_value_wh": last["value_wh"]}
    return [state]


def _state(ids, register_id, reading):
    return {
        **ids,
        "register_id": register_id,
        "reading_id": reading and reading["reading_id"],
        "value_wh": reading and reading["value_wh"],
        "taken_on": reading and reading["taken_on"],
        "now_reading_id": None,
        "now_value_wh": None,
        "average_months": 0,
        "failed_months": 0,
        "refused_months": 0,
        "norm_months": 0,
        "final_until_on": None,
        "gap_until_on": None,
    }

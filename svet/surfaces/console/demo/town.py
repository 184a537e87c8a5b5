"""Makes the invented town: households, premises, meters, habits. Pure and seeded: the same every time.

What comes out are frames in the documented columns of the import files (docs/import_format.md), so the
town is loaded by the same path as a real region.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import polars as pl

from svet.kernel.identifiers import account_check_digit
from svet.surfaces.console.demo import names

FIRST_DAY = date(2025, 9, 1)
SEASON = {1: 1.3, 2: 1.2, 3: 1.1, 4: 1.0, 5: 0.9, 6: 0.85, 7: 0.85, 8: 0.9, 9: 0.95, 10: 1.05, 11: 1.15, 12: 1.3}
BAND_SHARES = {"1": (1.0,), "2": (0.68, 0.32), "3": (0.3, 0.42, 0.28)}
MODELS = {"1": "СЭБ-1", "2": "СЭБ-2Т", "3": "СЭБ-3Т"}


@dataclass
class Home:
    """One household of the town, with its meter's present values and its habits."""

    account: str
    customer: str
    point: str
    story: str
    family: tuple[str, str, str]
    district: str
    street: str
    house: str
    flat: str
    territory: str
    category: str
    zoning: str
    rooms: int
    area: int
    persons: int
    privileged: bool
    kwh_a_month: int
    digits: int
    opened_on: date
    heating: bool = False
    moved_out_on: date | None = None
    serial: str | None = None
    installed_on: date = date(2019, 6, 1)
    opening: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    forgets: float = 0.06
    forgets_from: date = FIRST_DAY
    pays: str = "in_full"

    def month_of_use(self, random: Random, month: int) -> list[int]:
        """Return the kWh of each register in a calendar month."""
        total = self.kwh_a_month * SEASON[month] * random.uniform(0.85, 1.15)
        return [round(total * share) for share in BAND_SHARES[self.zoning]]


def account_number(serial: int) -> str:
    """Return the town's account number for a running number."""
    first = f"33{serial:07d}"
    return first + account_check_digit(first)


def build(count: int, *, seed: int = 33) -> list[Home]:
    """Return `count` homes, the cast first; the same for the same arguments."""
    random = Random(seed)  # noqa: S311 — not a secret, a town
    homes = [_home(number, random) for number in range(1, count + 1)]
    for home, person in zip(homes, names.CAST, strict=False):
        _cast(home, person)
    return homes


def _home(number: int, random: Random) -> Home:
    district = random.choices(list(names.STREETS), weights=[30, 40, 20, 10])[0]
    territory, category, zoning = _prices(district, random)
    woman = random.random() < 0.55
    father = random.choice(names.FATHERS)
    family = random.choice(names.FAMILIES)
    persons = random.choices([0, 1, 2, 3, 4, 5], weights=[3, 25, 33, 22, 12, 5])[0]
    rooms = random.choices([1, 2, 3, 4], weights=[25, 40, 28, 7])[0]
    base = 55 + 65 * max(persons, 1) ** 0.8 + 12 * rooms
    factor = {"urban_gas": 1.0, "urban_electric": 1.7, "rural": 1.2}[category]
    heating = 3.2 if territory == "irkutsk" else 1.0
    digits = random.choices([5, 6], weights=[70, 30])[0]
    home = Home(
        account=account_number(number), customer=f"П-{number:06d}", point=f"ТП-{number:06d}", story="",
        family=(family + "а", random.choice(names.WOMEN), father + "на") if woman
        else (family, random.choice(names.MEN), father + "ич"),
        district=district, street=random.choice(names.STREETS[district]), house=str(random.randint(1, 60)),
        flat="" if district == "Лесной" else str(random.randint(1, 90)),
        territory=territory, category=category, zoning=zoning, rooms=rooms, area=18 + 16 * rooms, persons=persons,
        privileged=random.random() < 0.12, kwh_a_month=round(base * factor * heating * random.uniform(0.7, 1.4)),
        digits=digits, opened_on=date(2026, 1, 1) if territory == "irkutsk" else date(2015, 3, 1),
        pays=random.choices(["in_full", "in_part", "never", "ahead"], weights=[78, 9, 6, 7])[0],
        forgets=random.choices([0.03, 0.3, 1.0], weights=[88, 10, 2])[0],
    )  # fmt: skip
    # The quoted norms know no electric heating: whoever heats so and forgets the reading is parked.
    home.heating = territory == "irkutsk" and random.random() < 0.2
    if random.random() > 0.03:
        home.serial = f"{random.randint(10_000_000, 99_999_999)}"
        home.installed_on = max(date(random.randint(2016, 2023), random.randint(1, 12), 10), home.opened_on)
        _run_up(home, about_to_wrap=random.random() < 0.01)
    return home


def _run_up(home: Home, *, about_to_wrap: bool = False) -> None:
    """Set what the meter showed when it was hung and what it shows when the story begins."""
    months = max(0, (FIRST_DAY.year - home.installed_on.year) * 12 + FIRST_DAY.month - 1 - home.installed_on.month)
    top = 10**home.digits
    used = [round(home.kwh_a_month * share) * months for share in BAND_SHARES[home.zoning]]
    home.opening = [top - one - home.kwh_a_month * 3 if about_to_wrap else 1 for one in used]
    home.values = [(start + one) % top for start, one in zip(home.opening, used, strict=True)]


def _prices(district: str, random: Random) -> tuple[str, str, str]:
    """Return territory, category, zoning: each district shows another published table."""
    if district == "Нагорный":
        return "novosibirsk", "urban_gas", "1"
    if district == "Лесной":
        return ("irkutsk", "urban_electric", "1") if random.random() < 0.9 else ("nn", "rural", "1")
    if district == "Заречье" and random.random() < 0.4:
        return "nn", "urban_electric", "1"
    return "nn", "urban_gas", random.choices(["1", "2", "3"], weights=[76, 17, 7])[0]


def _cast(home: Home, person: names.Cast) -> None:
    """Give a home to one of the cast: nothing of it is left to chance."""
    home.story = person.story
    home.family = (person.family_name, person.given_name, person.patronymic)
    home.district, home.street, home.house = "Центр", "ул. Садовая", "12"
    home.flat = str(10 + names.CAST.index(person))
    home.territory, home.category, home.zoning = "nn", "urban_gas", "1"
    home.rooms, home.area, home.persons, home.privileged = 2, 52, 2, False
    home.kwh_a_month, home.digits, home.opened_on, home.installed_on = 190, 6, date(2015, 3, 1), date(2019, 6, 1)
    home.serial, home.forgets, home.pays = f"4100{names.CAST.index(person):04d}", 0.0, "in_full"
    match person.code:
        case "igor":
            home.zoning, home.kwh_a_month = "2", 310
        case "vera":
            home.pays = "in_part"
        case "pavel":
            home.forgets, home.forgets_from = 1.0, date(2026, 7, 1)
        case "olga":
            home.opened_on = home.installed_on = date(2026, 10, 14)
        case "timur":
            home.zoning, home.pays, home.kwh_a_month = "3", "ahead", 360
    _run_up(home)


def import_frames(homes: list[Home]) -> dict[str, pl.DataFrame]:
    """Return the town in the columns of the import files, by kind, in the order of loading."""
    return {
        "customers": pl.DataFrame([_customer(h) for h in homes]),
        "supply_points": pl.DataFrame([_supply_point(h) for h in homes], infer_schema_length=None),
        "categories": pl.DataFrame(
            [
                {"supply_point_code": h.point, "territory": h.territory, "category": h.category, "from_on": h.opened_on}
                for h in homes
            ]
        ),
        "accounts": pl.DataFrame(
            [
                {
                    "account_number": h.account,
                    "customer_code": h.customer,
                    "opened_on": h.opened_on,
                    "bill_delivery": "paper",
                }
                for h in homes
            ]
        ),
        "agreements": pl.DataFrame([_agreement(h) for h in homes], infer_schema_length=None),
        "households": pl.DataFrame([_household(h) for h in homes]),
        "contacts": pl.DataFrame([_contact(n, h) for n, h in enumerate(homes, 1)]),
        "meters": pl.DataFrame([meter_row(h) for h in homes if h.serial], infer_schema_length=None),
    }


def carried_over(homes: list[Home]) -> pl.DataFrame:
    """Return the readings with which the meters were taken over from the system before: billing goes on from them."""
    day = FIRST_DAY - timedelta(days=7)
    rows = [
        {
            "account_number": home.account, "meter_serial": home.serial, "taken_on": day, "channel": "import",
            "source_id": f"carried-over-{home.account}",
            **{f"t{n}": home.values[n - 1] if n <= len(home.values) else None for n in (1, 2, 3)},
        }
        for home in homes
        if home.serial and home.installed_on < day and home.opened_on < day
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _customer(home: Home) -> dict[str, object]:
    family, given, patronymic = home.family
    return {
        "customer_code": home.customer, "kind": "person",
        "family_name": family, "given_name": given, "patronymic": patronymic,
    }  # fmt: skip


def _supply_point(home: Home) -> dict[str, object]:
    return {
        "supply_point_code": home.point, "premises_code": home.point.replace("ТП", "ПМ"),
        "premises_kind": "flat" if home.flat else "house", "postal_code": names.DISTRICT_POST[home.district],
        "region": "Демонстрационная область", "district": home.district, "settlement": names.TOWN,
        "street": home.street, "house": home.house, "flat": home.flat, "rooms": home.rooms, "area_m2": home.area,
        "electric_stove": home.category == "urban_electric", "electric_heating": home.heating,
        "network_operator": "", "max_power_kw": 15,
    }  # fmt: skip


def _agreement(home: Home) -> dict[str, object]:
    return {
        "account_number": home.account, "supply_point_code": home.point, "agreement_number": f"Д-{home.account}",
        "from_on": home.opened_on, "until_on": home.moved_out_on,
    }  # fmt: skip


def _household(home: Home) -> dict[str, object]:
    return {
        "account_number": home.account, "registered": home.persons, "temporary": 0, "owners": 1,
        "privileged": home.privileged, "from_on": home.opened_on,
    }  # fmt: skip


def _contact(number: int, home: Home) -> dict[str, object]:
    return {
        "customer_code": home.customer,
        "kind": "phone",
        "value": f"+7900{number:07d}",
        "valid_from": home.opened_on,
    }


def meter_row(home: Home, *, removed_on: date | None = None, removed: list[int] | None = None) -> dict[str, object]:
    """Return the import row of the home's meter; with its removal when that is given."""
    row: dict[str, object] = {
        "serial": home.serial, "model": MODELS[home.zoning], "zoning": home.zoning, "digits": home.digits,
        "fraction_digits": 0, "multiplier": 1, "made_on": home.installed_on - timedelta(days=200),
        "verified_on": home.installed_on - timedelta(days=190),
        "verification_due_on": home.installed_on + timedelta(days=16 * 365), "supply_point_code": home.point,
        "installed_on": home.installed_on, "removed_on": removed_on, "act_number": f"А-{home.serial}",
    }  # fmt: skip
    for position in range(3):
        row[f"installed_t{position + 1}"] = home.opening[position] if position < len(home.opening) else None
        row[f"removed_t{position + 1}"] = removed[position] if removed and position < len(removed) else None
    return row

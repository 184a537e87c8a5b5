"""A billing case as it is written down: what it holds, and how it is read from a YAML text.

Rows are kept as the engine's frames want them (whole numbers, ids), over all time; `months.py` cuts them.
One account with one supply point per case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from svet.domains.tariffs.rules.policies import BY_NAME, Policies, PolicyValueRefused
from svet.kernel.period import Month
from svet.surfaces.console.cases import tree
from svet.surfaces.console.cases.conditions import read_benefit, read_conditions, read_interruption, read_share
from svet.surfaces.console.cases.meters import Meter, Reading, read_meters, read_readings
from svet.surfaces.console.cases.prices import (
    read_consumption_norms,
    read_social_norms,
    read_tariffs,
    read_vat,
)
from svet.surfaces.console.cases.reference import add_reference
from svet.surfaces.console.cases.tree import (
    CaseError,
    Table,
    day,
    each,
    energy,
    one_of,
    scalar,
    scaled,
    validity,
    whole,
    yes_no,
)

CATEGORIES = ("urban_gas", "urban_electric", "rural")
Row = dict[str, Any]


@dataclass(frozen=True)
class Payment:
    """Money received on a day, in kopecks."""

    on: date
    kopecks: int


@dataclass(frozen=True)
class Estimated:
    """What was charged by estimate before the first month and not taken back, per meter and band or by norm."""

    meter: int | None
    band: str
    wh: int
    months: int


@dataclass(frozen=True)
class Case:
    """One household, its readings and prices, the months to bill, and what is expected of them."""

    name: str
    source: str
    today: date
    months: list[Month]
    supplies: list[Row]
    categories: list[Row]
    households: list[Row]
    meters: list[Meter]
    readings: list[Reading]
    conditions: list[Row]
    interruptions: list[Row]
    common_needs: list[Row]
    benefits: list[Row]
    tariffs: list[Row]
    social_norms: list[Row]
    consumption_norms: list[Row]
    vat: list[Row]
    policies: Policies
    estimated: list[Estimated]
    opening_kopecks: int
    payments: list[Payment]
    expected: Table | None


def read_case(text: str) -> Case:
    """Return the case written in `text`; raise `CaseError` naming the line when it is not one."""
    root = tree.parse(text)
    name = root.take("case", scalar, needed=True)
    source = root.take("source", scalar, default="")
    months = root.take("months", _months, needed=True)
    today = root.take("today", day, default=months[-1].next.first_on)
    if months[-1].first_on > today:
        raise CaseError(f"месяц {months[-1]} начинается позже сегодняшнего дня {today}", line=root.line)
    supply = root.take("supply", tree.table, needed=True)
    categories, home = _supply(supply)
    place = categories[0]
    agreements = root.take_all("agreement", _agreement) or [_always()]
    meters = root.take_all("meters", read_meters(agreements[0]["from_on"]))
    readings: list[Reading] = root.take("readings", read_readings(meters)) or []
    conditions = root.take_all("conditions", read_conditions(meters))
    households = root.take_all("residents", _household)
    tariffs: list[Row] = root.take("tariffs", read_tariffs(place)) or []
    social_norms = root.take_all("social_norms", read_social_norms(place))
    consumption_norms = root.take_all("consumption_norms", read_consumption_norms(place))
    add_reference(root, tariffs=tariffs, social_norms=social_norms, consumption_norms=consumption_norms)
    case = Case(
        name=name,
        source=source,
        today=today,
        months=months,
        supplies=[{**agreement, **home} for agreement in agreements],
        categories=categories,
        households=_clipped(households),
        meters=meters,
        readings=readings,
        conditions=conditions,
        interruptions=root.take_all("interruptions", read_interruption),
        common_needs=root.take_all("common_needs", read_share),
        benefits=root.take_all("benefits", read_benefit),
        tariffs=_clipped(tariffs, "territory", "category"),
        social_norms=social_norms,
        consumption_norms=consumption_norms,
        vat=root.take("vat", read_vat, default=read_vat(None, "vat")),
        policies=root.take("policies", _policies, default=Policies()),
        estimated=root.take_all("estimated", _estimated(meters)),
        opening_kopecks=root.take("opening_balance", scaled(2), default=0),
        payments=root.take_all("payments", _payment),
        expected=root.take("expected", tree.table),
    )
    root.close()
    return case


def _always() -> Row:
    return {"from_on": tree.LONG_AGO, "until_on": None}


def _months(node: tree.Node, name: str) -> list[Month]:
    """Read a list of months, or a first and a last one as `2026-01..2026-06`."""
    if isinstance(node, tree.Text) and ".." in node.text:
        first, last = (tree.month(tree.Text(part, node.line), name) for part in node.text.split("..", 1))
        count = (last.first_on.year - first.first_on.year) * 12 + last.first_on.month - first.first_on.month + 1
        if not 1 <= count <= 120:
            raise CaseError(f"«{name}»: от {first} до {last} — не от 1 до 120 месяцев", line=node.line)
        return [first.plus(step) for step in range(count)]
    months = each(tree.month)(node, name)
    if not months or any(later != earlier.next for earlier, later in pairwise(months)):
        raise CaseError(f"«{name}»: месяцы должны идти подряд", line=node.line)
    return months


def _supply(supply: Table) -> tuple[list[Row], Row]:
    """Return the categories over time and the premises' facts."""
    territory = supply.take("territory", scalar, default="demo")
    shared = supply.take("category", scalar, default="")
    changes = supply.take_all("categories", _category(territory))
    if not changes:
        if shared not in CATEGORIES:
            raise CaseError(f"«category»: бывают {', '.join(CATEGORIES)}", line=supply.line)
        changes = [{"territory": territory, "category": shared, **_always()}]
    home = {
        "rooms": supply.take("rooms", whole),
        "electric_stove": supply.take("electric_stove", yes_no, default=False),
        "electric_heating": supply.take("electric_heating", yes_no, default=False),
    }
    supply.close()
    return _clipped(changes), home


def _category(territory: str) -> Callable[[tree.Node, str], Row]:
    def read(node: tree.Node, name: str) -> Row:
        row = tree.table(node, name)
        result = {
            "territory": row.take("territory", scalar, default=territory),
            "category": row.take("category", one_of(*CATEGORIES), needed=True),
            **validity(row),
        }
        row.close()
        return result

    return read


def _agreement(node: tree.Node, name: str) -> Row:
    row = tree.table(node, name)
    result = validity(row)
    row.close()
    return result


def _household(node: tree.Node, name: str) -> Row:
    row = tree.table(node, name)
    result = {
        "registered": row.take("registered", whole, default=0),
        "temporary": row.take("temporary", whole, default=0),
        "owners": row.take("owners", whole, default=1),
        "privileged": row.take("privileged", yes_no, default=False),
        **validity(row),
    }
    row.close()
    return result


def _payment(node: tree.Node, name: str) -> Payment:
    row = tree.table(node, name)
    result = Payment(on=row.take("on", day, needed=True), kopecks=row.take("amount", scaled(2), needed=True))
    row.close()
    return result


def _estimated(meters: list[Meter]) -> Callable[[tree.Node, str], Estimated]:
    """Return a reader of one estimate before the first month: of a meter's band by average, or by norm."""

    def read(node: tree.Node, name: str) -> Estimated:
        row = tree.table(node, name)
        serial = row.take("meter", scalar, default="")
        by_norm = row.take("by", one_of("average", "norm"), default="average") == "norm"
        found = [place for place, meter in enumerate(meters) if serial in ("", meter.serial)]
        if not by_norm and len(found) != 1:
            raise CaseError("«meter»: укажите прибор, по которому было среднее", line=row.line)
        result = Estimated(
            meter=None if by_norm else found[0],
            band=row.take("band", scalar, default="all"),
            wh=row.take("kwh", energy, default=0),
            months=row.take("months", whole, default=1),
        )
        row.close()
        if not by_norm and result.band not in meters[found[0]].bands:
            raise CaseError(f"«band»: у прибора нет шкалы «{result.band}»", line=row.line)
        return result

    return read


def _policies(node: tree.Node, name: str) -> Policies:
    rows = tree.table(node, name)
    values: dict[str, str] = {}
    for key, value in rows.entries.items():
        if key not in BY_NAME:
            raise CaseError(f"нет переключателя «{key}»; бывают: {', '.join(sorted(BY_NAME))}", line=value.line)
        values[key] = scalar(value, key)
        try:
            BY_NAME[key].read(values[key])
        except PolicyValueRefused as error:
            text = f"«{key}»: «{values[key][:40]}» не подходит; бывает {error.facts['allowed']}"
            raise CaseError(text, line=value.line) from error
    return Policies.from_values(values)


def _clipped(rows: list[Row], *by: str) -> list[Row]:
    """Return the rows in order of time, each without end closed by the next of its kind."""
    ordered = sorted(rows, key=lambda row: row["from_on"])
    starts: dict[tuple[Any, ...], list[date]] = {}
    for row in ordered:
        starts.setdefault(tuple(row[key] for key in by), []).append(row["from_on"])
    result = []
    for row in ordered:
        later = [start for start in starts[tuple(row[key] for key in by)] if start > row["from_on"]]
        end = min([later[0], row["until_on"] or later[0]]) if later else row["until_on"]
        result.append({**row, "until_on": end})
    return result

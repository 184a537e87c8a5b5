"""Prices, norms and VAT of a case, as they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from svet.domains.tariffs.rules import Structure
from svet.kernel.energy import BANDS, ConsumerCategory, Zoning
from svet.surfaces.console.cases import tree
from svet.surfaces.console.cases.reference import vat_in_law
from svet.surfaces.console.cases.tree import (
    CaseError,
    Items,
    Node,
    Table,
    each,
    energy,
    one_of,
    scalar,
    scaled,
    validity,
    whole,
    yes_no,
)

Row = dict[str, Any]
STRUCTURES = tuple(structure.value for structure in Structure)
CATEGORIES = tuple(category.value for category in ConsumerCategory)
ALL_BANDS = tuple(dict.fromkeys(band.value for bands in BANDS.values() for band in bands))


def read_tariffs(place: Row) -> Callable[[Node, str], list[Row]]:
    """Return a reader of tariff versions: a row for each rate, versions numbered from 1 in the order written."""

    def read_all(node: Node, name: str) -> list[Row]:
        nodes = node.items if isinstance(node, Items) else [node]
        return [
            {"tariff_version_id": number, **row}
            for number, item in enumerate(nodes, start=1)
            for row in _version(tree.table(item, name), place)
        ]

    return read_all


def _version(row: Table, place: Row) -> list[Row]:
    row.take("order", scalar, default="")
    shared = {
        **_place(row, place),
        "structure": row.take("structure", one_of(*STRUCTURES), default=Structure.FLAT.value),
        **validity(row),
    }
    rates = row.take("rates", each(_rate), needed=True)
    row.close()
    seen = [(rate["zoning"], rate["band"], rate["step"]) for rate in rates]
    if len(set(seen)) != len(seen):
        raise CaseError("«rates»: две цены на одну зону и ступень", line=row.line)
    return [{**shared, **rate} for rate in rates]


def _rate(node: Node, name: str) -> Row:
    """Read one price: `{zoning: 2, band: night, step: 1, rate: 2.07}`, or just the price of a one-rate tariff."""
    if not isinstance(node, Table):
        return {"zoning": "1", "band": "all", "step": 1, "up_to_wh": None, "rate_urub": _price(node, name)}
    row = tree.table(node, name)
    band = row.take("band", one_of(*ALL_BANDS), default="all")
    zoning = row.take("zoning", one_of("1", "2", "3"), default="1")
    if band not in [known.value for known in BANDS[Zoning(zoning)]]:
        raise CaseError(f"«band»: у {zoning}-зонного тарифа нет зоны «{band}»", line=row.line)
    result = {
        "zoning": zoning,
        "band": band,
        "step": row.take("step", whole, default=1),
        "up_to_wh": row.take("up_to", energy),
        "rate_urub": row.take("rate", _price, needed=True),
    }
    row.close()
    return result


def _price(node: Node, name: str) -> int:
    value = scaled(6)(node, name)
    if not 0 <= value <= 10**9:
        raise CaseError(f"«{name}»: цена бывает от 0 до 1000, а не {scalar(node, name)}", line=node.line)
    return value


def _place(row: Table, place: Row) -> Row:
    return {
        "territory": row.take("territory", scalar, default=place["territory"]),
        "category": row.take("category", one_of(*CATEGORIES), default=place["category"]),
    }


def read_social_norms(place: Row) -> Callable[[Node, str], Row]:
    """Return a reader of one row of a social norm."""

    def read(node: Node, name: str) -> Row:
        row = tree.table(node, name)
        result = {
            **_place(row, place),
            "privileged": row.take("privileged", yes_no, default=False),
            "persons": row.take("persons", whole, needed=True),
            "wh": row.take("kwh", energy, needed=True),
            "wh_each_next": row.take("each_next", energy),
            **validity(row),
        }
        row.close()
        return result

    return read


def read_consumption_norms(place: Row) -> Callable[[Node, str], Row]:
    """Return a reader of one row of a consumption norm (kWh per person and month)."""

    def read(node: Node, name: str) -> Row:
        row = tree.table(node, name)
        result = {
            "territory": row.take("territory", scalar, default=place["territory"]),
            "rooms": row.take("rooms", whole, needed=True),
            "persons": row.take("persons", whole, needed=True),
            "electric_stove": row.take("electric_stove", yes_no, default=False),
            "electric_heating": row.take("electric_heating", yes_no, default=False),
            "wh_per_person": row.take("kwh", energy, needed=True),
            **validity(row),
        }
        row.close()
        return result

    return read


def read_vat(node: Node | None, name: str) -> list[Row]:
    """Read VAT: a percentage for all time, or a list of `{from, percent}`; nothing written: the shipped one."""
    if node is None:
        return vat_in_law()
    if isinstance(node, tree.Text):
        return [{"percent_e2": scaled(2)(node, name), "from_on": tree.LONG_AGO, "until_on": None}]
    return each(_vat)(node, name)


def _vat(node: Node, name: str) -> Row:
    row = tree.table(node, name)
    result = {"percent_e2": row.take("percent", scaled(2), needed=True), **validity(row)}
    row.close()
    return result

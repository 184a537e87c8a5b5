"""The shipped reference data in a case: `reference: [nn-urban-gas, social_norms]` brings published tables in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from svet.domains import tariffs as tariffs_domain
from svet.surfaces.console.cases.tree import CaseError, Node, Table, scalar

Row = dict[str, Any]
DATA = Path(tariffs_domain.__file__ or "").parent / "data"
NORMS = ("social_norms", "consumption_norms")


def vat_in_law() -> list[Row]:
    """Return the VAT rates that the project ships."""
    return [{"percent_e2": _scaled(row["percent"], 2), **_period(row)} for row in _file("tariffs")["vat"]]


def add_reference(root: Table, *, tariffs: list[Row], social_norms: list[Row], consumption_norms: list[Row]) -> None:
    """Add the tables that the case names by code to those written in it."""
    named: list[tuple[str, int]] = root.take_all("reference", _code)
    known = {tariff["code"]: tariff for tariff in _file("tariffs")["tariffs"]}
    for code, line in named:
        if code == "social_norms":
            social_norms.extend(_social_norms())
        elif code == "consumption_norms":
            consumption_norms.extend(_consumption_norms())
        elif code in known:
            tariffs.extend(_tariff(known[code], first_id=max([row["tariff_version_id"] for row in tariffs], default=0)))
        else:
            raise CaseError(f"«reference»: нет «{code[:40]}»; есть: {', '.join([*known, *NORMS])}", line=line)


def _code(node: Node, name: str) -> tuple[str, int]:
    return scalar(node, name), node.line


@cache
def _file(name: str) -> Row:
    loaded: Row = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def _scaled(text: str, digits: int) -> int:
    return int(Decimal(text).scaleb(digits))


def _period(row: Row) -> dict[str, date | None]:
    return {"from_on": row["from"], "until_on": row.get("until")}


def _tariff(tariff: Row, *, first_id: int) -> list[Row]:
    """Return a row for each rate of each version; the case closes a version by the next one."""
    rows: list[Row] = []
    for number, version in enumerate(tariff["versions"], start=first_id + 1):
        bounds = version.get("steps", [])
        rows.extend(
            {
                "tariff_version_id": number,
                "territory": tariff["territory"],
                "category": tariff["category"],
                "structure": version["structure"],
                **_period(version),
                "zoning": zoning,
                "band": band,
                "step": step,
                "up_to_wh": _scaled(bounds[step - 1], 3) if bounds and bounds[step - 1] else None,
                "rate_urub": _scaled(price, 6),
            }
            for zoning, bands in version["prices"].items()
            for band, prices in bands.items()
            for step, price in enumerate(prices, start=1)
        )
    return rows


def _social_norms() -> list[Row]:
    return [
        {
            "territory": territory,
            "category": category,
            "privileged": norm["privileged"],
            "persons": persons,
            "wh": _scaled(kwh, 3),
            "wh_each_next": _scaled(norm["each_next"], 3) if persons == max(norm["by_persons"]) else None,
            **_period(norm),
        }
        for norm in _file("norms")["social_norms"]
        for territory in norm["territories"]
        for category in norm["categories"]
        for persons, kwh in norm["by_persons"].items()
    ]


def _consumption_norms() -> list[Row]:
    return [
        {
            "territory": territory,
            "rooms": rooms,
            "persons": persons,
            "electric_stove": norm["electric_stove"],
            "electric_heating": norm.get("electric_heating", False),
            "wh_per_person": _scaled(kwh, 3),
            **_period(norm),
        }
        for norm in _file("norms")["consumption_norms"]
        for territory in norm["territories"]
        for rooms, by_persons in norm["by_rooms"].items()
        for persons, kwh in enumerate(by_persons, start=1)
    ]

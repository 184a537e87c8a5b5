"""Kinds of premises, how addresses are written, what a file of places must be. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

import polars as pl

from svet.kernel.row_findings import contradicting, found, repeated, together


class PremisesKind(StrEnum):
    """What stands at the address."""

    FLAT = "flat"
    HOUSE = "house"
    ROOM = "room"
    NON_RESIDENTIAL = "non_residential"


class InterruptionKind(StrEnum):
    """How supply failed: there was none, or its voltage was outside the standard."""

    OUTAGE = "outage"
    VOLTAGE = "voltage"


class Cause(StrEnum):
    """Why supply fails now, as customers are told."""

    ACCIDENT = "accident"
    WORKS = "works"
    UNKNOWN = "unknown"


class OngoingStepKind(StrEnum):
    """What became of an interruption that goes on: something new is known, it ended, or it never was."""

    TOLD = "told"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class OngoingNews(StrEnum):
    """What a step has to say to the customers it concerns."""

    BEGUN = "begun"
    CHANGED = "changed"
    NOTHING = "nothing"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


PREMISES_DEFAULTS: dict[str, object] = {
    "region": "",
    "district": "",
    "street": "",
    "house": "",
    "flat": "",
    "rooms": None,
    "area_m2": None,
    "electric_stove": False,
    "electric_heating": False,
}
"""What premises are when nothing is said about them."""

PREMISES_COLUMNS = ("premises_kind", "postal_code", "settlement", *PREMISES_DEFAULTS)


def address_line(*, settlement: str, street: str, house: str, flat: str) -> str:
    """Return the address in one line, as envelopes and bills write it.

    >>> address_line(settlement="г. Владимир", street="ул. Мира", house="5а", flat="12")
    'г. Владимир, ул. Мира, д. 5а, кв. 12'
    """
    parts = [settlement, street, f"д. {house}" if house else "", f"кв. {flat}" if flat else ""]
    return ", ".join(part for part in parts if part)


def told_places(places: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return where supply fails, for everybody: streets, and of their houses those with several dwellings without it.

    `places` are settlement, street and house of each dwelling. A house with one dwelling is somebody's own: its number
    would tell of a person.

    >>> told_places([("г. Гусь", "ул. Мира", "5"), ("г. Гусь", "ул. Мира", "5"), ("г. Гусь", "ул. Мира", "8")])
    ['г. Гусь, ул. Мира: дома 5 и другие']
    >>> told_places([("г. Гусь", "ул. Мира", "8")])
    ['г. Гусь, ул. Мира']
    """
    streets: dict[tuple[str, str], Counter[str]] = {}
    for settlement, street, house in places:
        streets.setdefault((settlement, street), Counter())[house] += 1
    told = []
    for (settlement, street), houses in sorted(streets.items()):
        line = address_line(settlement=settlement, street=street, house="", flat="")
        several = sorted((house for house, count in houses.items() if house and count > 1), key=_by_number)
        if several:
            rest = " и другие" if len(several) < len(houses) else ""
            line += f": {'дом' if len(several) == 1 and not rest else 'дома'} {', '.join(several)}{rest}"
        told.append(line)
    return told


def _by_number(house: str) -> tuple[int, str]:
    digits = re.match(r"\d+", house)
    return (int(digits[0]) if digits else 0, house)


def check_supply_points(rows: pl.DataFrame) -> pl.DataFrame:
    """Return findings about the places of a file: each point once, its premises always described the same."""
    columns = [name for name in PREMISES_COLUMNS if name in rows.columns]
    six_digits = pl.col("postal_code").str.contains(r"^[0-9]{6}$")
    return together(
        [
            repeated(rows, key=["supply_point_code"], column="supply_point_code"),
            *contradicting(rows, key=["premises_code"], values=columns),
            found(rows, ~six_digits, code="postal_code_is_wrong", column="postal_code"),
        ]
    )

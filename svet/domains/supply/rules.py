"""Kinds of premises, how addresses are written, what a file of places must be. Pure."""

from __future__ import annotations

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

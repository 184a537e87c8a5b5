"""Kinds of premises and how addresses are written. Pure."""

from __future__ import annotations

from enum import StrEnum


class PremisesKind(StrEnum):
    """What stands at the address."""

    FLAT = "flat"
    HOUSE = "house"
    ROOM = "room"
    NON_RESIDENTIAL = "non_residential"


def address_line(*, settlement: str, street: str, house: str, flat: str) -> str:
    """Return the address in one line, as envelopes and bills write it.

    >>> address_line(settlement="г. Владимир", street="ул. Мира", house="5а", flat="12")
    'г. Владимир, ул. Мира, д. 5а, кв. 12'
    """
    parts = [settlement, street, f"д. {house}" if house else "", f"кв. {flat}" if flat else ""]
    return ", ".join(part for part in parts if part)

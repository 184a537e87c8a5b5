"""Which premises are in a house: found by address or account numbers, looked at, then put in or taken out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from svet.domains.accounts import queries as accounts
from svet.domains.houses import actions as houses
from svet.domains.supply import queries as supply
from svet.kernel.errors import DomainError
from svet.kernel.period import Period

MOST_PLACES = 2000


@dataclass(frozen=True, slots=True)
class Places:
    """Supply points with their addresses, in order; `token` says what was looked at."""

    addresses: tuple[tuple[int, str], ...]
    token: str


def find_places(*, address: str, numbers: tuple[str, ...], on: date) -> Places:
    """Return the places at an address, or of these accounts where there are numbers.

    Raises DomainError: "house_places_unknown_numbers", "house_places_not_found", "house_places_too_many".
    """
    if numbers:
        known = accounts.points_of_accounts(numbers, period=Period(on, on + timedelta(days=1)))
        unknown = [one for one in numbers if one not in known]
        if unknown:
            raise DomainError("house_places_unknown_numbers", numbers=", ".join(unknown[:10]))
        points = {point for found in known.values() for point in found}
    else:
        points = {one.id for one in supply.find_points(address, on=on, limit=MOST_PLACES + 1)}
    if not points or len(points) > MOST_PLACES:
        raise DomainError("house_places_too_many" if points else "house_places_not_found")
    rows = tuple(sorted(supply.addresses(sorted(points)).items(), key=lambda row: (row[1], row[0])))
    return Places(rows, hashlib.sha256(repr(rows).encode()).hexdigest()[:32])


def move_places(house_id: int, places: Places, *, take_out: bool, reason: str, at: datetime) -> int:
    """Put the premises of the places into the house, or take them out; return how many premises. Raises NotFound."""
    points = [point for point, _ in places.addresses]
    act = houses.take_premises_out if take_out else houses.put_premises
    return act(house_id, supply_point_ids=points, reason=reason, at=at)

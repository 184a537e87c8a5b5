"""A supply point with its premises, and its category on a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import polars as pl
from django.db.models import Q

from svet.domains.supply.models import NetworkOperator, Premises, SupplyPoint, SupplyPointCategory
from svet.domains.supply.rules import address_line
from svet.infra.loading import looked_up
from svet.infra.planned import planned_rows
from svet.kernel.errors import NotFound

ADDRESS_NOISE = frozenset({"г", "ул", "д", "кв", "пр", "пер", "дом", "улица", "город", "квартира"})
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class SupplyPointView:
    """A supply point as others see it. `territory` and `category` are empty when none is set for the day."""

    id: int
    code: str
    premises_code: str
    premises_kind: str
    postal_code: str
    address: str
    rooms: int | None
    area_m2: Decimal | None
    electric_stove: bool
    electric_heating: bool
    network_operator: str
    max_power_kw: Decimal | None
    territory: str
    category: str


def supply_point(supply_point_id: int, *, on: date) -> SupplyPointView:
    """Return the supply point on the day; raise NotFound("supply_point_not_found")."""
    found = supply_points([supply_point_id], on=on)
    if supply_point_id not in found:
        raise NotFound("supply_point_not_found", supply_point_id=supply_point_id)
    return found[supply_point_id]


def supply_point_by_code(code: str, *, on: date) -> SupplyPointView:
    """Return the supply point with this code on the day; raise NotFound("supply_point_not_found")."""
    found = SupplyPoint.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("supply_point_not_found", code=code)
    return supply_point(found, on=on)


def supply_points(supply_point_ids: Sequence[int], *, on: date) -> dict[int, SupplyPointView]:
    """Return the supply points with these ids on the day, by id; unknown ids are left out."""
    if not supply_point_ids:
        return {}
    rows = SupplyPoint.objects.filter(pk__in=supply_point_ids).select_related("premises", "network_operator")
    categories = {
        row.supply_point_id: row
        for row in SupplyPointCategory.objects.filter(supply_point_id__in=supply_point_ids, valid__contains=on)
    }
    return {row.pk: _view(row, categories.get(row.pk)) for row in rows}


def find_points(text: str, *, on: date, limit: int = 20) -> list[SupplyPointView]:
    """Return supply points with this code, or at an address with every word of `text`, by address.

    A word is a part of the settlement or the street, or a whole house or flat; nothing is found for an empty text.
    """
    words = [word for word in re.findall(r"[\w/-]+", text.casefold()) if word not in ADDRESS_NOISE][:MOST_WORDS]
    if not words:
        return []
    by_address = Q()
    for word in words:
        place = Q(premises__house__iexact=word) | Q(premises__flat__iexact=word)
        by_address &= place | Q(premises__settlement__icontains=word) | Q(premises__street__icontains=word)
    rows = SupplyPoint.objects.filter(Q(code__iexact=text.strip()) | by_address)
    order = ("premises__settlement", "premises__street", "premises__house", "premises__flat", "pk")
    ids = list(rows.order_by(*order).values_list("pk", flat=True)[:limit])
    points = supply_points(ids, on=on)
    return [points[one] for one in ids]


_ADDRESSES = """
SELECT p.id, m.settlement, m.street, m.house, m.flat FROM supply_point p JOIN supply_premises m ON m.id = p.premises_id
WHERE p.id = ANY(%s::bigint[])
"""


def addresses(supply_point_ids: Sequence[int]) -> dict[int, str]:
    """Return the addresses in one line of these supply points, by id."""
    found = planned_rows(_ADDRESSES, [list(supply_point_ids)])
    return {
        point_id: address_line(settlement=settlement, street=street, house=house, flat=flat)
        for point_id, settlement, street, house, flat in found
    }


def ids_by_code(codes: pl.Series) -> pl.DataFrame:
    """Return `supply_point_code` and `supply_point_id` of those of the codes that are known."""
    return looked_up(
        pl.DataFrame({"code": codes}),
        "SELECT p.code, p.id FROM supply_point p JOIN asked ON asked.code = p.code",
        schema={"supply_point_code": pl.String, "supply_point_id": pl.Int64},
    )


@dataclass(frozen=True, slots=True)
class NetworkOperatorView:
    """A grid company with its phone."""

    name: str
    phone: str


def network_operators() -> list[NetworkOperatorView]:
    """Return the grid companies by name."""
    rows = NetworkOperator.objects.order_by("name").values_list("name", "phone")
    return [NetworkOperatorView(name, phone) for name, phone in rows]


def network_operators_at(settlement: str, street: str = "") -> list[NetworkOperatorView]:
    """Return the grid companies to whose nets homes at this place are joined, by name; empty for a place not known.

    `settlement` and `street` are parts of their names as people type them; a street that is not known counts as the
    whole settlement. Of homes and customers nothing is told.
    """
    there = Premises.objects.filter(settlement__icontains=settlement)
    near = there.filter(street__icontains=street) if street else there
    for places in (near, there):
        joined = SupplyPoint.objects.filter(premises__in=places).values("network_operator")
        rows = NetworkOperator.objects.filter(pk__in=joined).order_by("name")
        found = [NetworkOperatorView(name, phone) for name, phone in rows.values_list("name", "phone")]
        if found:
            return found
    return []


def network_operator_ids() -> dict[str, int]:
    """Return the network operators that are known, by code."""
    return dict(NetworkOperator.objects.order_by("code").values_list("code", "pk"))


def _view(row: SupplyPoint, category: SupplyPointCategory | None) -> SupplyPointView:
    premises = row.premises
    return SupplyPointView(
        id=row.pk,
        code=row.code,
        premises_code=premises.code,
        premises_kind=premises.kind,
        postal_code=premises.postal_code,
        address=premises.address,
        rooms=premises.rooms,
        area_m2=premises.area_m2,
        electric_stove=premises.electric_stove,
        electric_heating=premises.electric_heating,
        network_operator=row.network_operator.code if row.network_operator else "",
        max_power_kw=row.max_power_kw,
        territory=category.territory if category else "",
        category=category.category if category else "",
    )


def flats_of_house(fias_house_id: UUID) -> dict[int, str]:
    """Return the flat (empty: the whole house) of each supply point in the house of this ФИАС identifier, by id."""
    rows = SupplyPoint.objects.filter(premises__fias_house_id=fias_house_id)
    return dict(rows.order_by("pk").values_list("pk", "premises__flat"))

"""Registering places one by one: a network operator, a supply point with its premises, the tariff category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from svet.domains.supply.models import NetworkOperator, Premises, SupplyPoint, SupplyPointCategory
from svet.domains.supply.rules import PremisesKind
from svet.infra import audit, outbox
from svet.infra.fields import to_period, to_range
from svet.infra.locking import lock_row
from svet.kernel.energy import ConsumerCategory
from svet.kernel.errors import Conflict, NotFound
from svet.kernel.period import Period


@dataclass(frozen=True, slots=True)
class PremisesData:
    """What is known of the premises at a supply point."""

    code: str
    kind: PremisesKind
    postal_code: str
    settlement: str
    region: str = ""
    district: str = ""
    street: str = ""
    house: str = ""
    flat: str = ""
    rooms: int | None = None
    area_m2: Decimal | None = None
    electric_stove: bool = False
    electric_heating: bool = False
    fias_house_id: UUID | None = None


def register_network_operator(code: str, *, name: str, at: datetime, phone: str = "") -> int:
    """Make a grid company known, or give it this name and phone; return its id."""
    with transaction.atomic():
        row, _ = NetworkOperator.objects.update_or_create(code=code, defaults={"name": name, "phone": phone})
        _audit("register_network_operator", target_id=row.pk, at=at, data={"code": code, "name": name})
    return row.pk


def register_supply_point(
    code: str,
    *,
    premises: PremisesData,
    at: datetime,
    network_operator: str = "",
    max_power_kw: Decimal | None = None,
) -> int:
    """Register a supply point; its premises are made too unless their code is known. Return the supply point's id.

    Raises NotFound("network_operator_not_found"), Conflict("supply_point_code_is_taken").
    """
    operator = NetworkOperator.objects.filter(code=network_operator).first() if network_operator else None
    if network_operator and operator is None:
        raise NotFound("network_operator_not_found", code=network_operator)
    try:
        with transaction.atomic():
            place, _ = Premises.objects.get_or_create(code=premises.code, defaults=asdict(premises))
            point = SupplyPoint.objects.create(
                code=code, premises=place, network_operator=operator, max_power_kw=max_power_kw
            )
            data = {"code": code, "premises": premises.code}
            _audit("register_supply_point", target_id=point.pk, at=at, data=data)
            outbox.record("supply.supply_point_registered", at=at, payload={"supply_point_id": point.pk})
    except IntegrityError as error:
        raise Conflict("supply_point_code_is_taken", code=code) from error
    return point.pk


def set_category(
    supply_point_id: int, *, territory: str, category: ConsumerCategory, from_on: date, at: datetime
) -> int:
    """Price the supply point by this category from `from_on`, until the next change that is known; return the id.

    The category in force that day ends; one that begins the same day is replaced. Raises NotFound.
    """
    values = {"territory": territory, "category": ConsumerCategory(category)}
    with transaction.atomic():
        lock_row("supply_point", supply_point_id)
        rows = SupplyPointCategory.objects.filter(supply_point_id=supply_point_id)
        current = rows.filter(valid__contains=from_on).first()
        later = rows.filter(valid__startswith__gt=from_on).order_by("valid").first()
        until_on = later.valid.lower if later else None
        if current is not None:
            before = to_period(current.valid)
            until_on = before.end
        if current is not None and before.start == from_on:
            rows.filter(pk=current.pk).update(**values)
            category_id = current.pk
        else:
            if current is not None:
                current.valid = to_range(Period(before.start, from_on))
                current.save(update_fields=["valid"])
            valid = to_range(Period(from_on, until_on))
            category_id = SupplyPointCategory.objects.create(supply_point_id=supply_point_id, valid=valid, **values).pk
        data = {**values, "from_on": from_on}
        _audit("set_category", target_id=supply_point_id, at=at, data=data)
        payload = {"supply_point_id": supply_point_id, **data}
        outbox.record("supply.category_set", at=at, payload=payload)
    return category_id


def _audit(verb: str, *, target_id: int, at: datetime, data: Mapping[str, object]) -> None:
    kind = "network_operator" if verb == "register_network_operator" else "supply_point"
    audit.record(f"supply.{verb}", target_kind=kind, target_id=target_id, at=at, data=data)

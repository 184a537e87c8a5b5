"""Houses, what premises are in them, who charges their common needs by what, and their meters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, connection, transaction

from svet.domains.houses.models import House, HouseMeter, HousePremises, HouseReading, HouseTerms
from svet.domains.houses.rules import ChargedBy, Excess, Negative
from svet.infra import audit, outbox
from svet.infra.fields import to_period, to_range
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Period


def register_house(code: str, *, address: str, reason: str = "", at: datetime) -> int:
    """Make a house known; return its id. Raises Conflict("house_code_is_taken")."""
    try:
        with transaction.atomic():
            row = House.objects.create(code=code, address=address)
            _record("register_house", row.pk, {"code": code, "address": address}, reason=reason, at=at)
    except IntegrityError as error:
        raise Conflict("house_code_is_taken", code=code) from error
    return row.pk


def put_premises(house_id: int, *, supply_point_ids: Sequence[int], reason: str = "", at: datetime) -> int:
    """Say that the premises of these supply points are in the house, wherever they were; return how many."""
    with transaction.atomic():
        lock_row("houses_house", house_id)
        places = _premises_of(supply_point_ids)
        for premises_id in places:
            HousePremises.objects.update_or_create(premises_id=premises_id, defaults={"house_id": house_id})
        _record("put_premises", house_id, {"premises": len(places)}, reason=reason, at=at)
    return len(places)


def take_premises_out(house_id: int, *, supply_point_ids: Sequence[int], reason: str, at: datetime) -> int:
    """Say that the premises of these supply points are not in the house; return how many were."""
    with transaction.atomic():
        lock_row("houses_house", house_id)
        rows = HousePremises.objects.filter(house_id=house_id, premises_id__in=_premises_of(supply_point_ids))
        gone, _ = rows.delete()
        if gone:
            _record("take_premises_out", house_id, {"premises": gone}, reason=reason, at=at)
    return gone


def set_terms(
    house_id: int,
    *,
    from_on: date,
    charged_by: ChargedBy,
    all_area_m2: Decimal,
    common_area_m2: Decimal | None = None,
    norm_kwh_per_m2: Decimal | None = None,
    excess: Excess | None = None,
    negative: Negative | None = None,
    source: str,
    at: datetime,
) -> int:
    """Settle the house by these terms from a day until the next change; return the id of the terms.

    `source` is the document: a decision of the owners, a technical passport. Raises NotFound,
    DomainError("house_terms_need_a_source").
    """
    if not source.strip():
        raise DomainError("house_terms_need_a_source")
    values = {
        "charged_by": ChargedBy(charged_by), "all_area_m2": all_area_m2, "common_area_m2": common_area_m2,
        "norm_kwh_per_m2": norm_kwh_per_m2, "excess": excess or "", "negative": negative or "",
        "source": source.strip(),
    }  # fmt: skip
    with transaction.atomic():
        lock_row("houses_house", house_id)
        rows = HouseTerms.objects.filter(house_id=house_id)
        current = rows.filter(valid__contains=from_on).first()
        later = rows.filter(valid__startswith__gt=from_on).order_by("valid").first()
        until_on = later.valid.lower if later else None
        if current is not None and to_period(current.valid).start == from_on:
            rows.filter(pk=current.pk).update(**values)
            terms_id = current.pk
        else:
            if current is not None:
                until_on = to_period(current.valid).end
                current.valid = to_range(Period(to_period(current.valid).start, from_on))
                current.save(update_fields=["valid"])
            terms_id = HouseTerms.objects.create(
                house_id=house_id, valid=to_range(Period(from_on, until_on)), **values
            ).pk
        _record("set_terms", house_id, {**values, "from_on": from_on}, reason=source, at=at)
    return terms_id


def hang_meter(
    house_id: int,
    *,
    serial: str,
    from_on: date,
    digits: int = 6,
    multiplier: Decimal = Decimal(1),
    reason: str = "",
    at: datetime,
) -> int:
    """Say that a common meter hangs in the house from a day; return its id. Raises NotFound, Conflict."""
    try:
        with transaction.atomic():
            lock_row("houses_house", house_id)
            row = HouseMeter.objects.create(
                house_id=house_id, serial=serial, digits=digits, multiplier=multiplier, valid=to_range(Period(from_on))
            )
            _record("hang_meter", house_id, {"serial": serial, "from_on": from_on}, reason=reason, at=at)
    except IntegrityError as error:
        raise Conflict("house_meter_is_known", serial=serial) from error
    return row.pk


def take_meter_down(meter_id: int, *, on: date, reason: str, at: datetime) -> None:
    """Say that a common meter hangs there no more from a day; its readings stay.

    Raises NotFound, Conflict("house_meter_is_down"), DomainError("house_meter_was_read_later"): it hung or was read
    after that day.
    """
    with transaction.atomic():
        row = HouseMeter.objects.filter(pk=meter_id).first()
        if row is None:
            raise NotFound(house_meter=meter_id)
        lock_row("houses_house", row.house_id)
        row.refresh_from_db()
        period = to_period(row.valid)
        if period.end is not None:
            raise Conflict("house_meter_is_down", serial=row.serial)
        later = HouseReading.objects.filter(meter=row, replaced_by=None, value__isnull=False, taken_on__gt=on)
        if on <= period.start or later.exists():
            raise DomainError("house_meter_was_read_later", serial=row.serial)
        row.valid = to_range(Period(period.start, on))
        row.save(update_fields=["valid"])
        _record("take_meter_down", row.house_id, {"serial": row.serial, "on": on}, reason=reason, at=at)


def _premises_of(supply_point_ids: Sequence[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT premises_id FROM supply_point WHERE id = ANY(%s)", [list(supply_point_ids)])
        return sorted(row[0] for row in cursor.fetchall())


def _record(verb: str, house_id: int, data: Mapping[str, object], *, at: datetime, reason: str = "") -> None:
    told = {name: str(value) for name, value in data.items()}
    audit.record(f"houses.{verb}", target_kind="house", target_id=house_id, at=at, data=told, reason=reason)
    outbox.record(f"houses.{verb}", at=at, payload={"house_id": house_id, **told})

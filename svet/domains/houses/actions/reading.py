"""Readings of common meters, and what other premises of a house used; nothing is rewritten, a later row replaces."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from svet.domains.houses.models import HouseMeter, HouseOtherUse, HouseReading
from svet.infra import audit, outbox
from svet.infra.fields import to_period
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Month

MOST_KWH = Decimal("99999999")


class HouseReadingRefused(DomainError):
    """A reading fits the dial, is of a day on which the meter hung, and goes up. `why` says what is amiss."""

    code = "house_reading_refused"


def record_reading(
    meter_id: int,
    *,
    value: Decimal,
    taken_on: date,
    passed_zero: bool = False,
    by: int | None,
    at: datetime,
    reason: str = "",
) -> int:
    """Record what a common meter showed on a day; return the id. The same said again gets the same id.

    Another value for a day that has one replaces it and needs a reason. Raises NotFound, `HouseReadingRefused`.
    """
    with transaction.atomic():
        meter = _locked(meter_id)
        rows = HouseReading.objects.filter(meter=meter, replaced_by=None, value__isnull=False)
        there = rows.filter(taken_on=taken_on).first()
        if there is not None and (there.value, there.passed_zero) == (value, passed_zero):
            return there.pk
        before = rows.filter(taken_on__lt=taken_on).order_by("taken_on").last()
        after = rows.filter(taken_on__gt=taken_on).order_by("taken_on").first()
        _check(meter, value, taken_on, before, after, passed_zero=passed_zero, at=at)
        if there is not None and not reason.strip():
            raise HouseReadingRefused(why="no_reason", value=str(there.value))
        row = HouseReading.objects.create(
            meter=meter, taken_on=taken_on, value=value, passed_zero=passed_zero, replaces=there,
            reason=reason.strip(), recorded_at=at, recorded_by=by,
        )  # fmt: skip
        told = {"serial": meter.serial, "taken_on": f"{taken_on}", "value": f"{value}"}
        if there is not None:
            told["before"] = f"{there.value}"
        _record("record_reading", meter.house_id, told, reason=reason, at=at)
    return row.pk


def take_back_reading(reading_id: int, *, reason: str, by: int | None, at: datetime) -> None:
    """Say that a reading never was. Raises NotFound, `HouseReadingRefused`, Conflict("house_reading_is_replaced")."""
    if not reason.strip():
        raise HouseReadingRefused(why="no_reason")
    with transaction.atomic():
        row = HouseReading.objects.select_related("meter").filter(pk=reading_id).first()
        if row is None:
            raise NotFound(house_reading=reading_id)
        _locked(row.meter_id)
        if row.value is None or HouseReading.objects.filter(replaces=row).exists():
            raise Conflict("house_reading_is_replaced", reading=reading_id)
        HouseReading.objects.create(
            meter=row.meter, taken_on=row.taken_on, value=None, replaces=row, reason=reason.strip(),
            recorded_at=at, recorded_by=by,
        )  # fmt: skip
        told = {"serial": row.meter.serial, "taken_on": f"{row.taken_on}", "before": f"{row.value}"}
        _record("take_back_reading", row.meter.house_id, told, reason=reason, at=at)


def record_other_use(
    house_id: int, *, month: Month, kwh: Decimal, by: int | None, at: datetime, reason: str = ""
) -> int:
    """Record what premises that are not dwellings used in a month; return the id. The same again changes nothing.

    Raises NotFound, `HouseReadingRefused` (a second value needs a reason).
    """
    if not 0 <= kwh <= MOST_KWH:
        raise HouseReadingRefused(why="too_large")
    with transaction.atomic():
        lock_row("houses_house", house_id)
        there = HouseOtherUse.objects.filter(house_id=house_id, month=month.first_on).order_by("version").last()
        if there is not None and there.kwh == kwh:
            return there.pk
        if there is not None and not reason.strip():
            raise HouseReadingRefused(why="no_reason", value=str(there.kwh))
        row = HouseOtherUse.objects.create(
            house_id=house_id, month=month.first_on, version=there.version + 1 if there else 1, kwh=kwh,
            reason=reason.strip(), recorded_at=at, recorded_by=by,
        )  # fmt: skip
        told = {"month": month.text, "kwh": f"{kwh}"}
        _record("record_other_use", house_id, told, reason=reason, at=at)
    return row.pk


def _locked(meter_id: int) -> HouseMeter:
    meter = HouseMeter.objects.filter(pk=meter_id).first()
    if meter is None:
        raise NotFound(house_meter=meter_id)
    lock_row("houses_house", meter.house_id)
    return meter


def _check(
    meter: HouseMeter,
    value: Decimal,
    taken_on: date,
    before: HouseReading | None,
    after: HouseReading | None,
    *,
    passed_zero: bool,
    at: datetime,
) -> None:
    period = to_period(meter.valid)
    fell = before is not None and before.value is not None and value < before.value
    amiss = {
        "in_the_future": taken_on > at.date(),
        "not_hanging": taken_on not in period and taken_on != period.end,
        "too_large": not 0 <= value < Decimal(10) ** meter.digits,
        "fell": fell and not passed_zero,
        "did_not_fall": passed_zero and not fell,
        "above_the_next": after is not None
        and after.value is not None
        and not after.passed_zero
        and value > after.value,
    }
    for why, is_so in amiss.items():
        if is_so:
            raise HouseReadingRefused(why=why, before=str(before.value) if before else "")


def _record(verb: str, house_id: int, told: dict[str, str], *, reason: str, at: datetime) -> None:
    audit.record(
        f"houses.{verb}", target_kind="house", target_id=house_id, at=at, data={"after": told}, reason=reason.strip()
    )
    outbox.record(f"houses.{verb}", at=at, payload={"house_id": house_id, **told})

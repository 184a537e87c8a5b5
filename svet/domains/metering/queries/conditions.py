"""What is or was the matter with the meters and supplies of an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from svet.domains.metering.models import MeterCondition
from svet.domains.metering.rules import ConditionKind


@dataclass(frozen=True, slots=True)
class ConditionView:
    """A condition; `lifted_on` is None while it holds, `meter_serial` empty where it is of the supply."""

    condition_id: int
    kind: ConditionKind
    supply_point_id: int
    meter_serial: str
    from_on: date
    lifted_on: date | None
    act_number: str
    reason: str


def conditions_of(account_id: int) -> list[ConditionView]:
    """Return the conditions recorded for the account, the latest first; those that never held are left out."""
    rows = (
        MeterCondition.objects.filter(account_id=account_id).select_related("meter", "lift").order_by("-from_on", "-id")
    )
    found = []
    for row in rows:
        lift = getattr(row, "lift", None)
        if lift is None or lift.lifted_on > row.from_on:
            found.append(
                ConditionView(
                    condition_id=row.pk,
                    kind=ConditionKind(row.kind),
                    supply_point_id=row.supply_point_id,
                    meter_serial=row.meter.serial if row.meter else "",
                    from_on=row.from_on,
                    lifted_on=lift.lifted_on if lift else None,
                    act_number=row.act_number,
                    reason=row.reason,
                )
            )
    return found


@dataclass(frozen=True, slots=True)
class HangingMeter:
    """A meter that hangs at a place of an account on a day; without a meter `meter_id` is None."""

    supply_point_id: int
    meter_id: int | None
    serial: str


def hanging_at(account_id: int, *, on: date) -> list[HangingMeter]:
    """Return the places of the account on the day, and each meter that hangs there."""
    with connection.cursor() as cursor:
        cursor.execute(_HANGING, {"account": account_id, "on": on})
        return [HangingMeter(*row) for row in cursor.fetchall()]


_HANGING = """
SELECT g.supply_point_id, NULL::bigint, '' FROM accounts_agreement g
 WHERE g.account_id = %(account)s AND g.valid @> %(on)s::date
UNION ALL
SELECT g.supply_point_id, m.id, m.serial FROM accounts_agreement g
  JOIN metering_installation i ON i.supply_point_id = g.supply_point_id AND i.valid @> %(on)s::date
  JOIN metering_meter m ON m.id = i.meter_id
 WHERE g.account_id = %(account)s AND g.valid @> %(on)s::date
 ORDER BY 1, 3
"""


def is_place_of(account_id: int, *, supply_point_id: int, meter_id: int | None, on: date) -> bool:
    """Return whether the account was supplied there on the day, and the meter (if one is named) hung there."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, {"account": account_id, "point": supply_point_id, "meter": meter_id, "on": on})
        return bool(cursor.fetchone()[0])


_PLACE = """
SELECT EXISTS (SELECT 1 FROM accounts_agreement
                WHERE account_id = %(account)s AND supply_point_id = %(point)s AND valid @> %(on)s::date)
   AND (%(meter)s::bigint IS NULL
        OR EXISTS (SELECT 1 FROM metering_installation
                    WHERE meter_id = %(meter)s AND supply_point_id = %(point)s AND valid @> %(on)s::date))
"""

"""The meters that measured an account, over time: those installed where and while it was supplied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from svet.kernel.energy import TimeBand


@dataclass(frozen=True, slots=True)
class InstalledMeter:
    """A meter and its stay at a place of the account; `removed_on` is None while it is there."""

    serial: str
    model: str
    zoning: str
    digits: int
    multiplier: Decimal
    made_on: date | None
    verified_on: date | None
    verification_due_on: date | None
    installed_on: date
    removed_on: date | None
    act_number: str


def meters_of(account_id: int) -> list[InstalledMeter]:
    """Return the meters of the account, the latest installed first."""
    with connection.cursor() as cursor:
        cursor.execute(_METERS, [account_id])
        return [InstalledMeter(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class DialAtPlace:
    """A register of a meter that hangs at a place, and the last value in force on it, whoever was supplied then."""

    meter_serial: str
    position: int
    band: TimeBand
    fraction_digits: int
    last_value: Decimal | None
    last_on: date | None


def dials_at(supply_point_id: int, *, on: date) -> list[DialAtPlace]:
    """Return the dials that hang at the supply point on the day, by meter and position."""
    with connection.cursor() as cursor:
        cursor.execute(_DIALS, [supply_point_id, on])
        return [DialAtPlace(row[0], row[1], TimeBand(row[2]), *row[3:]) for row in cursor.fetchall()]


_DIALS = """
SELECT m.serial, g.position, g.band, m.fraction_digits, f.value, f.taken_on
  FROM metering_installation i
  JOIN metering_meter m ON m.id = i.meter_id
  JOIN metering_register g ON g.meter_id = m.id
  LEFT JOIN LATERAL (SELECT value, taken_on FROM metering_reading_in_force
                      WHERE register_id = g.id AND account_id IN (SELECT account_id FROM accounts_agreement
                                                                   WHERE supply_point_id = i.supply_point_id)
                      ORDER BY taken_on DESC, id DESC LIMIT 1) f ON true
 WHERE i.supply_point_id = %s AND i.valid @> %s::date
 ORDER BY m.serial, g.position
"""

_METERS = """
SELECT DISTINCT m.serial, m.model, m.zoning, m.digits, m.multiplier, m.made_on, m.verified_on, m.verification_due_on,
       lower(i.valid) AS installed_on, upper(i.valid), i.act_number
  FROM accounts_agreement a
  JOIN metering_installation i ON i.supply_point_id = a.supply_point_id AND i.valid && a.valid
  JOIN metering_meter m ON m.id = i.meter_id
 WHERE a.account_id = %s
 ORDER BY installed_on DESC, m.serial
"""

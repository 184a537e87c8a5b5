"""The meters that measured an account, over time: those installed where and while it was supplied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection


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


_METERS = """
SELECT DISTINCT m.serial, m.model, m.zoning, m.digits, m.multiplier, m.made_on, m.verified_on, m.verification_due_on,
       lower(i.valid) AS installed_on, upper(i.valid), i.act_number
  FROM accounts_agreement a
  JOIN metering_installation i ON i.supply_point_id = a.supply_point_id AND i.valid && a.valid
  JOIN metering_meter m ON m.id = i.meter_id
 WHERE a.account_id = %s
 ORDER BY installed_on DESC, m.serial
"""

"""Readings in force that replaced other ones, with what they replaced: what can be put back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from svet.domains.metering.rules import ReadingKind

_CORRECTIONS = """
SELECT c.number, m.serial, g.position, r.value, o.value, o.taken_on, o.kind
  FROM metering_receipt c
  JOIN metering_reading r ON r.account_id = c.account_id AND r.receipt_id = c.id
  JOIN metering_reading_in_force f ON f.account_id = r.account_id AND f.id = r.id
  JOIN metering_reading o ON o.account_id = r.account_id AND o.id = r.replaces_id
  JOIN metering_register g ON g.id = r.register_id
  JOIN metering_meter m ON m.id = g.meter_id
 WHERE c.account_id = %s AND c.number = ANY(%s)
   AND (o.verdict = 'accepted'
        OR EXISTS (SELECT 1 FROM metering_review v WHERE v.reading_id = o.id AND v.verdict = 'accepted'))
 ORDER BY c.id, g.position
"""


@dataclass(frozen=True, slots=True)
class CorrectedValue:
    """One register of a correction, in units of the dial."""

    position: int
    value: Decimal
    former: Decimal


@dataclass(frozen=True, slots=True)
class Correction:
    """A submission in force that replaced an accepted one, with the day and the kind of the one it replaced."""

    receipt_number: str
    meter_serial: str
    former_on: date
    kind: ReadingKind
    values: tuple[CorrectedValue, ...]


def corrections(account_id: int, receipts: Iterable[str]) -> dict[str, Correction]:
    """Return those of the account's submissions that are corrections in force, by the number of their receipt."""
    with connection.cursor() as cursor:
        cursor.execute(_CORRECTIONS, [account_id, list(receipts)])
        rows = cursor.fetchall()
    found: dict[str, Correction] = {}
    for number, serial, position, value, former, former_on, kind in rows:
        known = found.get(number)
        values = (*(known.values if known else ()), CorrectedValue(position, value, former))
        found[number] = Correction(number, serial, former_on, ReadingKind(kind), values)
    return found

"""The readings of an account as people see them, and what waits for an operator."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from svet.domains.metering.rules import Channel, ReadingKind, Verdict
from svet.domains.metering.rules.receipts import findings_from
from svet.infra.planned import planned_rows
from svet.kernel.energy import TimeBand
from svet.kernel.findings import Finding
from svet.kernel.period import Month

IN_FORCE_SQL = "metering_reading_in_force"
"""The view of readings in force: id, account_id, register_id, receipt_id, value, taken_on, kind, channel,
received_at, counts_from. Accepted (at once or by review) and not replaced by another accepted one; the bill of
month M may use those with counts_from <= M's first day. Always read by account_id."""

_HISTORY = """
WITH used AS (
    SELECT f.id, f.value - lag(f.value) OVER (PARTITION BY f.register_id ORDER BY f.taken_on, f.id) AS step
      FROM metering_reading_in_force f WHERE f.account_id = %(account)s
)
SELECT r.id AS reading_id, c.number AS receipt_number, m.serial AS meter_serial, g.position, g.band, r.value,
       r.taken_on, r.received_at, r.channel, r.kind, coalesce(v.verdict, r.verdict) AS verdict,
       r.verdict = 'held' AND v.id IS NOT NULL AS is_reviewed, coalesce(v.reason, '') AS review_reason,
       u.id IS NOT NULL AS is_in_force, coalesce(w.withdrawn_at, n.undone_at) AS withdrawn_at, r.findings,
       CASE WHEN u.step < 0 AND r.findings @> '[{"code": "R13"}]' THEN u.step + (10 ^ m.digits)::numeric
            ELSE u.step END * m.multiplier AS kwh,
       coalesce(r.counts_from, date_trunc('month', r.taken_on)::date) AS counts_from
  FROM metering_reading r
  JOIN metering_register g ON g.id = r.register_id
  JOIN metering_meter m ON m.id = g.meter_id
  LEFT JOIN metering_receipt c ON c.id = r.receipt_id AND c.account_id = r.account_id
  LEFT JOIN metering_review v ON v.reading_id = r.id
  LEFT JOIN used u ON u.id = r.id
  LEFT JOIN metering_withdrawn w ON w.reading_id = r.id
  LEFT JOIN metering_act_undone n ON n.act_id = w.act_id
 WHERE r.account_id = %(account)s
 ORDER BY r.taken_on DESC, r.id DESC, g.position
 LIMIT %(limit)s
"""
_TOLD = (
    "reading_id",
    "receipt_number",
    "meter_serial",
    "position",
    "band",
    "value",
    "taken_on",
    "received_at",
    "channel",
    "kind",
    "verdict",
    "is_reviewed",
    "review_reason",
    "is_in_force",
    "withdrawn_at",
    "findings",
    "kwh",
    "counts_from",
)
_HELD = """
SELECT r.id AS reading_id, r.account_id, a.number AS account_number, c.number AS receipt_number,
       m.serial AS meter_serial, g.position, g.band, r.value, r.taken_on, r.received_at, r.channel, r.kind, r.findings,
       c.registers
  FROM metering_reading r
  JOIN accounts_account a ON a.id = r.account_id
  JOIN metering_register g ON g.id = r.register_id
  JOIN metering_meter m ON m.id = g.meter_id
  LEFT JOIN metering_receipt c ON c.id = r.receipt_id AND c.account_id = r.account_id
 WHERE r.verdict = 'held'
   AND NOT EXISTS (SELECT 1 FROM metering_review v WHERE v.reading_id = r.id)
   AND NOT EXISTS (
        SELECT 1 FROM metering_reading x
         WHERE x.account_id = r.account_id AND x.register_id = r.register_id AND x.kind = r.kind AND x.id > r.id
           AND x.taken_on >= date_trunc('month', r.taken_on)
           AND x.taken_on < date_trunc('month', r.taken_on) + interval '1 month'
           AND x.verdict <> 'refused'
           AND NOT EXISTS (SELECT 1 FROM metering_withdrawn w WHERE w.reading_id = x.id)
           AND NOT EXISTS (SELECT 1 FROM metering_review w WHERE w.reading_id = x.id AND w.verdict = 'refused'))
 ORDER BY r.received_at, r.id
 LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One reading as its account's people see it; `kwh` is the use since the reading in force before it.

    `withdrawn_at`: since when it counts for nothing, taken back by itself or with its act.
    """

    reading_id: int
    receipt_number: str | None
    meter_serial: str
    position: int
    band: TimeBand
    value: Decimal
    taken_on: date
    received_at: datetime
    channel: Channel
    kind: ReadingKind
    verdict: Verdict
    is_reviewed: bool
    review_reason: str
    is_in_force: bool
    withdrawn_at: datetime | None
    kwh: Decimal | None
    counts_for: Month
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class HeldReading:
    """A reading that waits for an operator, with the value before it as the receipt told it."""

    reading_id: int
    account_id: int
    account_number: str
    receipt_number: str | None
    meter_serial: str
    position: int
    band: TimeBand
    value: Decimal
    previous: Decimal | None
    previous_on: date | None
    taken_on: date
    received_at: datetime
    channel: Channel
    kind: ReadingKind
    findings: tuple[Finding, ...]


def history(account_id: int, *, limit: int = 200) -> list[HistoryRow]:
    """Return the readings of an account, the latest first: accepted, held and refused alike."""
    rows = []
    for told in planned_rows(_HISTORY, {"account": account_id, "limit": limit}):
        row = dict(zip(_TOLD, told, strict=True))
        step = None if row["kwh"] is None else Decimal(row["kwh"]).quantize(Decimal("0.001"))
        row.update(kwh=step, counts_for=Month.of(row.pop("counts_from")))
        rows.append(HistoryRow(**_typed(row)))
    return rows


def held(*, limit: int = 100) -> list[HeldReading]:
    """Return the readings that wait for an operator, the oldest first, without those a later one made idle."""
    rows = []
    for row in _select(_HELD, limit=limit):
        told = {one["position"]: one for one in json.loads(row.pop("registers") or "[]")}
        before = told.get(row["position"], {"previous": None, "previous_on": None})
        row["previous"] = None if before["previous"] is None else Decimal(before["previous"])
        row["previous_on"] = None if before["previous_on"] is None else date.fromisoformat(before["previous_on"])
        rows.append(HeldReading(**_typed(row)))
    return rows


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    words = {"band": TimeBand, "channel": Channel, "kind": ReadingKind, "verdict": Verdict}
    typed = {name: kind(row[name]) for name, kind in words.items() if name in row}
    return {**row, **typed, "findings": findings_from(json.loads(row["findings"]))}


def _select(query: str, **parameters: int) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

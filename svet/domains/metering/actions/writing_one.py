"""Puts one judged submission into the tables: its receipt, and readings where there is a value to keep.

The same rows as `writing` makes out of frames; always inside the transaction of the action.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from svet.domains.metering.rules import Verdict
from svet.domains.metering.rules.receipts import Receipt, rows_from
from svet.domains.metering.rules.single import Judged, Row, Submission
from svet.domains.metering.rules.values import exact_kwh
from svet.infra.clock import MOSCOW
from svet.infra.planned import planned_cursor
from svet.kernel.findings import Finding

_WRITE = """
WITH next AS (SELECT nextval('metering_receipt_number')::text AS serial),
receipt AS (
    INSERT INTO metering_receipt
           (account_id, number, channel, source_id, taken_on, received_at, verdict, findings, registers, raw)
    SELECT %(account)s, 'П-' || %(month)s || '-' || lpad(serial, greatest(length(serial), 7), '0'), %(channel)s,
           %(source)s, %(taken_on)s, %(received_at)s, %(verdict)s, %(findings)s, %(registers)s, %(raw)s
      FROM next
        ON CONFLICT (account_id, channel, source_id) DO NOTHING
    RETURNING id, number
), readings AS (
    INSERT INTO metering_reading
           (account_id, receipt_id, register_id, value, taken_on, kind, channel, received_at, verdict, findings,
            counts_from, replaces_id)
    SELECT %(account)s, receipt.id, r.register_id, r.value, %(taken_on)s, %(kind)s, %(channel)s, %(received_at)s,
           %(verdict)s, r.findings, r.counts_from, r.replaces_id
      FROM receipt, jsonb_to_recordset(%(readings)s)
           AS r(register_id bigint, value numeric, findings jsonb, counts_from date, replaces_id bigint)
)
SELECT number FROM receipt
"""
"""A receipt under the next number, П-26-11-0000123 by the month in Moscow, with its readings; nothing when the
submission has a receipt already."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a submission carries that no rule looks at; `raw` is JSON-safe."""

    account_id: int
    source_id: str
    received_at: datetime
    raw: Any


def write_one(asked: Submission, judged: Judged, origin: Origin) -> Receipt | None:
    """Write the receipt and the readings of a judged submission; return the receipt as it will be told.

    None, and nothing written, where the submission (account, channel, source id) has a receipt already.
    """
    told = [_told(row) for row in judged.rows]
    columns: dict[str, Any] = {
        "account": origin.account_id,
        "month": f"{origin.received_at.astimezone(MOSCOW):%y-%m}",
        "channel": asked.channel.value,
        "source": origin.source_id,
        "taken_on": asked.taken_on,
        "received_at": origin.received_at,
        "verdict": judged.verdict.value,
        "kind": asked.kind.value,
        "findings": Jsonb([_as_json(finding) for finding in judged.findings]),
        "registers": Jsonb(told),
        "raw": Jsonb(origin.raw),
        "readings": Jsonb([_reading(row, judged) for row in judged.rows if row.value_wh is not None]),
    }
    with planned_cursor() as cursor:
        cursor.execute(_WRITE, columns)
        written = cursor.fetchone()
    if written is None:
        return None
    return Receipt(
        number=written[0],
        account_id=origin.account_id,
        verdict=judged.verdict,
        channel=asked.channel,
        taken_on=asked.taken_on,
        received_at=origin.received_at,
        rows=rows_from(told, verdict=judged.verdict),
        findings=judged.findings,
    )


def _told(row: Row) -> dict[str, Any]:
    previous, used = row.near.previous, row.use.kwh_wh
    return {
        "register_id": row.register.register_id,
        "position": row.register.position,
        "band": row.register.band,
        "value": exact_kwh(row.value_wh),
        "previous": None if previous is None else exact_kwh(previous.value_wh),
        "previous_on": None if previous is None else previous.taken_on.isoformat(),
        "kwh": None if used is None else exact_kwh(used * row.place.multiplier_e4 // 10_000),
    }


def _reading(row: Row, judged: Judged) -> dict[str, Any]:
    register, replaced = row.register.register_id, row.near.replaced if judged.verdict is not Verdict.REFUSED else None
    return {
        "register_id": register,
        "value": exact_kwh(row.value_wh),
        "findings": [_as_json(one) for register_id, one in judged.found if register_id == register],
        "counts_from": row.month.counts_from.isoformat(),
        "replaces_id": None if replaced is None else replaced.reading_id,
    }


def _as_json(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "level": finding.level.value, "facts": dict(finding.facts)}

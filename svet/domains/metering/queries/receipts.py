"""Receipts of submissions, as they were told."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import connection

from svet.domains.metering.models import Reading, ReadingReceipt
from svet.domains.metering.rules import Channel, Verdict
from svet.domains.metering.rules.receipts import Receipt, findings_from, rows_from
from svet.kernel.errors import NotFound


def receipt(account_id: int, *, number: str) -> Receipt:
    """Return the receipt with this number; raise NotFound, also for another account's."""
    row = ReadingReceipt.objects.filter(account_id=account_id, number=number).first()
    if row is None:
        raise NotFound(receipt=number)
    return _as_value(row)


def receipt_for_source(account_id: int, *, channel: Channel, source_id: str) -> Receipt | None:
    """Return the receipt of a submission that came before, or None."""
    row = ReadingReceipt.objects.filter(account_id=account_id, channel=channel, source_id=source_id).first()
    return None if row is None else _as_value(row)


def submissions_stored(asked: pl.DataFrame) -> pl.DataFrame:
    """Return those of `asked` (account_id, channel, source_id) that have a receipt, with what it says.

    Columns: account_id, channel, source_id, number, verdict, findings (JSON).
    """
    schema: dict[str, Any] = {**asked.schema, "number": pl.String, "verdict": pl.String, "findings": pl.String}
    query = """
        SELECT r.account_id, r.channel, r.source_id, r.number, r.verdict, r.findings::text
          FROM unnest(%s::bigint[], string_to_array(%s, chr(31))) AS a(account_id, source_id)
          JOIN metering_receipt r USING (account_id, source_id)
    """
    if asked.is_empty():
        return pl.DataFrame(schema=schema)
    with connection.cursor() as cursor:
        sources = "\x1f".join(source.replace("\x1f", "") for source in asked["source_id"].to_list())
        cursor.execute(query, [asked["account_id"].to_list(), sources])
        found = pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")
    return found.unique(["account_id", "channel", "source_id"])


def is_superseded(reading_id: int, *, account_id: int) -> bool:
    """Say whether a later reading, not refused nor withdrawn, came for the same register, kind and month."""
    reading = Reading.objects.get(pk=reading_id, account_id=account_id)
    later = Reading.objects.filter(
        account_id=account_id,
        register_id=reading.register_id,
        kind=reading.kind,
        pk__gt=reading.pk,
        withdrawn__isnull=True,
        taken_on__year=reading.taken_on.year,
        taken_on__month=reading.taken_on.month,
    )
    return later.exclude(verdict=Verdict.REFUSED).exclude(review__verdict=Verdict.REFUSED).exists()


def _as_value(row: ReadingReceipt) -> Receipt:
    verdict = Verdict(row.verdict)
    return Receipt(
        number=row.number,
        account_id=row.account_id,
        verdict=verdict,
        channel=Channel(row.channel),
        taken_on=row.taken_on,
        received_at=row.received_at,
        rows=rows_from(row.registers, verdict=verdict),
        findings=findings_from(row.findings),
    )

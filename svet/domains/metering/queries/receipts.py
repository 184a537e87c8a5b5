"""Receipts of submissions, as they were told."""

from __future__ import annotations

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


def is_superseded(reading_id: int, *, account_id: int) -> bool:
    """Say whether a later reading that was not refused came for the same register, kind and month."""
    reading = Reading.objects.get(pk=reading_id, account_id=account_id)
    later = Reading.objects.filter(
        account_id=account_id,
        register_id=reading.register_id,
        kind=reading.kind,
        pk__gt=reading.pk,
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

"""An operator's decision on what was held."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.metering import queries
from svet.domains.metering.models import Reading, ReadingReview
from svet.domains.metering.rules import Verdict
from svet.infra import audit, outbox
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound


class NotADecision(DomainError):
    """A review accepts or refuses; it cannot hold again. A refusal has a reason."""

    code = "not_a_decision"


def review_reading(
    reading_id: int, *, account_id: int, verdict: Verdict, reason: str, decided_by: int | None, at: datetime
) -> None:
    """Accept or refuse a held reading, and with it the other registers of the same submission.

    Raises NotFound (also for another account's reading), NotADecision, and Conflict: "not_held", "reviewed_already",
    or "superseded" when a later reading of the same register and month came meanwhile.
    """
    if verdict == Verdict.HELD or (verdict == Verdict.REFUSED and not reason.strip()):
        raise NotADecision(verdict=str(verdict))
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        reading = Reading.objects.filter(pk=reading_id, account_id=account_id).select_related("receipt").first()
        if reading is None:
            raise NotFound(reading=reading_id)
        if reading.verdict != Verdict.HELD:
            raise Conflict("not_held", reading=reading_id)
        together = Reading.objects.filter(account_id=account_id, receipt=reading.receipt_id, verdict=Verdict.HELD)
        held = list(together) if reading.receipt_id else [reading]
        if ReadingReview.objects.filter(account_id=account_id, reading__in=held).exists():
            raise Conflict("reviewed_already", reading=reading_id)
        if verdict == Verdict.ACCEPTED and any(queries.is_superseded(one.pk, account_id=account_id) for one in held):
            raise Conflict("superseded", reading=reading_id)
        ReadingReview.objects.bulk_create(
            ReadingReview(
                account_id=account_id,
                reading=one,
                verdict=verdict,
                reason=reason.strip(),
                decided_at=at,
                decided_by=decided_by,
            )
            for one in held
        )
        number = reading.receipt.number if reading.receipt else ""
        told = {"receipt": number, "verdict": str(verdict), "channel": reading.channel, "reviewed": True}
        audit.record(
            "metering.review_reading",
            target_kind="reading",
            target_id=reading_id,
            at=at,
            account_id=account_id,
            data=told,
            reason=reason.strip(),
        )
        outbox.record(f"metering.reading_{verdict.value}", at=at, account_id=account_id, payload=told)

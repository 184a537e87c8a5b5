"""A submission taken back altogether: its values, and those they corrected, count for nothing and replace nothing.

Possible only while nothing relies on it: no month is charged from the one it counts for, no later reading came.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.metering import queries
from svet.domains.metering.models import WithdrawnReading
from svet.domains.metering.queries import Withdrawal
from svet.domains.metering.rules.values import as_text
from svet.infra import audit
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound


def withdraw_reading(receipt_number: str, *, account_id: int, reason: str, by: int | None, at: datetime) -> Withdrawal:
    """Take a submission back, with the reason; return what counts no more.

    Raises DomainError("undo_needs_a_reason"), NotFound (also for another account's, for one not in force and for what
    came with an act), Conflict: "reading_is_charged", "readings_after_it".
    """
    if not reason.strip():
        raise DomainError("undo_needs_a_reason")
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        asked = queries.withdrawals(account_id, [receipt_number]).get(receipt_number)
        if asked is None:
            raise NotFound(receipt=receipt_number)
        if asked.charged_month is not None:
            raise Conflict("reading_is_charged", month=str(asked.charged_month))
        if asked.followed_on is not None:
            raise Conflict("readings_after_it", last_on=asked.followed_on)
        WithdrawnReading.objects.bulk_create(
            WithdrawnReading(
                account_id=account_id, reading_id=one, reason=reason.strip(), withdrawn_at=at, withdrawn_by=by
            )
            for one in asked.reading_ids
        )
        audit.record(
            "metering.reading_withdrawn",
            target_kind="receipt",
            target_id=receipt_number,
            at=at,
            account_id=account_id,
            data={
                "before": {"value": "; ".join(as_text(one.value) for one in asked.values), "receipt": receipt_number},
                "after": {},
                "undoes": audit.first_about(target_kind="receipt", target_id=receipt_number),
            },
            reason=reason.strip(),
            fact="metering.reading_withdrawn",
        )
        return asked

"""Charged months under which something changed: noted by who changes it, settled by an engineer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from svet.domains.billing.models import Recalculation
from svet.domains.billing.rules import Why
from svet.infra import audit, outbox
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Month


def ask_recalculation(account_id: int, *, months: Sequence[Month], why: Why, reason: str, at: datetime) -> int:
    """Note that these charged months of the account are to be looked at again; return the id."""
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        row = Recalculation.objects.create(
            account_id=account_id, months=[month.first_on for month in months], why=why, reason=reason, asked_at=at
        )
        _record("asked", row, reason=reason, at=at)
    return row.pk


def settle_recalculation(recalculation_id: int, *, outcome: str, by: int, at: datetime) -> None:
    """Note what came of it; raise NotFound, Conflict("recalculation_is_settled"), DomainError("outcome_is_needed")."""
    if not outcome.strip():
        raise DomainError("outcome_is_needed")
    with transaction.atomic():
        row = Recalculation.objects.select_for_update().filter(pk=recalculation_id).first()
        if row is None:
            raise NotFound("recalculation_not_found", recalculation_id=recalculation_id)
        if row.settled_at is not None:
            raise Conflict("recalculation_is_settled")
        row.settled_at, row.settled_by, row.outcome = at, by, outcome.strip()
        row.save(update_fields=["settled_at", "settled_by", "outcome"])
        _record("settled", row, reason=row.outcome, at=at)


def _record(what: str, row: Recalculation, *, reason: str, at: datetime) -> None:
    verb, data = f"billing.recalculation_{what}", {"months": row.months, "why": row.why}
    audit.record(
        verb,
        target_kind="recalculation",
        target_id=row.pk,
        at=at,
        account_id=row.account_id,
        data=data,
        reason=reason,
    )
    outbox.record(verb, at=at, account_id=row.account_id, payload=data)

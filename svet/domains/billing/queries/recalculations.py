"""Charged months that wait to be looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from svet.domains.billing.models import Recalculation
from svet.domains.billing.rules import Why
from svet.kernel.errors import NotFound
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class RecalculationView:
    """What changed under which charged months of an account, and why."""

    recalculation_id: int
    account_id: int
    account_number: str
    months: tuple[Month, ...]
    why: Why
    reason: str
    asked_at: datetime
    is_settled: bool
    outcome: str


def waiting_recalculations(*, limit: int = 200) -> list[RecalculationView]:
    """Return what waits, the oldest first."""
    rows = Recalculation.objects.filter(settled_at=None).select_related("account").order_by("asked_at", "pk")
    return [_view(row) for row in rows[:limit]]


def recalculations(ids: Sequence[int], *, account_id: int) -> list[RecalculationView]:
    """Return those of these that are of the account, the latest first."""
    rows = Recalculation.objects.filter(pk__in=list(ids), account_id=account_id).select_related("account")
    return [_view(row) for row in rows.order_by("-pk")]


def recalculation(recalculation_id: int) -> RecalculationView:
    """Return one; raise NotFound("recalculation_not_found")."""
    row = Recalculation.objects.select_related("account").filter(pk=recalculation_id).first()
    if row is None:
        raise NotFound("recalculation_not_found", recalculation_id=recalculation_id)
    return _view(row)


def _view(row: Recalculation) -> RecalculationView:
    return RecalculationView(
        recalculation_id=row.pk,
        account_id=row.account_id,
        account_number=row.account.number,
        months=tuple(Month.of(month) for month in row.months),
        why=Why(row.why),
        reason=row.reason,
        asked_at=row.asked_at,
        is_settled=row.settled_at is not None,
        outcome=row.outcome,
    )

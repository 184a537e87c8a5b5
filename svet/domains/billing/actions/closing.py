"""Closes a month: every bill is issued, every parked account is known about, then the ledger is closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from svet.domains.billing.models import BillRun, BillRunIssue, BillRunShard
from svet.domains.billing.rules import IssueState, RunKind, RunState
from svet.domains.ledger import actions as ledger
from svet.infra import audit, outbox
from svet.kernel.errors import Conflict
from svet.kernel.period import Month


def close_month(month: Month, *, at: datetime, by: int | None, leave_parked: bool = False) -> dict[str, Any]:
    """Close the month in billing and ledger; return the ledger's control totals.

    Raises Conflict when there is no run, bills are not all issued, or accounts are parked: `leave_parked`
    acknowledges those, and they are billed with the next month.
    """
    with transaction.atomic():
        runs = list(
            BillRun.objects.select_for_update()
            .filter(month=month.first_on, dry=False)
            .exclude(state=RunState.CANCELLED)
            .order_by("pk")
        )
        if not any(run.kind == RunKind.REGULAR for run in runs):
            raise Conflict("month_is_not_billed", month=month.text)
        _refuse_unissued(runs, month=month)
        parked = BillRunIssue.objects.filter(run__in=runs, state=IssueState.PARKED).count()
        if parked and not leave_parked:
            raise Conflict("accounts_are_parked", month=month.text, count=parked)
        totals = ledger.close_month(month, at=at, by=by)
        BillRun.objects.filter(pk__in=[run.pk for run in runs]).update(state=RunState.CLOSED, closed_at=at)
        data = {"month": month.text, "parked": parked, **totals}
        audit.record("billing.close_month", target_kind="month", target_id=month, at=at, data=data)
        outbox.record("billing.month_closed", at=at, payload=data)
    return totals


def _refuse_unissued(runs: list[BillRun], *, month: Month) -> None:
    for run in runs:
        if run.state != RunState.ISSUING:
            raise Conflict("bills_are_not_issued", month=month.text, run=run.pk, state=run.state)
    waiting = BillRunShard.objects.filter(run__in=runs, bills_issued_at=None).count()
    if waiting:
        raise Conflict("bills_are_not_issued", month=month.text, shards=waiting)

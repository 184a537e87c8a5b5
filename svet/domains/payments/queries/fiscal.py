"""What fiscal devices still have to do: the tills with work, and the next task of each in order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q

from svet.domains.access import queries as access
from svet.domains.payments.models import FiscalDocument, FiscalTask
from svet.domains.payments.rules.tills import FINISHED, TaskKind, TaskState


@dataclass(frozen=True, slots=True)
class DueTask:
    """A task to ask a device for; `was_asked` when the device may know its UUID already."""

    task_id: int
    till_id: int
    uuid: UUID
    kind: TaskKind
    state: TaskState
    payload: dict[str, Any]
    cashier: str
    was_asked: bool


@dataclass(frozen=True, slots=True)
class Receipts:
    """How receipts are made: how many wait and since when, when one was made last, the last thing that went wrong."""

    waiting: int
    waiting_since: datetime | None
    done_at: datetime | None
    problem: str
    problem_text: str
    problem_at: datetime | None


def receipts() -> Receipts:
    """Return how the fiscal devices of all tills keep up."""
    told = _unfinished().aggregate(waiting=Count("pk"), waiting_since=Min("made_at"))
    done = FiscalDocument.objects.order_by("-pk").values_list("recorded_at", flat=True).first()
    wrong = _unfinished().exclude(problem="").order_by("-pk").first()
    about = (wrong.problem, wrong.problem_text, wrong.made_at) if wrong else ("", "", None)
    return Receipts(told["waiting"], told["waiting_since"], done, *about)


def receipts_wait_since() -> datetime | None:
    """Return since when the oldest receipt waits that is not made yet."""
    since: datetime | None = _unfinished().aggregate(since=Min("made_at"))["since"]
    return since


def tills_that_wait(at: datetime) -> list[int]:
    """Return the tills whose devices have something to do by now."""
    rows = _unfinished().filter(next_try_at__lte=at)
    return sorted(set(rows.values_list("shift__till_id", flat=True)))


def next_task(till_id: int, *, at: datetime, seen: Collection[int] = ()) -> DueTask | None:
    """Return the first task of a till that can be asked for now, without those `seen`; None when there is none.

    An unanswered task holds up all that follow it (a device works in order); a refused one does not. A return waits
    for the receipt of what it returns.
    """
    for row in _unfinished().filter(shift__till_id=till_id).order_by("id"):
        if row.pk in seen:
            continue
        if row.next_try_at > at:
            if row.state == TaskState.WAITING:
                return None
            continue
        if row.kind == TaskKind.SELL_RETURN and _is_unsold(row):
            continue
        names = access.names_of([row.shift.cashier_id])
        return DueTask(
            task_id=row.pk,
            till_id=till_id,
            uuid=row.uuid,
            kind=TaskKind(row.kind),
            state=TaskState(row.state),
            payload=row.payload,
            cashier=names.get(row.shift.cashier_id, ""),
            was_asked=row.asked_at is not None,
        )
    return None


def _unfinished() -> Any:
    return FiscalTask.objects.select_related("shift", "operation").filter(~Q(state__in=FINISHED))


def _is_unsold(row: FiscalTask) -> bool:
    if row.operation is None or row.operation.reverses_id is None:
        return False
    sold = Q(operation_id=row.operation.reverses_id) | Q(corrects_id=row.operation.reverses_id)
    return FiscalTask.objects.filter(sold).exclude(state__in=FINISHED).exists()

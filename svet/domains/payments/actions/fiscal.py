"""What becomes of the tasks for fiscal devices. A task is done once: whoever comes second finds it done.

The UUID is written down before the device is asked (`mark_asked`), so a killed process asks for the same one again.
Only a task that the device refused gets a new UUID (`ask_anew`): it is known that nothing was printed under the old.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from svet.domains.payments.actions.tills import wake_the_printer
from svet.domains.payments.models import FiscalDocument, FiscalTask
from svet.domains.payments.rules.tills import FINISHED, TaskState
from svet.infra import audit, outbox
from svet.infra.locking import lock_row

PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Registered:
    """A document as the device registered it."""

    fn_number: str
    document_number: int
    sign: str
    registration_number: str
    device_shift: int
    registered_at: datetime
    receipt_number: int | None = None
    total: Decimal | None = None
    is_on_paper: bool = True


def mark_asked(task_id: int, *, at: datetime) -> bool:
    """Write down that the device may know the task's UUID from now on; return False when it must not be asked."""
    with transaction.atomic():
        task = _locked(task_id)
        if task.state == TaskState.DROPPED:
            return False
        if task.asked_at is None and task.state == TaskState.WAITING:
            task.asked_at = at
            task.save(update_fields=["asked_at"])
    return True


def ask_anew(task_id: int, *, at: datetime) -> None:
    """Give a refused task a new UUID, so that the device takes it as new; nothing for any other task."""
    with transaction.atomic():
        task = _locked(task_id)
        if task.state != TaskState.REFUSED:
            return
        task.uuid, task.state, task.asked_at, task.next_try_at = uuid.uuid4(), TaskState.WAITING, None, at
        task.save()


def record_document(task_id: int, document: Registered, *, at: datetime) -> None:
    """Keep the attributes of the document that the device made for a task; a second time changes nothing."""
    with transaction.atomic():
        task = _locked(task_id)
        if task.state == TaskState.DONE:
            return
        row = FiscalDocument.objects.create(task=task, recorded_at=at, **asdict(document))
        _finish(task)
        facts = {
            "task_id": task.pk,
            "operation_id": task.operation_id,
            "fn": row.fn_number,
            "number": row.document_number,
            "sign": row.sign,
        }
        audit.record("payments.record_document", target_kind="fiscal_task", target_id=task.pk, at=at, data=facts)
        outbox.record("payments.document_registered", at=at, payload=facts)


def record_answer(task_id: int, answer: Mapping[str, Any], *, at: datetime) -> None:
    """Keep what the device said to a task that makes no document (cash in or out, counters)."""
    with transaction.atomic():
        task = _locked(task_id)
        if task.state == TaskState.DONE:
            return
        task.answer = dict(answer)
        _finish(task)
        audit.record("payments.record_answer", target_kind="fiscal_task", target_id=task.pk, at=at, data=dict(answer))


def refuse_task(task_id: int, *, problem: str, text: str, at: datetime) -> None:
    """Note that the device refused a task (`problem` is a code for words, `text` its own); it is tried again later."""
    with transaction.atomic():
        task = _locked(task_id)
        if task.state in FINISHED:
            return
        task.state, task.problem, task.problem_text = TaskState.REFUSED, problem[:40], text[:300]
        task.next_try_at = at + PAUSE
        task.save()
        data = {"problem": problem, "text": text[:300], "uuid": str(task.uuid)}
        audit.record("payments.refuse_task", target_kind="fiscal_task", target_id=task.pk, at=at, data=data)


def postpone_task(task_id: int, *, problem: str, at: datetime) -> None:
    """Note that the device did not answer; the same UUID is asked for again later."""
    with transaction.atomic():
        task = _locked(task_id)
        if task.state == TaskState.WAITING:
            task.problem, task.problem_text, task.next_try_at = problem[:40], "", at + PAUSE
            task.save()


def try_again_now(task_id: int, *, at: datetime) -> None:
    """Ask the device at once for a task that waits or was refused: somebody mended it."""
    with transaction.atomic():
        task = _locked(task_id)
        waiting = FiscalTask.objects.filter(shift__till_id=task.shift.till_id).exclude(state__in=FINISHED)
        for row in waiting.select_for_update().order_by("id"):
            row.next_try_at = at
            row.save(update_fields=["next_try_at"])
        wake_the_printer()
        audit.record("payments.try_again_now", target_kind="fiscal_task", target_id=task.pk, at=at)


def _locked(task_id: int) -> FiscalTask:
    lock_row("payments_fiscal_task", task_id)
    return FiscalTask.objects.select_related("shift").get(pk=task_id)


def _finish(task: FiscalTask) -> None:
    task.state, task.problem, task.problem_text = TaskState.DONE, "", ""
    task.save()

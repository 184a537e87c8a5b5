"""The work of the job: for each till with something to do, its tasks in order, each asked for once.

Killed at any point, the next run goes on: the UUID was written down before the device was asked, and what the device
did under it is fetched, not done again. Two runs at once do no harm either, for the UUID is the same.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from django.conf import settings

from svet.domains.payments import actions, queries
from svet.domains.payments.queries import DueTask, TillRow
from svet.domains.payments.rules.tills import TaskState
from svet.surfaces.gates.fiscal.atol import AtolServer
from svet.surfaces.gates.fiscal.device import Answer, Done, FiscalDevice, NotYet, Refusal, Silent, Task, Unknown

log = structlog.get_logger("svet.fiscal")

LOOKS, PAUSE_SECONDS = 20, 0.5
"""How often, and how long apart, a device that prints is looked at before the next run takes over."""

Clock = Callable[[], datetime]


def print_waiting(now: Clock) -> int:
    """Have the devices do what waits; return how many tasks were carried out."""
    return sum(_work(queries.till(till_id), now) for till_id in queries.tills_that_wait(now()))


def device_of(till: TillRow) -> FiscalDevice:
    """Return the device of a till by its protocol."""
    secret = os.environ.get(till.secret_name, "") if till.secret_name else ""
    return AtolServer(till.device_url, taxation=settings.FISCAL_TAXATION, vat=settings.FISCAL_VAT, secret=secret)


def _work(till: TillRow, now: Clock) -> int:
    device, done, seen = device_of(till), 0, set[int]()
    while task := queries.next_task(till.till_id, at=now(), seen=seen):
        seen.add(task.task_id)
        if task.state == TaskState.REFUSED:
            actions.ask_anew(task.task_id, at=now())
            seen.discard(task.task_id)
            continue
        try:
            answer = _carried_out(device, task, now)
        except Silent as silence:
            log.warning("fiscal_device_is_silent", till=till.code, task=task.task_id, problem=silence.problem)
            actions.postpone_task(task.task_id, problem=silence.problem, at=now())
            return done
        if isinstance(answer, NotYet | Unknown):
            actions.postpone_task(task.task_id, problem=getattr(answer, "problem", "silent"), at=now())
            return done
        done += _record(task, answer, now)
    return done


def _carried_out(device: FiscalDevice, task: DueTask, now: Clock) -> Answer:
    """Ask for a task if the device does not know it yet, and wait a little for what becomes of it."""
    given = Task(task.kind, task.payload, task.cashier)
    answer: Answer = device.answer(task.uuid) if task.was_asked else Unknown()
    if isinstance(answer, Unknown):
        if not actions.mark_asked(task.task_id, at=now()):
            return NotYet()  # A correction took its place meanwhile.
        refusal = device.ask(task.uuid, given)
        if refusal is not None:
            return refusal
        answer = device.answer(task.uuid)
    for _ in range(LOOKS):
        if not (isinstance(answer, NotYet) and answer.problem == "busy"):
            break
        time.sleep(PAUSE_SECONDS)
        answer = device.answer(task.uuid)
    return answer


def _record(task: DueTask, answer: Refusal | Done, now: Clock) -> int:
    if isinstance(answer, Refusal):
        log.warning("fiscal_device_refused", task=task.task_id, problem=answer.problem)
        actions.refuse_task(task.task_id, problem=answer.problem, text=answer.text, at=now())
        return 0
    if answer.document is not None:
        actions.record_document(task.task_id, answer.document, at=now())
    else:
        actions.record_answer(task.task_id, answer.answer, at=now())
    return 1

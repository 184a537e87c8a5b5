"""What the fiscal device is asked for: in order, once, by a number of its own."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction

from svet.domains.payments import actions, queries
from svet.domains.payments.models import FiscalDocument, FiscalTask, TillOperation
from svet.domains.payments.rules.tills import TaskKind, TaskState
from svet.domains.payments.tests.makers import NOW, a_charge, an_account
from svet.domains.payments.tests.till_makers import (
    a_document,
    a_shift,
    close,
    give_back,
    kinds,
    take,
)
from svet.infra import jobs
from svet.infra.models import Fact
from svet.kernel.errors import DomainError


@pytest.fixture
def account(db):
    return an_account(1)


def test_operations_and_documents_are_never_rewritten(account):
    take(a_shift())
    task = FiscalTask.objects.get(kind=TaskKind.SELL)
    actions.record_document(task.pk, a_document(), at=NOW)

    for model, change in ((TillOperation, {"number": 9}), (FiscalDocument, {"sign": "9"})):
        with pytest.raises(ProgrammingError), transaction.atomic():
            model.objects.update(**change)


def test_the_device_is_asked_for_each_thing_in_order(account):
    a_charge(account, amount="300.00", month=date(2026, 5, 1))
    shift_id = a_shift()
    give_back(take(shift_id))
    close(shift_id, "1000.00")

    assert kinds() == ["open_shift", "cash_in", "sell", "sell_return", "counters", "close_shift"]
    sell, back = FiscalTask.objects.get(kind="sell"), FiscalTask.objects.get(kind="sell_return")
    assert sell.payload["positions"] == [
        {"amount": "300.00", "is_advance": False},
        {"amount": "112.30", "is_advance": True},
    ]
    assert back.payload == sell.payload


def test_an_unanswered_task_holds_up_the_rest_a_refused_one_does_not(account):
    shift_id = a_shift(opening_float="0")
    take(shift_id, "1.00")
    opening = queries.next_task(queries.tills_that_wait(NOW)[0], at=NOW)
    assert opening.kind == TaskKind.OPEN_SHIFT

    actions.postpone_task(opening.task_id, problem="silent", at=NOW)
    assert queries.next_task(opening.till_id, at=NOW) is None

    actions.refuse_task(opening.task_id, problem="no_paper", text="Нет бумаги", at=NOW)
    assert queries.next_task(opening.till_id, at=NOW).kind == TaskKind.SELL


def test_a_return_waits_for_the_receipt_of_what_it_returns(account):
    shift_id = a_shift(opening_float="5000")
    till_id = queries.shift(shift_id).till_id
    give_back(take(shift_id))
    for kind in ("open_shift", "cash_in"):
        actions.record_answer(FiscalTask.objects.get(kind=kind).pk, {}, at=NOW)
    sell = FiscalTask.objects.get(kind="sell")
    actions.refuse_task(sell.pk, problem="no_paper", text="", at=NOW)
    assert queries.next_task(till_id, at=NOW) is None

    actions.record_document(sell.pk, a_document(), at=NOW)
    assert queries.next_task(till_id, at=NOW).kind == TaskKind.SELL_RETURN


def test_only_a_refused_task_gets_a_new_uuid(account):
    take(a_shift())
    task = FiscalTask.objects.get(kind="sell")
    first = task.uuid
    actions.mark_asked(task.pk, at=NOW)
    actions.postpone_task(task.pk, problem="silent", at=NOW)
    actions.ask_anew(task.pk, at=NOW)
    task.refresh_from_db()
    assert (task.uuid, task.asked_at) == (first, NOW)

    actions.refuse_task(task.pk, problem="no_paper", text="", at=NOW)
    actions.ask_anew(task.pk, at=NOW)
    task.refresh_from_db()
    assert task.uuid != first
    assert (task.state, task.asked_at) == (TaskState.WAITING, None)


def test_a_document_is_recorded_once(account):
    take(a_shift())
    task = FiscalTask.objects.get(kind="sell")

    actions.record_document(task.pk, a_document(), at=NOW)
    actions.record_document(task.pk, a_document(72), at=NOW)
    actions.refuse_task(task.pk, problem="no_paper", text="", at=NOW)

    assert FiscalDocument.objects.get().document_number == 71
    assert Fact.objects.filter(name="payments.document_registered").count() == 1


def test_somebody_who_mended_the_device_has_all_tried_again_at_once(account):
    take(a_shift())
    for task in FiscalTask.objects.all():
        actions.postpone_task(task.pk, problem="silent", at=NOW)
    assert queries.tills_that_wait(NOW) == []

    actions.try_again_now(FiscalTask.objects.get(kind="sell").pk, at=NOW)

    assert len(queries.tills_that_wait(NOW)) == 1


@pytest.mark.django_db(transaction=True)
def test_the_job_is_woken_when_money_is_committed_and_only_then():
    an_account(1)
    shift_id = a_shift()
    forget_jobs()
    with pytest.raises(DomainError):
        take(shift_id, "0")
    assert not jobs.is_busy(actions.PRINTER)

    take(shift_id)
    take(shift_id)

    assert jobs.is_busy(actions.PRINTER)
    forget_jobs()


def forget_jobs():
    """Empty the queue: it outlives a test."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queueing_lock = %s", [actions.PRINTER])

"""A correction receipt (чек коррекции, 54-ФЗ): for money that moved at a till without its receipt in time.

No money moves by it. An operation has one receipt or one correction: the ordinary task, where there was one, is
dropped in the same transaction, and the device is never asked for it again.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from svet.domains.ledger import queries as ledger_queries
from svet.domains.payments.actions.tills import ask_device
from svet.domains.payments.models import FiscalTask, TillOperation, TillShift
from svet.domains.payments.rules.tills import (
    CORRECTIONS,
    GROUND_NUMBER,
    CorrectionType,
    Ground,
    Missing,
    OperationKind,
    TaskState,
    missing_receipt,
    positions,
)
from svet.infra import audit, outbox
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotAllowed, NotFound


def correct_receipt(
    operation_id: int,
    *,
    ground: Ground,
    reason: str,
    by: int,
    at: datetime,
    is_sure: bool = False,
    may_correct_others: bool = False,
) -> bool:
    """Have the till's device make a correction receipt of an operation; return False when that was asked before.

    It is made in the open shift of the same till. `is_sure`: somebody looked that a device that fell silent made no
    receipt. Raises NotFound("operation_not_found"), NotAllowed("operation_of_another_cashier"),
    DomainError("reason_is_missing" | "ground_day_is_wrong" | "ground_number_is_missing" | "ground_number_is_long" |
    "device_may_have_printed" | "no_open_fiscal_shift"), Conflict("receipt_is_there" | "receipt_is_being_made" |
    "sale_has_no_receipt").
    """
    _check_ground(ground, reason=reason, at=at)
    with transaction.atomic():
        row = TillOperation.objects.select_related("shift__till", "payment").filter(pk=operation_id).first()
        if row is None:
            raise NotFound("operation_not_found", operation_id=operation_id)
        if row.made_by != by and not may_correct_others:
            raise NotAllowed("operation_of_another_cashier")
        shift = _open_shift(row)
        lock_row("payments_till_operation", row.pk)
        if FiscalTask.objects.filter(corrects=row).exists():
            return False
        _drop_ordinary(row, is_sure=is_sure)
        told = {"type": ground.type.value, "on": ground.on.isoformat(), "number": ground.number.strip()}
        payload = {**_receipt(row), "ground": told}
        ask_device(shift, CORRECTIONS[OperationKind(row.kind)], at=at, corrects=row, payload=payload)
        account_id = row.payment.account_id if row.payment else None
        facts = {"operation_id": row.pk, "shift_id": shift.pk, "amount": str(row.amount), **told}
        audit.record(
            "payments.correct_receipt",
            target_kind="till_operation",
            target_id=row.pk,
            at=at,
            account_id=account_id,
            data={"before": {}, "after": facts},
            reason=reason.strip(),
        )
        outbox.record("payments.receipt_corrected", at=at, account_id=account_id, payload=facts)
    return True


def _check_ground(ground: Ground, *, reason: str, at: datetime) -> None:
    if not reason.strip():
        raise DomainError("reason_is_missing")
    if ground.on > at.astimezone(MOSCOW).date():
        raise DomainError("ground_day_is_wrong", on=ground.on)
    if ground.type == CorrectionType.ORDER and not ground.number.strip():
        raise DomainError("ground_number_is_missing")
    if len(ground.number.strip()) > GROUND_NUMBER:
        raise DomainError("ground_number_is_long", most=GROUND_NUMBER)


def _open_shift(row: TillOperation) -> TillShift:
    """Return the open shift of the operation's till, locked."""
    shift = TillShift.objects.filter(till=row.shift.till_id, closed_at=None, is_fiscal=True).first()
    if shift is not None:
        lock_row("payments_till_shift", shift.pk)
        shift.refresh_from_db()
    if shift is None or shift.closed_at is not None:
        raise DomainError("no_open_fiscal_shift", till=row.shift.till.name)
    return shift


def _drop_ordinary(row: TillOperation, *, is_sure: bool) -> None:
    """Let nobody ask for the ordinary receipt any more; raise where there is one, or may be one."""
    if OperationKind(row.kind) not in CORRECTIONS:
        raise DomainError("not_a_payment")
    if row.reverses_id is not None and not _has_receipt(row.reverses_id):
        raise Conflict("sale_has_no_receipt")
    task = FiscalTask.objects.filter(operation=row).first()
    if task is not None:
        lock_row("payments_fiscal_task", task.pk)
        task.refresh_from_db()
    found = (
        missing_receipt(None, was_asked=False, problem="")
        if task is None
        else missing_receipt(TaskState(task.state), was_asked=task.asked_at is not None, problem=task.problem)
    )
    if found == Missing.NOTHING:
        raise Conflict("receipt_is_there")
    if found == Missing.PRINTING:
        raise Conflict("receipt_is_being_made")
    if found == Missing.UNLESS_THE_DEVICE_DID and not is_sure:
        raise DomainError("device_may_have_printed")
    if task is not None:
        task.state = TaskState.DROPPED
        task.save(update_fields=["state"])


def _has_receipt(operation_id: int) -> bool:
    done = FiscalTask.objects.filter(operation_id=operation_id, state=TaskState.DONE)
    return done.exists() or FiscalTask.objects.filter(corrects_id=operation_id).exists()


def _receipt(row: TillOperation) -> dict[str, Any]:
    """Return what the receipt should have said; without a task, by what the account owed on the evening of that day."""
    task = FiscalTask.objects.filter(operation=row).first()
    if task is not None and task.payload:
        return {name: value for name, value in task.payload.items() if name != "receipt_to"}
    paid = row.payment
    owed = Decimal("0.00")
    if paid is not None and paid.account_id is not None:
        owed = ledger_queries.balance(paid.account_id, on=row.made_at.astimezone(MOSCOW).date())
    before = owed + row.amount if row.kind == OperationKind.PAYMENT else owed
    return {
        "means": row.means,
        "amount": str(row.amount),
        "account": paid.account_given if paid else "",
        "positions": [
            {"amount": str(p.amount), "is_advance": p.is_advance} for p in positions(row.amount, owed=before)
        ],
    }

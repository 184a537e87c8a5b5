"""Tills and their shifts: open a till, open a shift, close it with counted cash."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from svet.domains.access import queries as access
from svet.domains.payments.actions.sources import open_source
from svet.domains.payments.models import FiscalTask, PaymentSource, Till, TillOperation, TillShift
from svet.domains.payments.queries.tills import movements
from svet.domains.payments.rules import SourceKind
from svet.domains.payments.rules.tills import TaskKind, TaskState, Totals, totals
from svet.infra import audit, numbering, outbox
from svet.infra.jobs import defer_once
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from svet.kernel.money import exact_kopecks

PRINTER = "print_receipts"
"""The job that asks the fiscal devices (surfaces/gates/jobs.py); the timetable calls it every minute too."""
MOST_CASH = Decimal(10) ** 8


@dataclass(frozen=True, slots=True)
class ShiftResult:
    """A shift that was opened or closed; `is_new` False when this was done before."""

    shift_id: int
    is_new: bool


def open_till(
    code: str,
    *,
    name: str,
    at: datetime,
    office_code: str = "",
    device_url: str = "",
    secret_name: str = "",
    active: bool = True,
) -> int:
    """Open the till `code` with its channel of money, or give it these terms; return its id.

    `device_url` is the root of the fiscal device's server, empty when there is none; `secret_name` names the
    environment variable with its "login:password". Raises DomainError("device_address_is_wrong").
    """
    if device_url:
        try:
            URLValidator(schemes=["http", "https"])(device_url)
        except ValidationError as error:
            raise DomainError("device_address_is_wrong", address=device_url) from error
    with transaction.atomic():
        source_id = open_source(
            f"till-{code}", name=f"Касса: {name}", kind=SourceKind.CASH_DESK, at=at, min_amount=Decimal("0.01")
        )
        terms = {"name": name, "office_code": office_code, "secret_name": secret_name, "active": active}
        row, _ = Till.objects.update_or_create(
            code=code,
            defaults={**terms, "device_url": device_url, "source": PaymentSource.objects.get(pk=source_id)},
        )
        data = {"code": code, "office_code": office_code, "device_url": device_url, "active": active}
        audit.record("payments.open_till", target_kind="till", target_id=row.pk, at=at, data=data)
    return row.pk


def open_shift(
    till_id: int,
    *,
    cashier_id: int,
    opening_float: Decimal,
    request_key: str,
    at: datetime,
    without_device: bool = False,
) -> ShiftResult:
    """Open a shift of this cashier with so much cash in the drawer, once per `request_key`.

    `without_device` lets a till work that has no fiscal device: a decision of the installation. Raises NotFound,
    NotAllowed("till_of_another_office"), Conflict("till_is_taken" | "cashier_has_open_shift"),
    DomainError("till_is_closed" | "till_has_no_device" | "amount_is_wrong").
    """
    cash = counted_cash(opening_float)
    with transaction.atomic():
        lock_row("payments_till", till_id)
        done = TillShift.objects.filter(request_key=request_key).first()
        if done is not None:
            return ShiftResult(done.pk, is_new=False)
        till = Till.objects.get(pk=till_id)
        _check_till(till, cashier_id=cashier_id, without_device=without_device)
        row = TillShift(
            till=till,
            number=numbering.take(f"till:{till.pk}"),
            cashier_id=cashier_id,
            is_fiscal=bool(till.device_url),
            request_key=request_key,
            opened_at=at,
            opening_float=cash,
        )
        _save_open(row)
        ask_device(row, TaskKind.OPEN_SHIFT, at=at)
        if cash:
            ask_device(row, TaskKind.CASH_IN, at=at, payload={"amount": str(cash)})
        facts = {"shift_id": row.pk, "till": till.code, "number": row.number, "float": str(cash)}
        audit.record("payments.open_shift", target_kind="till_shift", target_id=row.pk, at=at, data=facts)
        outbox.record("payments.shift_opened", at=at, payload=facts)
    return ShiftResult(row.pk, is_new=True)


def close_shift(
    shift_id: int, *, counted: Decimal, explanation: str, by: int, at: datetime, may_close_others: bool = False
) -> ShiftResult:
    """Close a shift with the cash counted in its drawer; a second time changes nothing.

    Raises NotFound, NotAllowed("shift_of_another_cashier"), DomainError("amount_is_wrong" |
    "difference_is_unexplained", with what should be there).
    """
    cash = counted_cash(counted)
    with transaction.atomic():
        lock_row("payments_till_shift", shift_id)
        row = TillShift.objects.select_related("till").get(pk=shift_id)
        if row.cashier_id != by and not may_close_others:
            raise NotAllowed("shift_of_another_cashier")
        if row.closed_at is not None:
            return ShiftResult(row.pk, is_new=False)
        expected = totals_of(row).drawer
        if cash != expected and not explanation.strip():
            raise DomainError("difference_is_unexplained", expected=str(expected), counted=str(cash))
        row.closed_at, row.closed_by, row.expected, row.counted = at, by, expected, cash
        row.explanation = explanation.strip()
        row.save()
        ask_device(row, TaskKind.COUNTERS, at=at)
        ask_device(row, TaskKind.CLOSE_SHIFT, at=at)
        facts = {"shift_id": row.pk, "till": row.till.code, "expected": str(expected), "counted": str(cash)}
        audit.record(
            "payments.close_shift",
            target_kind="till_shift",
            target_id=row.pk,
            at=at,
            data=facts,
            reason=row.explanation,
        )
        outbox.record("payments.shift_closed", at=at, payload=facts)
    return ShiftResult(row.pk, is_new=True)


def totals_of(shift: TillShift) -> Totals:
    """Return the sums of a shift as it stands."""
    rows = TillOperation.objects.filter(shift=shift)
    return totals(movements(rows), opening_float=shift.opening_float)


def counted_cash(amount: Decimal) -> Decimal:
    """Return an amount of cash that may be nothing; raise DomainError("amount_is_wrong")."""
    try:
        exact = exact_kopecks(amount)
    except (ArithmeticError, ValueError) as error:
        raise DomainError("amount_is_wrong", amount=str(amount)[:40]) from error
    if not 0 <= exact <= MOST_CASH:
        raise DomainError("amount_is_wrong", amount=str(amount)[:40])
    return exact


def print_x_report(shift_id: int, *, by: int, at: datetime) -> bool:
    """Have the device print its own X report of the cashier's open shift; return False while one waits already.

    Raises NotFound("shift_not_found"), NotAllowed("shift_of_another_cashier"), Conflict("shift_is_closed"),
    DomainError("till_has_no_device").
    """
    with transaction.atomic():
        shift = shift_for_money(shift_id, by=by)
        if not shift.is_fiscal:
            raise DomainError("till_has_no_device", till=shift.till.name)
        waiting = FiscalTask.objects.filter(shift=shift, kind=TaskKind.REPORT_X).exclude(state=TaskState.DONE)
        if waiting.exists():
            return False
        ask_device(shift, TaskKind.REPORT_X, at=at)
        audit.record("payments.print_x_report", target_kind="till_shift", target_id=shift.pk, at=at)
    return True


def ask_device(
    shift: TillShift,
    kind: TaskKind,
    *,
    at: datetime,
    operation: TillOperation | None = None,
    corrects: TillOperation | None = None,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Write down what the fiscal device of this shift has to do and wake the job; nothing where there is no device."""
    if not shift.is_fiscal:
        return
    FiscalTask.objects.create(
        shift=shift,
        operation=operation,
        corrects=corrects,
        kind=kind,
        payload=dict(payload or {}),
        uuid=uuid.uuid4(),
        state=TaskState.WAITING,
        made_at=at,
        next_try_at=at,
    )
    wake_the_printer()


def wake_the_printer() -> None:
    """Have the job run as soon as this transaction is committed."""
    # Not inside it: two cashiers at once would wait for each other at the job's lock.
    transaction.on_commit(_wake)


def _wake() -> None:
    defer_once(PRINTER, queueing_lock=PRINTER, timestamp=0)  # one that waits will see this task too


def _check_till(till: Till, *, cashier_id: int, without_device: bool) -> None:
    if not till.active:
        raise DomainError("till_is_closed")
    office = access.office_of(cashier_id)
    if office and till.office_code and office != till.office_code:
        raise NotAllowed("till_of_another_office")
    if not till.device_url and not without_device:
        raise DomainError("till_has_no_device")
    taken = TillShift.objects.filter(till=till, closed_at=None).first()
    if taken is not None:
        names = access.names_of([taken.cashier_id])
        raise Conflict("till_is_taken", name=names.get(taken.cashier_id, ""))


def _save_open(row: TillShift) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise Conflict("cashier_has_open_shift") from error
        raise


def shift_for_money(shift_id: int, *, by: int) -> TillShift:
    """Return the cashier's own open shift, locked; raise NotFound, NotAllowed or Conflict("shift_is_closed")."""
    lock_row("payments_till_shift", shift_id)
    row = TillShift.objects.select_related("till__source").filter(pk=shift_id).first()
    if row is None:
        raise NotFound("shift_not_found", shift_id=shift_id)
    if row.cashier_id != by:
        raise NotAllowed("shift_of_another_cashier")
    if row.closed_at is not None:
        raise Conflict("shift_is_closed")
    return row

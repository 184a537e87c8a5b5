"""Tills, shifts and their operations as plain rows, with the receipts asked for and printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from svet.domains.payments.models import FiscalDocument, FiscalTask, Till, TillOperation, TillShift
from svet.domains.payments.rules.tills import (
    CORRECTIONS,
    FINISHED,
    CorrectionType,
    Ground,
    Means,
    Missing,
    Movement,
    OperationKind,
    TaskKind,
    TaskState,
    Totals,
    missing_receipt,
    totals,
)
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift; what was expected and counted is known when it is closed (roubles)."""

    shift_id: int
    till_id: int
    till_code: str
    till_name: str
    office_code: str
    number: int
    cashier_id: int
    is_fiscal: bool
    opened_at: datetime
    opening_float: Decimal
    closed_at: datetime | None
    closed_by: int | None
    expected: Decimal | None
    counted: Decimal | None
    explanation: str

    @property
    def difference(self) -> Decimal | None:
        """Counted less expected: plus when more lay in the drawer."""
        return None if self.counted is None or self.expected is None else self.counted - self.expected


@dataclass(frozen=True, slots=True)
class TillRow:
    """A cash desk; `shift` is the one open now."""

    till_id: int
    code: str
    name: str
    office_code: str
    device_url: str
    secret_name: str
    active: bool
    shift: ShiftRow | None
    left: Decimal


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """What the device registered."""

    fn_number: str
    document_number: int
    sign: str
    registration_number: str
    device_shift: int
    receipt_number: int | None
    total: Decimal | None
    registered_at: datetime
    is_on_paper: bool


@dataclass(frozen=True, slots=True)
class TaskRow:
    """What the device was asked for, and how far that is."""

    task_id: int
    kind: TaskKind
    state: TaskState
    problem: str
    problem_text: str
    was_asked: bool
    next_try_at: datetime
    answer: dict[str, Any]
    document: DocumentRow | None


@dataclass(frozen=True, slots=True)
class OperationRow:
    """Money in or out; `amount` is positive, the kind says which way."""

    operation_id: int
    shift: ShiftRow
    number: int
    kind: OperationKind
    means: Means
    amount: Decimal
    cash_given: Decimal | None
    slip: str
    payment_id: int | None
    account_number: str
    made_at: datetime
    made_by: int
    reason: str
    reverses_id: int | None
    reversed_by_id: int | None
    task: TaskRow | None
    correction: TaskRow | None

    @property
    def may_be_corrected(self) -> bool:
        """Whether a correction receipt may be made for it."""
        return self.missing in {Missing.SURELY, Missing.UNLESS_THE_DEVICE_DID}

    @property
    def missing(self) -> Missing:
        """Whether this is a customer's money that lacks its receipt."""
        if self.kind not in CORRECTIONS or self.correction is not None:
            return Missing.NOTHING
        task = self.task
        if task is None:
            return missing_receipt(None, was_asked=False, problem="")
        return missing_receipt(task.state, was_asked=task.was_asked, problem=task.problem)

    @property
    def code(self) -> str:
        """Till, shift and number: what people call the operation."""
        return f"{self.shift.till_code}-{self.shift.number}-{self.number}"

    @property
    def change(self) -> Decimal | None:
        """What the payer got back of the cash he gave; None where no cash was counted."""
        return None if self.cash_given is None else self.cash_given - self.amount


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction receipt asked for in a shift: of which operation, for how much, by which ground."""

    operation_id: int
    code: str
    kind: OperationKind
    account_number: str
    amount: Decimal
    ground: Ground
    task: TaskRow


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """Everything about a shift: sums, operations from the first, and what the device counted at its end."""

    shift: ShiftRow
    totals: Totals
    operations: tuple[OperationRow, ...]
    tasks: tuple[TaskRow, ...]
    corrections: tuple[CorrectionRow, ...]

    @property
    def counters(self) -> dict[str, Any]:
        """The device's own sums, empty while it was not asked."""
        return next((task.answer for task in self.tasks if task.kind == TaskKind.COUNTERS), {})

    @property
    def unprinted(self) -> int:
        """How many documents the device has not made yet."""
        return sum(task.state not in FINISHED for task in self.tasks)


def tills() -> list[TillRow]:
    """Return all tills by code, each with its open shift."""
    return [_till_row(row) for row in Till.objects.order_by("code")]


def offices_with_a_till() -> frozenset[str]:
    """Return the offices in which a till is in use; a till of no office is in none."""
    return frozenset(Till.objects.filter(active=True).exclude(office_code="").values_list("office_code", flat=True))


def till(till_id: int) -> TillRow:
    """Return one till; raise NotFound("till_not_found")."""
    found = Till.objects.filter(pk=till_id).first()
    if found is None:
        raise NotFound("till_not_found", till_id=till_id)
    return _till_row(found)


def open_shift_of(cashier_id: int) -> ShiftRow | None:
    """Return the shift that this cashier has open, if any."""
    found = TillShift.objects.select_related("till").filter(cashier_id=cashier_id, closed_at=None).first()
    return None if found is None else shift_row(found)


def shift(shift_id: int) -> ShiftRow:
    """Return one shift; raise NotFound("shift_not_found")."""
    found = TillShift.objects.select_related("till").filter(pk=shift_id).first()
    if found is None:
        raise NotFound("shift_not_found", shift_id=shift_id)
    return shift_row(found)


def shifts(*, since: date, limit: int = 200) -> list[ShiftRow]:
    """Return the shifts opened on `since` or later, and all that are open, the latest first."""
    rows = TillShift.objects.select_related("till").filter(opened_at__date__gte=since)
    rows = rows | TillShift.objects.select_related("till").filter(closed_at=None)
    return [shift_row(row) for row in rows.order_by("-opened_at", "-id")[:limit]]


def shifts_of(cashier_id: int, *, limit: int = 20) -> list[ShiftRow]:
    """Return a cashier's shifts, the latest first."""
    rows = TillShift.objects.select_related("till").filter(cashier_id=cashier_id).order_by("-opened_at", "-id")
    return [shift_row(row) for row in rows[:limit]]


def operation(operation_id: int) -> OperationRow:
    """Return one operation; raise NotFound("operation_not_found")."""
    found = _operations().filter(pk=operation_id).first()
    if found is None:
        raise NotFound("operation_not_found", operation_id=operation_id)
    return _operation_row(found)


def operation_of_payment(payment_id: int) -> OperationRow | None:
    """Return the operation by which a payment was taken at a till, None for money that came another way."""
    found = _operations().filter(payment_id=payment_id, kind=OperationKind.PAYMENT).first()
    return None if found is None else _operation_row(found)


def report(shift_id: int) -> ShiftReport:
    """Return a shift with its sums and operations, in a constant number of queries; raise NotFound."""
    row = shift(shift_id)
    operations = tuple(_operation_row(one) for one in _operations().filter(shift_id=shift_id).order_by("number"))
    tasks = FiscalTask.objects.select_related("document").filter(shift_id=shift_id).order_by("id")
    return ShiftReport(
        shift=row,
        totals=totals(movements(operations), opening_float=row.opening_float),
        operations=operations,
        tasks=tuple(task_row(one) for one in tasks),
        corrections=_corrections(shift_id),
    )


def movements(rows: Iterable[OperationRow | TillOperation]) -> list[Movement]:
    """Return operations as the sums need them."""
    return [Movement(OperationKind(row.kind), Means(row.means), row.amount) for row in rows]


def shift_row(row: TillShift) -> ShiftRow:
    """Return a shift (with its till) as plain data."""
    return ShiftRow(
        shift_id=row.pk,
        till_id=row.till_id,
        till_code=row.till.code,
        till_name=row.till.name,
        office_code=row.till.office_code,
        number=row.number,
        cashier_id=row.cashier_id,
        is_fiscal=row.is_fiscal,
        opened_at=row.opened_at,
        opening_float=row.opening_float,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        expected=row.expected,
        counted=row.counted,
        explanation=row.explanation,
    )


def task_row(row: FiscalTask) -> TaskRow:
    """Return a task (with its document) as plain data."""
    document: FiscalDocument | None = getattr(row, "document", None)
    return TaskRow(
        task_id=row.pk,
        kind=TaskKind(row.kind),
        state=TaskState(row.state),
        problem=row.problem,
        problem_text=row.problem_text,
        was_asked=row.asked_at is not None,
        next_try_at=row.next_try_at,
        answer=row.answer,
        document=None if document is None else _document_row(document),
    )


def _document_row(row: FiscalDocument) -> DocumentRow:
    return DocumentRow(
        fn_number=row.fn_number,
        document_number=row.document_number,
        sign=row.sign,
        registration_number=row.registration_number,
        device_shift=row.device_shift,
        receipt_number=row.receipt_number,
        total=row.total,
        registered_at=row.registered_at,
        is_on_paper=row.is_on_paper,
    )


def _till_row(row: Till) -> TillRow:
    latest = row.shifts.select_related("till").order_by("-number").first()
    is_open = latest is not None and latest.closed_at is None
    return TillRow(
        till_id=row.pk,
        code=row.code,
        name=row.name,
        office_code=row.office_code,
        device_url=row.device_url,
        secret_name=row.secret_name,
        active=row.active,
        shift=shift_row(latest) if latest is not None and is_open else None,
        left=latest.counted if latest is not None and latest.counted is not None else Decimal("0.00"),
    )


def _operations() -> Any:
    tasks = [Prefetch(name, FiscalTask.objects.select_related("document")) for name in ("task", "correction")]
    related = ("shift__till", "payment__account", "reversed_by")
    return TillOperation.objects.select_related(*related).prefetch_related(*tasks)


def _corrections(shift_id: int) -> tuple[CorrectionRow, ...]:
    related = ("document", "corrects__shift__till", "corrects__payment")
    rows = FiscalTask.objects.select_related(*related).filter(shift_id=shift_id, corrects__isnull=False).order_by("id")
    return tuple(
        CorrectionRow(
            operation_id=one.pk,
            code=f"{one.shift.till.code}-{one.shift.number}-{one.number}",
            kind=OperationKind(one.kind),
            account_number=one.payment.account_given if one.payment else "",
            amount=one.amount,
            ground=ground_of(row.payload["ground"]),
            task=task_row(row),
        )
        for row in rows
        if (one := row.corrects) is not None
    )


def ground_of(told: dict[str, Any]) -> Ground:
    """Return the ground of a correction out of its task's payload."""
    return Ground(CorrectionType(told["type"]), date.fromisoformat(told["on"]), told["number"])


def _operation_row(row: TillOperation) -> OperationRow:
    task: FiscalTask | None = getattr(row, "task", None)
    correction: FiscalTask | None = getattr(row, "correction", None)
    reversed_by: TillOperation | None = getattr(row, "reversed_by", None)
    return OperationRow(
        operation_id=row.pk,
        shift=shift_row(row.shift),
        number=row.number,
        kind=OperationKind(row.kind),
        means=Means(row.means),
        amount=row.amount,
        cash_given=row.cash_given,
        slip=row.slip,
        payment_id=row.payment_id,
        account_number=row.payment.account_given if row.payment else "",
        made_at=row.made_at,
        made_by=row.made_by,
        reason=row.reason,
        reverses_id=row.reverses_id,
        reversed_by_id=reversed_by.pk if reversed_by else None,
        task=task_row(task) if task else None,
        correction=task_row(correction) if correction else None,
    )

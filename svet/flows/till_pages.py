"""What the pages of the till show: a cashier's shift, what an account owes, an operation with its receipt, reports.

Names of people come from `access`, the address of the office from `offices`; nothing here changes anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from svet.domains.access import queries as access
from svet.domains.accounts import queries as accounts
from svet.domains.ledger import queries as ledger
from svet.domains.ledger.queries import Debt
from svet.domains.offices import queries as offices
from svet.domains.offices.queries import CompanyView
from svet.domains.payments import queries as payments
from svet.domains.payments.queries import OperationRow, ShiftReport, ShiftRow, TaskRow, TillRow
from svet.domains.payments.rules.tills import (
    CounterLine,
    Missing,
    OperationKind,
    TaskState,
    against_device,
    is_over,
    receipt_code,
)
from svet.infra.clock import MOSCOW
from svet.kernel.errors import NotFound

DAYS_SHOWN = 31


@dataclass(frozen=True, slots=True)
class TillHome:
    """A cashier's page: his open shift, or the tills at which he may open one."""

    report: ShiftReport | None
    is_too_long: bool
    tills: tuple[TillRow, ...]
    past: tuple[ShiftRow, ...]


@dataclass(frozen=True, slots=True)
class PayPage:
    """What an account owes now; minus in `balance` is an advance."""

    address: str
    balance: Decimal
    debts: tuple[Debt, ...]
    shift: ShiftRow | None
    is_too_long: bool


@dataclass(frozen=True, slots=True)
class OperationPage:
    """An operation, who made it, and the text of its receipt's QR code (empty while there is no receipt)."""

    row: OperationRow
    cashier: str
    code: str
    may_give_back: bool
    may_correct: bool

    @property
    def task(self) -> TaskRow | None:
        """What the device makes of it: the receipt of its time, or the correction in place of that."""
        return self.row.correction or self.row.task

    @property
    def is_waiting(self) -> bool:
        """Whether the device has not answered yet."""
        return self.task is not None and self.task.state == TaskState.WAITING

    @property
    def must_be_sure(self) -> bool:
        """Whether only the tape or the operator of fiscal data tells if there is a receipt."""
        return self.row.missing == Missing.UNLESS_THE_DEVICE_DID


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The report of a shift: X while it is open, Z when it is closed."""

    report: ShiftReport
    cashier: str
    closed_by: str
    office: str
    company: CompanyView
    counters: tuple[CounterLine, ...]
    made_at: datetime

    @property
    def is_final(self) -> bool:
        """Whether nothing will be added any more."""
        return self.report.shift.closed_at is not None


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A shift in a list, with its cashier's name."""

    shift: ShiftRow
    cashier: str
    is_too_long: bool


def till_home(user_id: int, *, at: datetime) -> TillHome:
    """Return the page of a cashier."""
    shift = payments.open_shift_of(user_id)
    office = access.office_of(user_id)
    mine = [one for one in payments.tills() if one.active and (not office or one.office_code in {"", office})]
    return TillHome(
        report=None if shift is None else payments.report(shift.shift_id),
        is_too_long=shift is not None and is_over(shift.opened_at, at=at),
        tills=() if shift else tuple(mine),
        past=tuple(one for one in payments.shifts_of(user_id) if one.closed_at),
    )


def till_for(user_id: int, till_id: int) -> tuple[TillRow, str]:
    """Return a till and the name of who has a shift open at it; raise NotFound."""
    till = payments.till(till_id)
    names = access.names_of([till.shift.cashier_id]) if till.shift else {}
    return till, names.get(till.shift.cashier_id, "") if till.shift else ""


def pay_page(account_id: int, *, user_id: int, at: datetime) -> PayPage:
    """Return what an account owes, and the shift in which this cashier may take it."""
    shift = payments.open_shift_of(user_id)
    return PayPage(
        address=accounts.card(account_id, on=at.date()).address,
        balance=ledger.balance(account_id),
        debts=tuple(ledger.debts(account_id)),
        shift=shift,
        is_too_long=shift is not None and is_over(shift.opened_at, at=at),
    )


def operation_page(operation_id: int, *, user_id: int | None) -> OperationPage:
    """Return an operation of this cashier, with None anybody's; raise NotFound("operation_not_found")."""
    row = payments.operation(operation_id)
    if user_id is not None and row.shift.cashier_id != user_id:
        raise NotFound("operation_not_found", operation_id=operation_id)
    task = row.correction or row.task
    document = task.document if task else None
    code = ""
    if document is not None:
        code = receipt_code(
            registered_at=document.registered_at.astimezone(MOSCOW),
            total=document.total if document.total is not None else row.amount,
            fn=document.fn_number,
            document=document.document_number,
            sign=document.sign,
            is_return=row.kind == OperationKind.REFUND,
        )
    return OperationPage(
        row=row,
        cashier=access.names_of([row.made_by]).get(row.made_by, ""),
        code=code if row.kind in {OperationKind.PAYMENT, OperationKind.REFUND} else "",
        may_give_back=row.kind == OperationKind.PAYMENT and not row.reversed_by_id and row.shift.closed_at is None,
        may_correct=row.may_be_corrected,
    )


def shift_report(shift_id: int, *, at: datetime, cashier_id: int | None = None) -> ReportPage:
    """Return the report of a shift; with `cashier_id` raise NotFound("shift_not_found") for another's."""
    report = payments.report(shift_id)
    shift = report.shift
    if cashier_id is not None and shift.cashier_id != cashier_id:
        raise NotFound("shift_not_found", shift_id=shift_id)
    names = access.names_of([shift.cashier_id, shift.closed_by])
    return ReportPage(
        report=report,
        cashier=names.get(shift.cashier_id, ""),
        closed_by=names.get(shift.closed_by or 0, ""),
        office=_office(shift.office_code),
        company=offices.company(on=at.date()),
        counters=tuple(against_device(report.totals, counters=report.counters)),
        made_at=at,
    )


def all_shifts(*, at: datetime) -> list[ShiftLine]:
    """Return the shifts of all tills for a month, and all that are open."""
    rows = payments.shifts(since=at.date() - timedelta(days=DAYS_SHOWN))
    names = access.names_of(row.cashier_id for row in rows)
    return [
        ShiftLine(row, names.get(row.cashier_id, ""), row.closed_at is None and is_over(row.opened_at, at=at))
        for row in rows
    ]


def _office(code: str) -> str:
    try:
        return offices.office(code).address if code else ""
    except NotFound:
        return ""

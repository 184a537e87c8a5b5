"""Reads of issued bills: the list of an account, one bill. What a printed bill needs is in `documents`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from svet.domains.billing.models import Bill, Charge
from svet.domains.billing.rules import RunKind, RunState
from svet.domains.billing.rules.documents import bill_number
from svet.domains.metering.rules import VolumeBasis
from svet.infra.planned import planned_rows
from svet.kernel.errors import NotFound
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class BillRow:
    """One bill as lists show it, in roubles and kWh."""

    bill_id: int
    account_id: int
    month: Month
    number: str
    issued_on: date
    due_on: date
    kwh: Decimal
    opening: Decimal
    charged: Decimal
    corrected: Decimal
    penalties: Decimal
    paid: Decimal
    closing: Decimal

    @property
    def to_pay(self) -> Decimal:
        """What is to be paid: nothing when the account has an advance."""
        return max(self.closing, Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """One charge of an account, for lists that lead to its explanation."""

    charge_id: int
    month: Month
    version: int
    supply_point_id: int
    kwh: Decimal
    amount: Decimal
    basis: VolumeBasis
    estimated_months: int


@dataclass(frozen=True, slots=True)
class LastBill:
    """The last bill of an account that left, while it stands: its run takes it back."""

    run_id: int
    bill: BillRow


def last_bill_of(account_id: int) -> LastBill | None:
    """Return the account's last bill that was not taken back, None where there is none."""
    final = Bill.objects.filter(account_id=account_id, run__kind=RunKind.FINAL).exclude(run__state=RunState.CANCELLED)
    found = final.order_by("-month", "-pk").first()
    return None if found is None else LastBill(found.run_id, bill(account_id, found.pk))


_BILLS = """
SELECT id, account_id, month, number, issued_on, due_on, snapshot->>'kwh', opening, charged, corrected, penalties, paid,
    closing
FROM billing_bill WHERE account_id = %s ORDER BY month DESC, id DESC LIMIT %s
"""


def bills_of(account_id: int, *, limit: int | None = None) -> list[BillRow]:
    """Return the account's bills (at most `limit`), the newest first."""
    return [_row(*row) for row in planned_rows(_BILLS, [account_id, limit])]


def bill_of_month(account_id: int, *, month: Month) -> BillRow | None:
    """Return the account's latest bill of the month, None where there is none."""
    return next(iter(_rows(Bill.objects.filter(account_id=account_id, month=month.first_on).order_by("-pk")[:1])), None)


def bill(account_id: int, bill_id: int) -> BillRow:
    """Return one bill of the account; raise NotFound when it is not the account's."""
    found = _rows(Bill.objects.filter(account_id=account_id, pk=bill_id))
    if not found:
        raise NotFound(bill=bill_id)
    return found[0]


def account_of_bill(month: Month, *, number: int) -> int | None:
    """Return whose bill has this number of the month's series."""
    return Bill.objects.filter(month=month.first_on, number=number).values_list("account_id", flat=True).first()


def bill_numbers(account_id: int, *, charge_ids: Iterable[int]) -> dict[int, str]:
    """Return under which bill's number each of the account's charges stands; charges not yet billed are left out."""
    runs = dict(Charge.objects.filter(account_id=account_id, pk__in=list(charge_ids)).values_list("pk", "run_id"))
    issued = Bill.objects.filter(account_id=account_id, run_id__in=set(runs.values()) - {None})
    numbers = {
        run_id: bill_number(Month.of(month), number)
        for run_id, month, number in issued.values_list("run_id", "month", "number")
    }
    return {charge_id: numbers[run_id] for charge_id, run_id in runs.items() if run_id in numbers}


def charged_months(account_id: int) -> list[Month]:
    """Return the months that the account is charged for and the charge stands, the earliest first."""
    rows = Charge.objects.filter(account_id=account_id).values_list("pk", "month", "reverses_id")
    reversed_ids = {reverses for _, _, reverses in rows if reverses}
    standing = {month for pk, month, reverses in rows if reverses is None and pk not in reversed_ids}
    return [Month.of(month) for month in sorted(standing)]


def charges_of(account_id: int, *, month: Month | None = None, since: Month | None = None) -> list[ChargeRow]:
    """Return the account's charges (of one month, or of the months from `since` on), the newest first."""
    charges = Charge.objects.filter(account_id=account_id).order_by("-month", "supply_point_id", "-version")
    if month is not None:
        charges = charges.filter(month=month.first_on)
    if since is not None:
        charges = charges.filter(month__gte=since.first_on)
    told = charges.values_list(
        "pk", "month", "version", "supply_point_id", "kwh", "amount", "basis", "estimated_months"
    )
    return [
        ChargeRow(pk, Month.of(of), version, point_id, kwh, amount, VolumeBasis(basis), estimated)
        for pk, of, version, point_id, kwh, amount, basis, estimated in told
    ]


def _rows(bills: QuerySet[Bill]) -> list[BillRow]:
    money = ("opening", "charged", "corrected", "penalties", "paid", "closing")
    return [
        _row(
            row.pk,
            row.account_id,
            row.month,
            row.number,
            row.issued_on,
            row.due_on,
            row.snapshot["kwh"],
            *(getattr(row, name) for name in money),
        )
        for row in bills
    ]


def _row(bill_id: int, account_id: int, month: date, number: int, *told: Any) -> BillRow:
    issued_on, due_on, kwh, *money = told
    of = Month.of(month)
    return BillRow(bill_id, account_id, of, bill_number(of, number), issued_on, due_on, Decimal(kwh), *money)

"""Money at the till: taken from a customer, given back in the same shift, put into the drawer or taken out.

Each action happens once per `request_key`; the shift's row is locked first, so operations of a shift follow each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from svet.domains.ledger import queries as ledger_queries
from svet.domains.payments.actions.accepting import accept_payment
from svet.domains.payments.actions.tills import ask_device, counted_cash, shift_for_money, totals_of
from svet.domains.payments.actions.undoing import refund, reverse_payment
from svet.domains.payments.models import Refund, TillOperation, TillShift
from svet.domains.payments.queries import payable_account, payment
from svet.domains.payments.rules.tills import Means, OperationKind, TaskKind, change_due, is_over, is_slip, positions
from svet.infra import audit, outbox
from svet.kernel.errors import Conflict, DomainError, NotFound

TASKS = {
    OperationKind.PAYMENT: TaskKind.SELL,
    OperationKind.REFUND: TaskKind.SELL_RETURN,
    OperationKind.DEPOSIT: TaskKind.CASH_IN,
    OperationKind.WITHDRAWAL: TaskKind.CASH_OUT,
}


@dataclass(frozen=True, slots=True)
class OperationResult:
    """An operation of the till; `is_new` False when this request was carried out before."""

    operation_id: int
    is_new: bool


def take_payment(
    shift_id: int,
    *,
    account_number: str,
    amount: Decimal,
    means: Means,
    request_key: str,
    by: int,
    at: datetime,
    cash_given: Decimal | None = None,
    slip: str = "",
    receipt_to: str = "",
) -> OperationResult:
    """Take so many roubles for an account, in cash (`cash_given`) or by card (`slip` is the terminal's RRN).

    The receipt goes to the e-mail or phone `receipt_to` (in normal form) instead of paper where one is given.

    Raises NotFound("shift_not_found" | "account_not_found"), NotAllowed("shift_of_another_cashier"),
    Conflict("shift_is_closed" | "operation_differs"), DomainError("shift_is_too_long" | "amount_is_wrong" |
    "amount_is_out_of_limits" | "cash_is_short" | "slip_is_wrong" | "slip_is_used" | "account_is_settled").
    """
    roubles = _positive(amount)
    with transaction.atomic():
        shift = _begin(shift_id, request_key=request_key, by=by)
        if isinstance(shift, TillOperation):
            return _repeated(shift, amount=roubles, account_number=account_number)
        _check_time(shift, at=at)
        _check_limits(shift, amount=roubles)
        cash = _checked_means(roubles, means=means, cash_given=cash_given, slip=slip)
        owed, number = _owed(account_number), _next_number(shift)
        accepted = accept_payment(
            source_code=shift.till.source.code,
            external_id=f"{shift.till.code}-{shift.number}-{number}",
            account_number=account_number,
            amount=roubles,
            paid_at=at,
            received_at=at,
            details={"means": means.value, "slip": slip},
        )
        row = TillOperation(kind=OperationKind.PAYMENT, means=means, amount=roubles, payment_id=accepted.payment_id)
        row.cash_given, row.slip = cash, slip if means == Means.CARD else ""
        _record(row, shift=shift, request_key=request_key, by=by, at=at, account_id=accepted.account_id)
        lines = [{"amount": str(p.amount), "is_advance": p.is_advance} for p in positions(roubles, owed=owed)]
        receipt = {"means": means.value, "amount": str(roubles), "account": account_number, "positions": lines}
        _print(row, receipt | ({"receipt_to": receipt_to} if receipt_to else {}))
    return OperationResult(row.pk, is_new=True)


def give_back(
    operation_id: int,
    *,
    reason: str,
    request_key: str,
    by: int,
    at: datetime,
    slip: str = "",
    amount: Decimal | None = None,
) -> OperationResult:
    """Give back a payment, or the part `amount` of it, in the shift that took it, the way it was paid.

    After the whole the account owes that much again; a part comes out of what was paid too much. Once for a payment.

    Raises NotFound, NotAllowed("shift_of_another_cashier"), Conflict("shift_is_closed" | "payment_is_given_back" |
    "operation_differs"), DomainError("reason_is_missing" | "not_a_payment" | "amount_is_wrong" |
    "more_than_was_paid" | "refund_exceeds_credit" | "not_enough_cash" | "slip_is_wrong" | "slip_is_used" |
    "shift_is_too_long"). A second time with the same key changes nothing.
    """
    if not reason.strip():
        raise DomainError("reason_is_missing")
    paid = TillOperation.objects.select_related("payment").filter(pk=operation_id).first()
    if paid is None:
        raise NotFound("operation_not_found", operation_id=operation_id)
    roubles = paid.amount if amount is None else _positive(amount)
    with transaction.atomic():
        shift = _begin(paid.shift_id, request_key=request_key, by=by)
        if isinstance(shift, TillOperation):
            return _returned_before(shift, amount=roubles)
        _check_time(shift, at=at)
        payment_id = _returnable(paid, shift, slip=slip, amount=roubles)
        row = TillOperation(kind=OperationKind.REFUND, means=paid.means, amount=roubles, payment_id=payment_id)
        row.reverses, row.reason, row.slip = paid, reason.strip(), slip if paid.means == Means.CARD else ""
        account_id = _unpay(row, shift, request_key=request_key, by=by, at=at)
        _record(row, shift=shift, request_key=request_key, by=by, at=at, account_id=account_id)
        _print(row, _returned_receipt(paid, amount=roubles))
    return OperationResult(row.pk, is_new=True)


def move_cash(
    shift_id: int, *, kind: OperationKind, amount: Decimal, reason: str, request_key: str, by: int, at: datetime
) -> OperationResult:
    """Put cash into the drawer (DEPOSIT) or take it out to the bank or the safe (WITHDRAWAL).

    Raises as `take_payment` does, and DomainError("not_enough_cash" | "reason_is_missing").
    """
    roubles = _positive(amount)
    if not reason.strip():
        raise DomainError("reason_is_missing")
    with transaction.atomic():
        shift = _begin(shift_id, request_key=request_key, by=by)
        if isinstance(shift, TillOperation):
            return OperationResult(shift.pk, is_new=False)
        if kind == OperationKind.WITHDRAWAL:
            _check_drawer(shift, amount=roubles)
        row = TillOperation(kind=kind, means=Means.CASH, amount=roubles, reason=reason.strip())
        _record(row, shift=shift, request_key=request_key, by=by, at=at)
        _print(row, {"amount": str(roubles)})
    return OperationResult(row.pk, is_new=True)


def _begin(shift_id: int, *, request_key: str, by: int) -> TillShift | TillOperation:
    """Return what this request did already, else the cashier's open shift, locked."""
    done = _known(request_key)
    if done is None:
        shift = shift_for_money(shift_id, by=by)
        # Who waited for the lock may have waited for his own first request.
        done = _known(request_key)
    return done or shift


def _positive(amount: Decimal) -> Decimal:
    exact = counted_cash(amount)
    if not exact:
        raise DomainError("amount_is_wrong", amount=str(exact))
    return exact


def _known(request_key: str) -> TillOperation | None:
    return TillOperation.objects.select_related("payment").filter(request_key=request_key).first()


def _repeated(row: TillOperation, *, amount: Decimal, account_number: str) -> OperationResult:
    given = row.payment.account_given if row.payment else ""
    if (row.amount, given) != (amount, account_number):
        raise Conflict("operation_differs", amount=str(row.amount))
    return OperationResult(row.pk, is_new=False)


def _check_time(shift: TillShift, *, at: datetime) -> None:
    if is_over(shift.opened_at, at=at):
        raise DomainError("shift_is_too_long")


def _checked_means(amount: Decimal, *, means: Means, cash_given: Decimal | None, slip: str) -> Decimal | None:
    """Return the cash that was given, None for a card."""
    if means == Means.CARD:
        if not is_slip(slip):
            raise DomainError("slip_is_wrong")
        return None
    given = counted_cash(cash_given if cash_given is not None else amount)
    try:
        change_due(amount, given=given)
    except ValueError as error:
        raise DomainError("cash_is_short", missing=str(amount - given)) from error
    return given


def _owed(account_number: str) -> Decimal:
    account = payable_account(account_number)
    if account is None:
        raise NotFound("account_not_found", number=account_number)
    owed = ledger_queries.balance(account.account_id)
    if account.closed_on is not None and owed <= 0:
        raise DomainError("account_is_settled")
    return owed


def _check_limits(shift: TillShift, *, amount: Decimal) -> None:
    limits = shift.till.source
    if not limits.min_amount <= amount <= limits.max_amount:
        raise DomainError("amount_is_out_of_limits", least=str(limits.min_amount), most=str(limits.max_amount))


def _returned_before(row: TillOperation, *, amount: Decimal) -> OperationResult:
    if row.amount != amount:
        raise Conflict("operation_differs", amount=str(row.amount))
    return OperationResult(row.pk, is_new=False)


def _unpay(row: TillOperation, shift: TillShift, *, request_key: str, by: int, at: datetime) -> int | None:
    """Take the whole payment back, or a part out of what was paid too much; return the account."""
    paid, payment_id = row.reverses, row.payment_id
    if paid is None or payment_id is None:
        raise DomainError("not_a_payment")
    if row.amount == paid.amount:
        number = f"{shift.till.code}-{shift.number}-{_next_number(shift)}"
        result = reverse_payment(payment_id, reason=row.reason, at=at, external_id=number)
        if not result.is_new:
            raise Conflict("payment_is_given_back")
        return result.account_id
    account_id = payment(payment_id).account_id
    if account_id is None:
        raise DomainError("not_a_payment")
    refund(
        account_id,
        amount=row.amount,
        request_key=f"till:{request_key}"[:64],
        reason=row.reason,
        by=by,
        at=at,
        payment_id=payment_id,
    )
    return account_id


def _returned_receipt(paid: TillOperation, *, amount: Decimal) -> dict[str, Any]:
    """Return what the receipt of a return says: the receipt of the sale, or the part of it that was paid ahead."""
    sold = getattr(paid, "task", None)
    receipt: dict[str, Any] = dict(sold.payload) if sold else {}
    if receipt and amount != paid.amount:
        receipt |= {"amount": str(amount), "positions": [{"amount": str(amount), "is_advance": True}]}
    return receipt


def _returnable(paid: TillOperation, shift: TillShift, *, slip: str, amount: Decimal) -> int:
    """Return the payment to take back."""
    if paid.payment_id is None or paid.kind != OperationKind.PAYMENT:
        raise DomainError("not_a_payment")
    if TillOperation.objects.filter(reverses=paid).exists() or Refund.objects.filter(payment=paid.payment_id).exists():
        raise Conflict("payment_is_given_back")
    if paid.means == Means.CARD and not is_slip(slip):
        raise DomainError("slip_is_wrong")
    if amount > paid.amount:
        raise DomainError("more_than_was_paid", paid=str(paid.amount))
    if paid.means == Means.CASH:
        _check_drawer(shift, amount=amount)
    return paid.payment_id


def _check_drawer(shift: TillShift, *, amount: Decimal) -> None:
    drawer = totals_of(shift).drawer
    if amount > drawer:
        raise DomainError("not_enough_cash", drawer=str(drawer))


def _next_number(shift: TillShift) -> int:
    """Return the next number of the shift: gapless, for its row is locked."""
    return TillOperation.objects.filter(shift=shift).count() + 1


def _record(
    row: TillOperation, *, shift: TillShift, request_key: str, by: int, at: datetime, account_id: int | None = None
) -> None:
    """Append the operation with the next number of the shift; raise DomainError("slip_is_used")."""
    row.shift, row.number, row.request_key, row.made_by, row.made_at = shift, _next_number(shift), request_key, by, at
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation) and row.slip:
            raise DomainError("slip_is_used") from error
        raise
    facts: dict[str, Any] = {
        "operation_id": row.pk,
        "shift_id": row.shift_id,
        "kind": str(row.kind),
        "means": str(row.means),
        "amount": str(row.amount),
        "payment_id": row.payment_id,
    }
    audit.record(
        "payments.till_operation",
        target_kind="till_operation",
        target_id=row.pk,
        at=row.made_at,
        account_id=account_id,
        data=facts,
        reason=row.reason,
    )
    outbox.record("payments.till_operation_made", at=row.made_at, account_id=account_id, payload=facts)


def _print(row: TillOperation, payload: dict[str, Any]) -> None:
    ask_device(row.shift, TASKS[OperationKind(row.kind)], at=row.made_at, operation=row, payload=payload)

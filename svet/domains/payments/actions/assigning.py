"""Give unidentified money to its account, and move money from a wrong account to the right one.

Nothing is rewritten: an assignment is a new row, a move is a reversing entry at the wrong account and a new
entry at the right one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from svet.domains.ledger.rules import EntryKind
from svet.domains.payments.actions.booking import book, day_of, impatient_transaction, locked_payment
from svet.domains.payments.models import Payment, PaymentAssignment, PaymentReversal, Refund
from svet.domains.payments.queries import account_id_of
from svet.infra import audit, outbox
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class AssignmentResult:
    """Where a payment is now; `is_new` False when it was there already."""

    payment_id: int
    account_id: int
    is_new: bool


def assign_payment(
    payment_id: int,
    *,
    account_number: str,
    reason: str,
    by: int | None,
    at: datetime,
    named_month: Month | None = None,
) -> AssignmentResult:
    """Give unidentified money to the account with this number.

    Raises NotFound, Conflict("payment_has_an_account") when it is at another account already,
    Conflict("payment_is_reversed"), Conflict("payment_is_refunded") and DomainError("reason_is_missing").
    """
    with impatient_transaction():
        payment, last, right = _prepare(payment_id, account_number=account_number, reason=reason)
        wrong = last.account_id if last else payment.account_id
        if wrong == right:
            return AssignmentResult(payment_id, right, is_new=False)
        if wrong is not None:
            raise Conflict("payment_has_an_account", payment_id=payment_id)
        _move(payment, last=None, wrong=None, right=right, named_month=named_month, reason=reason, by=by, at=at)
    return AssignmentResult(payment_id, right, is_new=True)


def reassign_payment(
    payment_id: int,
    *,
    account_number: str,
    reason: str,
    by: int | None,
    at: datetime,
    named_month: Month | None = None,
    from_account_id: int | None = None,
) -> AssignmentResult:
    """Move a payment from the account that holds it to the account with this number.

    Whoever decided about a payment at one account says so in `from_account_id`: when it went elsewhere meanwhile,
    nothing moves and Conflict("payment_is_elsewhere") is raised. Raises NotFound,
    Conflict("payment_is_unidentified") when no account holds it (assign it instead),
    Conflict("payment_is_reversed") and DomainError("reason_is_missing").
    """
    with impatient_transaction():
        payment, last, right = _prepare(payment_id, account_number=account_number, reason=reason)
        wrong = last.account_id if last else payment.account_id
        if wrong == right:
            return AssignmentResult(payment_id, right, is_new=False)
        if wrong is None:
            raise Conflict("payment_is_unidentified", payment_id=payment_id)
        if from_account_id not in {None, wrong}:
            raise Conflict("payment_is_elsewhere", payment_id=payment_id)
        _move(payment, last=last, wrong=wrong, right=right, named_month=named_month, reason=reason, by=by, at=at)
    return AssignmentResult(payment_id, right, is_new=True)


def _prepare(payment_id: int, *, account_number: str, reason: str) -> tuple[Payment, PaymentAssignment | None, int]:
    if not reason.strip():
        raise DomainError("reason_is_missing")
    payment = locked_payment(payment_id)
    if PaymentReversal.objects.filter(payment=payment).exists():
        raise Conflict("payment_is_reversed", payment_id=payment_id)
    if Refund.objects.filter(payment=payment).exists():
        raise Conflict("payment_is_refunded", payment_id=payment_id)
    right = account_id_of(account_number.strip())
    if right is None:
        raise NotFound("account_not_found", number=account_number[:40])
    return payment, payment.assignments.filter(replaced_by=None).first(), right


def _move(
    payment: Payment,
    *,
    last: PaymentAssignment | None,
    wrong: int | None,
    right: int,
    named_month: Month | None,
    reason: str,
    by: int | None,
    at: datetime,
) -> None:
    before = last.named_month if last else payment.named_month
    after = named_month.first_on if named_month else before
    row = PaymentAssignment.objects.create(
        payment=payment,
        account_id=right,
        replaces=last,
        named_month=after,
        assigned_at=at,
        assigned_by=by,
        reason=reason.strip(),
    )
    if wrong is not None:
        _entry(row, account_id=wrong, kind=EntryKind.REVERSAL, amount=payment.amount, concerns=before, line=1)
    _entry(row, account_id=right, kind=EntryKind.PAYMENT, amount=-payment.amount, concerns=after, line=2)
    facts = {"payment_id": payment.pk, "assignment_id": row.pk, "from_account_id": wrong, "amount": str(payment.amount)}
    verb = "payments.assign_payment" if wrong is None else "payments.reassign_payment"
    for account_id in filter(None, (wrong, right)):
        audit.record(
            verb, target_kind="payment", target_id=payment.pk, at=at, account_id=account_id, data=facts, reason=reason
        )
    if wrong is not None:
        outbox.record("payments.payment_taken_away", at=at, account_id=wrong, payload=facts)
    outbox.record("payments.payment_assigned", at=at, account_id=right, payload=facts)


def _entry(
    row: PaymentAssignment, *, account_id: int, kind: EntryKind, amount: Decimal, concerns: date | None, line: int
) -> None:
    # The right account was paid when the payer paid; the wrong one had the money until today.
    moment = row.payment.paid_at if kind is EntryKind.PAYMENT else row.assigned_at
    book(
        account_id=account_id,
        kind=kind,
        amount=amount,
        concerns=concerns,
        posted_on=day_of(moment),
        source_kind="assignment",
        source_id=row.pk,
        line=line,
        recorded_at=row.assigned_at,
    )

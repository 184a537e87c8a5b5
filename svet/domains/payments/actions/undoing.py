"""Money that goes back: a payment that its source took back, and a credit balance given back to the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from svet.domains.ledger import queries as ledger_queries
from svet.domains.ledger.rules import EntryKind
from svet.domains.payments.actions.booking import book, day_of, impatient_transaction, locked_payment
from svet.domains.payments.models import PaymentReversal, Refund
from svet.infra import audit, outbox
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError
from svet.kernel.money import exact_kopecks


@dataclass(frozen=True, slots=True)
class ReversalResult:
    """A payment that was taken back; `account_id` is the account that lost it, None for unidentified money."""

    reversal_id: int
    account_id: int | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class RefundResult:
    """Money given back; `is_new` False when this request was carried out before."""

    refund_id: int
    amount: Decimal
    is_new: bool


def reverse_payment(payment_id: int, *, reason: str, at: datetime, external_id: str = "") -> ReversalResult:
    """Take back a payment as a whole (its source took it back): the account that holds it owes that much again.

    Raises NotFound and DomainError("reason_is_missing"). A second time changes nothing.
    """
    if not reason.strip():
        raise DomainError("reason_is_missing")
    with impatient_transaction():
        payment = locked_payment(payment_id)
        last = payment.assignments.filter(replaced_by=None).first()
        account_id = last.account_id if last else payment.account_id
        done = PaymentReversal.objects.filter(payment=payment).first()
        if done is not None:
            return ReversalResult(done.pk, account_id, is_new=False)
        row = PaymentReversal.objects.create(
            payment=payment, reversed_at=at, external_id=external_id[:120], reason=reason.strip()
        )
        if account_id is not None:
            book(
                account_id=account_id,
                kind=EntryKind.REVERSAL,
                amount=payment.amount,
                concerns=last.named_month if last else payment.named_month,
                posted_on=day_of(at),
                source_kind="reversal",
                source_id=row.pk,
                recorded_at=at,
            )
        facts = {"payment_id": payment.pk, "reversal_id": row.pk, "amount": str(payment.amount)}
        audit.record(
            "payments.reverse_payment",
            target_kind="payment",
            target_id=payment.pk,
            at=at,
            account_id=account_id,
            data=facts,
            reason=reason,
        )
        outbox.record("payments.payment_reversed", at=at, account_id=account_id, payload=facts)
    return ReversalResult(row.pk, account_id, is_new=True)


def refund(
    account_id: int,
    *,
    amount: Decimal,
    request_key: str,
    reason: str,
    by: int | None,
    at: datetime,
    payment_id: int | None = None,
) -> RefundResult:
    """Give back part or all of a credit balance, once per `request_key`.

    Raises NotFound, DomainError("amount_is_wrong" | "reason_is_missing" | "refund_exceeds_credit", with the
    credit there is) and Conflict("refund_differs") when the key was used for another amount.
    """
    if not reason.strip():
        raise DomainError("reason_is_missing")
    roubles = _positive(amount)
    with impatient_transaction():
        # The lock makes two refunds of one credit follow each other.
        lock_row("accounts_account", account_id)
        done = Refund.objects.filter(account_id=account_id, request_key=request_key).first()
        if done is not None:
            if done.amount != roubles:
                raise Conflict("refund_differs", amount=str(done.amount))
            return RefundResult(done.pk, done.amount, is_new=False)
        credit = -ledger_queries.balance(account_id)
        if roubles > credit:
            raise DomainError("refund_exceeds_credit", credit=str(max(credit, Decimal("0.00"))))
        row = Refund.objects.create(
            account_id=account_id,
            payment_id=payment_id,
            request_key=request_key,
            amount=roubles,
            refunded_at=at,
            refunded_by=by,
            reason=reason.strip(),
        )
        _record_refund(row)
    return RefundResult(row.pk, roubles, is_new=True)


def _record_refund(row: Refund) -> None:
    book(
        account_id=row.account_id,
        kind=EntryKind.REFUND,
        amount=row.amount,
        concerns=None,
        posted_on=day_of(row.refunded_at),
        source_kind="refund",
        source_id=row.pk,
        recorded_at=row.refunded_at,
    )
    facts = {"refund_id": row.pk, "amount": str(row.amount), "payment_id": row.payment_id}
    audit.record(
        "payments.refund",
        target_kind="refund",
        target_id=row.pk,
        at=row.refunded_at,
        account_id=row.account_id,
        data=facts,
        reason=row.reason,
    )
    outbox.record("payments.refunded", at=row.refunded_at, account_id=row.account_id, payload=facts)


def _positive(amount: Decimal) -> Decimal:
    try:
        exact = exact_kopecks(amount)
    except (ArithmeticError, ValueError) as error:
        raise DomainError("amount_is_wrong", amount=str(amount)[:40]) from error
    if not 0 < exact < 10**10:
        raise DomainError("amount_is_wrong", amount=str(amount)[:40])
    return exact

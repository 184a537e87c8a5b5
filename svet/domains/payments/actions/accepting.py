"""Accept one payment from any channel. A payment comes once: source and the source's own id are the key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from svet.domains.ledger.rules import EntryKind
from svet.domains.payments.actions.booking import book, day_of, impatient_transaction
from svet.domains.payments.models import Payment
from svet.domains.payments.queries import account_id_of, payment_by_external_id, source
from svet.infra import audit, outbox
from svet.kernel.errors import Conflict, DomainError
from svet.kernel.money import exact_kopecks
from svet.kernel.period import Month

MAX_AMOUNT = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class PaymentResult:
    """What became of a payment: `account_id` is None for unidentified money, `is_new` False for a repeat."""

    payment_id: int
    account_id: int | None
    is_new: bool


def accept_payment(
    *,
    source_code: str,
    external_id: str,
    account_number: str | None,
    amount: Decimal,
    paid_at: datetime,
    received_at: datetime,
    named_month: Month | None = None,
    fee: Decimal | int = 0,
    details: Mapping[str, Any] | None = None,
    register_id: int | None = None,
) -> PaymentResult:
    """Book a payment of positive roubles once, however often and from however many connections it comes.

    Whoever comes second waits at the natural key and gets the first one's result. An unknown account gives
    unidentified money, a closed one still takes it. Raises NotFound for the source, DomainError for what is no
    payment, Conflict("payment_differs") for a repeat with another amount or account (nothing is booked) and
    Conflict("payment_in_progress") when another holds the key for long.
    """
    given = _given(external_id, account_number=account_number)
    row = Payment(
        source_id=source(source_code).source_id,
        external_id=external_id,
        account_given=given,
        amount=_money(amount, least=Decimal("0.01")),
        fee=_money(Decimal(fee), least=Decimal(0)),
        paid_at=paid_at,
        received_at=received_at,
        named_month=named_month.first_on if named_month else None,
        register_id=register_id,
        details=dict(details or {}),
    )
    with impatient_transaction():
        row.account_id = account_id_of(given)
        if not _inserted(row):
            return _repeated(row, source_code=source_code)
        _book(row, source_code=source_code)
    return PaymentResult(row.pk, row.account_id, is_new=True)


def _given(external_id: str, *, account_number: str | None) -> str:
    given = (account_number or "").strip()
    if not 0 < len(external_id) <= 120 or len(given) > 200 or "\x00" in external_id + given:
        raise DomainError("payment_is_malformed")
    return given


def _money(amount: Decimal, *, least: Decimal) -> Decimal:
    try:
        exact = exact_kopecks(amount)
    except (ArithmeticError, ValueError) as error:
        raise DomainError("amount_is_wrong", amount=str(amount)[:40]) from error
    if not least <= exact <= MAX_AMOUNT:
        raise DomainError("amount_is_wrong", amount=str(amount)[:40])
    return exact


def _inserted(row: Payment) -> bool:
    """Insert the row and return True; False when its key is taken."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            return False
        raise
    return True


def _repeated(row: Payment, *, source_code: str) -> PaymentResult:
    known = payment_by_external_id(source_code, external_id=row.external_id)
    if known is None:
        raise Conflict("payment_in_progress")
    if (known.amount, known.account_given) != (row.amount, row.account_given):
        raise Conflict("payment_differs", payment_id=known.payment_id, amount=str(known.amount))
    return PaymentResult(known.payment_id, known.account_id, is_new=False)


def _book(row: Payment, *, source_code: str) -> None:
    facts = {"payment_id": row.pk, "source": source_code, "amount": str(row.amount)}
    if row.account_id is not None:
        book(
            account_id=row.account_id,
            kind=EntryKind.PAYMENT,
            amount=-row.amount,
            concerns=row.named_month,
            posted_on=day_of(row.paid_at),
            source_kind="payment",
            source_id=row.pk,
            recorded_at=row.received_at,
        )
    audit.record(
        "payments.accept_payment",
        target_kind="payment",
        target_id=row.pk,
        at=row.received_at,
        account_id=row.account_id,
        data={**facts, "external_id": row.external_id, "account_given": row.account_given},
    )
    name = "payments.payment_accepted" if row.account_id else "payments.payment_unidentified"
    outbox.record(name, at=row.received_at, account_id=row.account_id, payload=facts)

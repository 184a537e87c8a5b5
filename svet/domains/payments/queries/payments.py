"""Payments as plain rows: of an account, of a source, unidentified, each with the account that holds it now.

The holder is the account of the last assignment, else the one the payment came with; None while unidentified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from svet.domains.accounts.models import Account
from svet.domains.payments.models import Payment, PaymentAssignment, PaymentReversal, PaymentSource
from svet.domains.payments.rules import SourceKind
from svet.domains.payments.rules.similar import one_slip_away
from svet.kernel.errors import NotFound
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A channel through which money comes, with the terms of its door."""

    source_id: int
    code: str
    name: str
    kind: SourceKind
    active: bool
    min_amount: Decimal
    max_amount: Decimal
    allowed_networks: tuple[str, ...]
    secret_name: str


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment; money in positive roubles. `account_given` is the number as the source wrote it."""

    payment_id: int
    source_code: str
    source_name: str
    external_id: str
    account_id: int | None
    account_given: str
    amount: Decimal
    fee: Decimal
    paid_at: datetime
    received_at: datetime
    named_month: Month | None
    register_id: int | None
    is_reversed: bool
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An account whose number is one slip away from the number that was given."""

    account_id: int
    number: str
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class UnidentifiedRow:
    """Money of which nobody knows whose it is, with accounts that may have been meant."""

    payment: PaymentRow
    suggestions: tuple[Suggestion, ...]


def sources() -> list[SourceRow]:
    """Return all channels of money, by code."""
    return [_source_row(row) for row in PaymentSource.objects.order_by("code")]


def source(code: str) -> SourceRow:
    """Return the channel with this code; raise NotFound."""
    found = PaymentSource.objects.filter(code=code).first()
    if found is None:
        raise NotFound("payment_source_not_found", source=code)
    return _source_row(found)


def payment(payment_id: int) -> PaymentRow:
    """Return one payment; raise NotFound."""
    found = with_holder(Payment.objects.filter(pk=payment_id)).first()
    if found is None:
        raise NotFound("payment_not_found", payment_id=payment_id)
    return as_row(found)


def payments_of(account_id: int, *, limit: int | None = None) -> list[PaymentRow]:
    """Return the payments that the account holds now (also reversed ones), at most `limit`, latest first."""
    rows = with_holder(ever_of(account_id)).filter(holder_id=account_id).order_by("-paid_at", "-id")
    return [as_row(row) for row in rows[:limit]]


def ever_of(account_id: int) -> QuerySet[Payment]:
    """Return the payments that came to the account or were once given to it.

    A union and not an "or": for that the database would go through every payment there is.
    """
    posted = Payment.objects.filter(account_id=account_id).values("pk")
    assigned = PaymentAssignment.objects.filter(account_id=account_id).values("payment_id")
    return Payment.objects.filter(pk__in=posted.union(assigned))


def payments_between(source_code: str, *, since: datetime, until: datetime) -> list[PaymentRow]:
    """Return the payments of a source that were paid from `since` up to but not including `until`."""
    found = Payment.objects.filter(source__code=source_code, paid_at__gte=since, paid_at__lt=until)
    return [as_row(row) for row in with_holder(found).order_by("paid_at", "id")]


def payments_by_external_ids(source_code: str, *, external_ids: Sequence[str]) -> list[PaymentRow]:
    """Return the payments of a source that are known by these ids of its own."""
    found = Payment.objects.filter(source__code=source_code, external_id__in=external_ids)
    return [as_row(row) for row in with_holder(found)]


def unidentified(limit: int = 200) -> list[UnidentifiedRow]:
    """Return the money that waits for its owner, oldest first, with suggestions."""
    rows = [as_row(row) for row in with_holder(_unidentified()).order_by("received_at", "id")[:limit]]
    meant = {row.payment_id: one_slip_away(row.account_given) for row in rows}
    known = {
        account.number: Suggestion(account.pk, account.number, account.opened_on, account.closed_on)
        for account in Account.objects.filter(number__in={number for numbers in meant.values() for number in numbers})
    }
    return [
        UnidentifiedRow(row, tuple(known[number] for number in meant[row.payment_id] if number in known))
        for row in rows
    ]


def unidentified_total() -> tuple[int, Decimal]:
    """Return how many payments wait for their owner, and their sum."""
    totals = _unidentified().aggregate(amount=Sum("amount"))
    return _unidentified().count(), totals["amount"] or Decimal("0.00")


def _unidentified() -> QuerySet[Payment]:
    given = PaymentAssignment.objects.filter(payment=OuterRef("pk"))
    taken_back = PaymentReversal.objects.filter(payment=OuterRef("pk"))
    return Payment.objects.filter(~Exists(given), ~Exists(taken_back), account=None)


def with_holder(rows: QuerySet[Payment]) -> QuerySet[Any]:
    """Return the rows with the account that holds each now (`holder_id`) and whether it was taken back."""
    last = PaymentAssignment.objects.filter(payment=OuterRef("pk"), replaced_by=None).values("account_id")[:1]
    return rows.select_related("source").annotate(
        holder_id=Coalesce(Subquery(last), F("account_id"), output_field=BigIntegerField()),
        is_reversed=Exists(PaymentReversal.objects.filter(payment=OuterRef("pk"))),
    )


def _source_row(row: PaymentSource) -> SourceRow:
    return SourceRow(
        source_id=row.pk,
        code=row.code,
        name=row.name,
        kind=SourceKind(row.kind),
        active=row.active,
        min_amount=row.min_amount,
        max_amount=row.max_amount,
        allowed_networks=tuple(row.allowed_networks),
        secret_name=row.secret_name,
    )


def as_row(row: Any) -> PaymentRow:
    """Return a row of `with_holder` as plain data."""
    return PaymentRow(
        payment_id=row.pk,
        source_code=row.source.code,
        source_name=row.source.name,
        external_id=row.external_id,
        account_id=row.holder_id,
        account_given=row.account_given,
        amount=row.amount,
        fee=row.fee,
        paid_at=row.paid_at,
        received_at=row.received_at,
        named_month=Month.of(row.named_month) if row.named_month else None,
        register_id=row.register_id,
        is_reversed=row.is_reversed,
        details=row.details,
    )

"""Where an account's money went, computed from its ledger entries each time it is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from svet.domains.ledger.models import Entry
from svet.domains.ledger.rules import EntryKind, Service
from svet.domains.payments.models import Payment, PaymentAssignment, PaymentReversal
from svet.domains.payments.rules.allocation import Allocation, Charged, GivenBack, Money, allocate
from svet.infra.clock import MOSCOW
from svet.kernel.period import Month

_MONEY_KINDS = (EntryKind.PAYMENT, EntryKind.REVERSAL)


def allocation_of(account_id: int) -> Allocation:
    """Return which months each payment of the account closed, what is still owed, what is kept as an advance."""
    entries = list(Entry.objects.filter(account_id=account_id).order_by("posted_on", "id"))
    charges = [
        Charged(Month.of(row.concerns or row.month), row.amount, row.posted_on, Service(row.service))
        for row in entries
        if row.kind not in {*_MONEY_KINDS, EntryKind.REFUND}
    ]
    refunds = [GivenBack(row.amount, row.posted_on) for row in entries if row.kind == EntryKind.REFUND]
    return allocate(charges, _money([row for row in entries if row.kind in _MONEY_KINDS]), refunds)


def _money(entries: Iterable[Entry]) -> list[Money]:
    """Return one row per payment that is still here: what came less what was moved away or taken back."""
    entries = list(entries)
    payment_ids = _payment_ids(entries)
    amounts: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    first: dict[tuple[str, int], Entry] = {}
    for row in entries:
        source = (row.source_kind, row.source_id)
        payment_id = payment_ids.get(source)
        key = source if payment_id is None else ("payment", payment_id)
        amounts[key] -= row.amount
        if row.kind == EntryKind.PAYMENT:
            first[key] = row
    paid_on = _paid_on(key[1] for key in amounts if key[0] == "payment")
    return [
        Money(
            payment_id=key[1] if key[0] == "payment" else None,
            amount=amounts[key],
            paid_on=paid_on.get(key[1], row.posted_on) if key[0] == "payment" else row.posted_on,
            named=Month.of(row.concerns) if row.concerns else None,
        )
        for key, row in first.items()
        if amounts[key] > 0
    ]


def _payment_ids(entries: Iterable[Entry]) -> dict[tuple[str, int], int]:
    wanted: dict[str, list[int]] = defaultdict(list)
    for row in entries:
        wanted[row.source_kind].append(row.source_id)
    assignments = PaymentAssignment.objects.filter(pk__in=wanted["assignment"]).values_list("pk", "payment_id")
    reversals = PaymentReversal.objects.filter(pk__in=wanted["reversal"]).values_list("pk", "payment_id")
    return {
        **{("payment", pk): pk for pk in wanted["payment"]},
        **{("assignment", pk): payment_id for pk, payment_id in assignments},
        **{("reversal", pk): payment_id for pk, payment_id in reversals},
    }


def _paid_on(payment_ids: Iterable[int]) -> dict[int, date]:
    rows = Payment.objects.filter(pk__in=list(payment_ids)).values_list("pk", "paid_at")
    return {pk: paid_at.astimezone(MOSCOW).date() for pk, paid_at in rows}

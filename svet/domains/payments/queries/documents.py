"""By what paper money moved: which payment, through whom, under what number. For statements of an account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from svet.domains.payments.models import Payment, PaymentAssignment, PaymentReversal, Refund


@dataclass(frozen=True, slots=True)
class PaymentPaper:
    """Through whom a payment came and its number there."""

    source_name: str
    external_id: str


def papers_of(sources: Iterable[tuple[str, int]]) -> dict[tuple[str, int], PaymentPaper]:
    """Return the payment behind each of the ledger's sources (kind, id), in a constant number of queries."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for kind, source_id in sources:
        wanted[kind].append(source_id)
    behind = {("payment", payment_id): payment_id for payment_id in wanted["payment"]}
    for kind, table in _TABLES.items():
        rows = table.objects.filter(pk__in=wanted[kind]).exclude(payment_id=None) if wanted[kind] else ()  # type: ignore[attr-defined]
        behind |= {(kind, row.pk): row.payment_id for row in rows}
    found = {
        payment.pk: PaymentPaper(payment.source.name, payment.external_id)
        for payment in Payment.objects.filter(pk__in=set(behind.values())).select_related("source")
    }
    return {source: found[payment_id] for source, payment_id in behind.items() if payment_id in found}


_TABLES = {"assignment": PaymentAssignment, "reversal": PaymentReversal, "refund": Refund}

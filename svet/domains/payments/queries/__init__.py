"""Reads of payments for others: what was paid, where it went, whose it may be, what files came."""

from svet.domains.payments.queries.allocations import allocation_of
from svet.domains.payments.queries.documents import PaymentPaper, papers_of
from svet.domains.payments.queries.lookups import account_id_of, payable_account, payment_by_external_id
from svet.domains.payments.queries.moves import MoveRow, moved_away, moves_of
from svet.domains.payments.queries.payments import (
    PaymentRow,
    SourceRow,
    Suggestion,
    UnidentifiedRow,
    payment,
    payments_between,
    payments_by_external_ids,
    payments_of,
    source,
    sources,
    unidentified,
    unidentified_total,
)
from svet.domains.payments.queries.registers import RegisterRow, register, registers

__all__ = [
    "MoveRow",
    "PaymentPaper",
    "PaymentRow",
    "RegisterRow",
    "SourceRow",
    "Suggestion",
    "UnidentifiedRow",
    "account_id_of",
    "allocation_of",
    "moved_away",
    "moves_of",
    "papers_of",
    "payable_account",
    "payment",
    "payment_by_external_id",
    "payments_between",
    "payments_by_external_ids",
    "payments_of",
    "register",
    "registers",
    "source",
    "sources",
    "unidentified",
    "unidentified_total",
]

"""The tables of payments: money received and given back (money), tills with their shifts and receipts (tills)."""

from svet.domains.payments.models.money import (
    Payment,
    PaymentAssignment,
    PaymentRegister,
    PaymentReversal,
    PaymentSource,
    Refund,
)
from svet.domains.payments.models.tills import FiscalDocument, FiscalTask, Till, TillOperation, TillShift

__all__ = [
    "FiscalDocument",
    "FiscalTask",
    "Payment",
    "PaymentAssignment",
    "PaymentRegister",
    "PaymentReversal",
    "PaymentSource",
    "Refund",
    "Till",
    "TillOperation",
    "TillShift",
]

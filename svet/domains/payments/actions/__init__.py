"""The verbs of payments: accept, assign, reassign, reverse, refund, post a registry. Each is idempotent."""

from svet.domains.payments.actions.accepting import PaymentResult, accept_payment
from svet.domains.payments.actions.assigning import AssignmentResult, assign_payment, reassign_payment
from svet.domains.payments.actions.registers import post_register
from svet.domains.payments.actions.sources import open_source
from svet.domains.payments.actions.undoing import RefundResult, ReversalResult, refund, reverse_payment

__all__ = [
    "AssignmentResult",
    "PaymentResult",
    "RefundResult",
    "ReversalResult",
    "accept_payment",
    "assign_payment",
    "open_source",
    "post_register",
    "reassign_payment",
    "refund",
    "reverse_payment",
]

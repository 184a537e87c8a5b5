"""The verbs of payments: accept, assign, reassign, reverse, refund, post a registry; the till. Each is idempotent."""

from svet.domains.payments.actions.accepting import PaymentResult, accept_payment
from svet.domains.payments.actions.assigning import AssignmentResult, assign_payment, reassign_payment
from svet.domains.payments.actions.correcting import correct_receipt
from svet.domains.payments.actions.fiscal import (
    Registered,
    ask_anew,
    mark_asked,
    postpone_task,
    record_answer,
    record_document,
    refuse_task,
    try_again_now,
)
from svet.domains.payments.actions.registers import post_register
from svet.domains.payments.actions.sources import open_source
from svet.domains.payments.actions.till_money import OperationResult, give_back, move_cash, take_payment
from svet.domains.payments.actions.tills import PRINTER, ShiftResult, close_shift, open_shift, open_till, print_x_report
from svet.domains.payments.actions.undoing import RefundResult, ReversalResult, refund, reverse_payment

__all__ = [
    "PRINTER",
    "AssignmentResult",
    "OperationResult",
    "PaymentResult",
    "RefundResult",
    "Registered",
    "ReversalResult",
    "ShiftResult",
    "accept_payment",
    "ask_anew",
    "assign_payment",
    "close_shift",
    "correct_receipt",
    "give_back",
    "mark_asked",
    "move_cash",
    "open_shift",
    "open_source",
    "open_till",
    "post_register",
    "postpone_task",
    "print_x_report",
    "reassign_payment",
    "record_answer",
    "record_document",
    "refund",
    "refuse_task",
    "reverse_payment",
    "take_payment",
    "try_again_now",
]

"""What changes about contacts: they begin and end, customers are identified or refuse to be."""

from svet.domains.cases.actions.identifying import (
    identify_by_document,
    identify_by_words,
    open_for_inner_work,
    refuse_to_open,
)
from svet.domains.cases.actions.remarking import answer_remark, remark_on_bill
from svet.domains.cases.actions.serving import begin_contact, close_abandoned, end_contact

__all__ = [
    "answer_remark",
    "begin_contact",
    "close_abandoned",
    "end_contact",
    "identify_by_document",
    "identify_by_words",
    "open_for_inner_work",
    "refuse_to_open",
    "remark_on_bill",
]

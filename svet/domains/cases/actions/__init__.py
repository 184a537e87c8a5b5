"""What changes about contacts, identifications, remarks and appeals: one function per verb of the business."""

from svet.domains.cases.actions.absences import be_away, hand_over, hand_over_absent
from svet.domains.cases.actions.clocks import (
    await_grid,
    extend_clock,
    grid_answered,
    pause_clock,
    resume_clock,
    tend_clocks,
)
from svet.domains.cases.actions.completing import ask_for_missing, complete
from svet.domains.cases.actions.handling import (
    assign,
    classify,
    close,
    give_back,
    mark_read,
    name_complained_about,
    note,
    reopen,
    reply,
    take,
)
from svet.domains.cases.actions.identifying import (
    identify_by_document,
    identify_by_words,
    open_for_inner_work,
    refuse_to_open,
)
from svet.domains.cases.actions.letters import Incoming
from svet.domains.cases.actions.matters import hang_on_matter, join_matter, leave_matter, merge_matters
from svet.domains.cases.actions.merging import merge_cases, split_case
from svet.domains.cases.actions.portal import note_from_portal, note_portal_appeal
from svet.domains.cases.actions.reference import load_reference
from svet.domains.cases.actions.refusing import confirm_refusal, decline_refusal, propose_refusal, review_refusal
from svet.domains.cases.actions.registering import Bill, Details, OutsideTerm, Paper, Registered, join, register
from svet.domains.cases.actions.remarking import answer_remark, remark_on_bill
from svet.domains.cases.actions.revealing import reveal
from svet.domains.cases.actions.serving import begin_contact, close_abandoned, end_contact

__all__ = [
    "Bill",
    "Details",
    "Incoming",
    "OutsideTerm",
    "Paper",
    "Registered",
    "answer_remark",
    "ask_for_missing",
    "assign",
    "await_grid",
    "be_away",
    "begin_contact",
    "classify",
    "close",
    "close_abandoned",
    "complete",
    "confirm_refusal",
    "decline_refusal",
    "end_contact",
    "extend_clock",
    "give_back",
    "grid_answered",
    "hand_over",
    "hand_over_absent",
    "hang_on_matter",
    "identify_by_document",
    "identify_by_words",
    "join",
    "join_matter",
    "leave_matter",
    "load_reference",
    "mark_read",
    "merge_cases",
    "merge_matters",
    "name_complained_about",
    "note",
    "note_from_portal",
    "note_portal_appeal",
    "open_for_inner_work",
    "pause_clock",
    "propose_refusal",
    "refuse_to_open",
    "register",
    "remark_on_bill",
    "reopen",
    "reply",
    "resume_clock",
    "reveal",
    "review_refusal",
    "split_case",
    "take",
    "tend_clocks",
]

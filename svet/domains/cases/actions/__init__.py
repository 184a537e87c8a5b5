"""What changes about contacts, identifications and appeals: one function per verb of the business."""

from svet.domains.cases.actions.absences import be_away, hand_over, hand_over_absent
from svet.domains.cases.actions.answering import (
    Written,
    add_point,
    approve_answer,
    drop_point,
    mark_posted,
    put_forward,
    return_answer,
    write_answer,
)
from svet.domains.cases.actions.applications import move_application
from svet.domains.cases.actions.asking import RATING, SOLVED, ask, rate, say_whether_solved
from svet.domains.cases.actions.clocks import (
    NEW_TERM,
    await_grid,
    end_pauses,
    extend_clock,
    grid_answered,
    pause_clock,
    resume_clock,
    tend_clocks,
)
from svet.domains.cases.actions.completing import ask_for_missing, complete
from svet.domains.cases.actions.exporting import (
    EXPORTER,
    begin_export,
    drop_export,
    expire_exports,
    fail_export,
    finish_export,
    note_looks,
    note_rows,
    request_export,
    restart_exports,
    take_export,
)
from svet.domains.cases.actions.following import keep_consent, not_solved, note_opened
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
from svet.domains.cases.actions.matters import (
    hang_on_matter,
    join_contact_seen,
    join_matter,
    leave_matter,
    merge_matters,
)
from svet.domains.cases.actions.merging import merge_cases, split_case
from svet.domains.cases.actions.portal import note_from_portal, note_portal_appeal
from svet.domains.cases.actions.reference import load_reference
from svet.domains.cases.actions.refusing import confirm_refusal, decline_refusal, propose_refusal, review_refusal
from svet.domains.cases.actions.registering import Bill, Details, OutsideTerm, Paper, Registered, join, register
from svet.domains.cases.actions.remarking import take_remarks_into_register
from svet.domains.cases.actions.revealing import reveal
from svet.domains.cases.actions.serving import begin_contact, close_abandoned, end_contact
from svet.domains.cases.actions.templates import TemplateText, change_template, end_template, load_answers, new_template
from svet.domains.cases.actions.viewing import change_view, drop_view, save_view

__all__ = [
    "EXPORTER",
    "NEW_TERM",
    "RATING",
    "SOLVED",
    "Bill",
    "Details",
    "Incoming",
    "OutsideTerm",
    "Paper",
    "Registered",
    "TemplateText",
    "Written",
    "add_point",
    "approve_answer",
    "ask",
    "ask_for_missing",
    "assign",
    "await_grid",
    "be_away",
    "begin_contact",
    "begin_export",
    "change_template",
    "change_view",
    "classify",
    "close",
    "close_abandoned",
    "complete",
    "confirm_refusal",
    "decline_refusal",
    "drop_export",
    "drop_point",
    "drop_view",
    "end_contact",
    "end_pauses",
    "end_template",
    "expire_exports",
    "extend_clock",
    "fail_export",
    "finish_export",
    "give_back",
    "grid_answered",
    "hand_over",
    "hand_over_absent",
    "hang_on_matter",
    "identify_by_document",
    "identify_by_words",
    "join",
    "join_contact_seen",
    "join_matter",
    "keep_consent",
    "leave_matter",
    "load_answers",
    "load_reference",
    "mark_posted",
    "mark_read",
    "merge_cases",
    "merge_matters",
    "move_application",
    "name_complained_about",
    "new_template",
    "not_solved",
    "note",
    "note_from_portal",
    "note_looks",
    "note_opened",
    "note_portal_appeal",
    "note_rows",
    "open_for_inner_work",
    "pause_clock",
    "propose_refusal",
    "put_forward",
    "rate",
    "refuse_to_open",
    "register",
    "reopen",
    "reply",
    "request_export",
    "restart_exports",
    "resume_clock",
    "return_answer",
    "reveal",
    "review_refusal",
    "save_view",
    "say_whether_solved",
    "split_case",
    "take",
    "take_export",
    "take_remarks_into_register",
    "tend_clocks",
    "write_answer",
]

"""Reads of contacts, identifications, remarks and appeals."""

from svet.domains.cases.queries.contacts import ContactRow, contacts_of, own_contact, running
from svet.domains.cases.queries.figures import ServiceFigures, ServiceRow, service_figures
from svet.domains.cases.queries.identities import Entry, entry, tries
from svet.domains.cases.queries.reference import SubjectView, subject, subject_names, subjects
from svet.domains.cases.queries.remarks import RemarkRow, remark, remarks_of, waiting_remarks, waiting_remarks_count
from svet.domains.cases.queries.sending import (
    LetterToSend,
    Sending,
    applicant_of,
    clock_due_on,
    grid_question,
    letter_to_send,
    sending,
)
from svet.domains.cases.queries.status import (
    CaseStatus,
    LetterStatus,
    applicant_of_account,
    case_of_letter,
    case_of_number,
    case_of_user,
    cases_of_user,
    receipt_code,
    status,
)

__all__ = [
    "CaseStatus",
    "ContactRow",
    "Entry",
    "LetterStatus",
    "LetterToSend",
    "RemarkRow",
    "Sending",
    "ServiceFigures",
    "ServiceRow",
    "SubjectView",
    "applicant_of",
    "applicant_of_account",
    "case_of_letter",
    "case_of_number",
    "case_of_user",
    "cases_of_user",
    "clock_due_on",
    "contacts_of",
    "entry",
    "grid_question",
    "letter_to_send",
    "own_contact",
    "receipt_code",
    "remark",
    "remarks_of",
    "running",
    "sending",
    "service_figures",
    "status",
    "subject",
    "subject_names",
    "subjects",
    "tries",
    "waiting_remarks",
    "waiting_remarks_count",
]

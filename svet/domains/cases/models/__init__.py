"""Contacts with customers at the desk, remarks on bills, the register of appeals with letters, clocks and matters."""

from svet.domains.cases.models.answers import (
    AnswerApproval,
    AnswerTemplate,
    CaseAnswer,
    CaseAsking,
    CasePoint,
    PostedLetter,
)
from svet.domains.cases.models.clocks import Absence, CaseClock, CaseTerm
from svet.domains.cases.models.consents import AppealConsent
from svet.domains.cases.models.letters import CaseWords, Letter, LetterFile
from svet.domains.cases.models.matters import Matter, MatterPart
from svet.domains.cases.models.portal import AppealOnPortal
from svet.domains.cases.models.refusals import Refusal
from svet.domains.cases.models.register import Case, CaseAbout, CaseApplicant, CaseEvent, CaseOffice, CaseSubject
from svet.domains.cases.models.remarks import Remark
from svet.domains.cases.models.service import Identification, ServiceContact
from svet.domains.cases.models.views import CaseExport, CaseExportPart, SavedView

__all__ = [
    "Absence",
    "AnswerApproval",
    "AnswerTemplate",
    "AppealConsent",
    "AppealOnPortal",
    "Case",
    "CaseAbout",
    "CaseAnswer",
    "CaseApplicant",
    "CaseAsking",
    "CaseClock",
    "CaseEvent",
    "CaseExport",
    "CaseExportPart",
    "CaseOffice",
    "CasePoint",
    "CaseSubject",
    "CaseTerm",
    "CaseWords",
    "Identification",
    "Letter",
    "LetterFile",
    "Matter",
    "MatterPart",
    "PostedLetter",
    "Refusal",
    "Remark",
    "SavedView",
    "ServiceContact",
]

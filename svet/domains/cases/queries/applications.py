"""Where an application for a contract stands."""

from __future__ import annotations

from svet.domains.cases.models import CaseEvent
from svet.domains.cases.rules.applications import ApplicationStage
from svet.domains.cases.rules.register import EventKind


def said_with(event_id: int) -> str:
    """Return the words to the applicant with which an application was moved, empty where none were said."""
    return str(CaseEvent.objects.get(pk=event_id, kind=EventKind.STAGE).data["text"])


def stage_of(case_id: int) -> ApplicationStage:
    """Return the stage of an application: the last one put on its case."""
    last = CaseEvent.objects.filter(case_id=case_id, kind=EventKind.STAGE).order_by("-position").first()
    return ApplicationStage.RECEIVED if last is None else ApplicationStage(last.data["stage"])

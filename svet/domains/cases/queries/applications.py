"""Where an application for a contract stands."""

from __future__ import annotations

from svet.domains.cases.models import CaseEvent
from svet.domains.cases.rules.applications import ApplicationStage
from svet.domains.cases.rules.register import EventKind


def stage_of(case_id: int) -> ApplicationStage:
    """Return the stage of an application: the last one put on its case."""
    last = CaseEvent.objects.filter(case_id=case_id, kind=EventKind.STAGE).order_by("-position").first()
    return ApplicationStage.RECEIVED if last is None else ApplicationStage(last.data["stage"])

"""An application for a contract goes from stage to stage; its applicant reads each (clause W2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.cases.actions.events import append, locked, tell
from svet.domains.cases.queries.applications import stage_of
from svet.domains.cases.rules.applications import NEEDS_WORDS, SUBJECT, ApplicationStage, may_follow
from svet.domains.cases.rules.register import EventKind
from svet.kernel.errors import Conflict, DomainError

MOST_WORDS = 2000


def move_application(case_id: int, *, stage: ApplicationStage, text: str, by: int, at: datetime) -> None:
    """Put the stage of an application on its case, with words that the applicant reads.

    The answer to the applicant is given as to any case; the stage alone ends nothing. Raises NotFound,
    DomainError("not_an_application"), DomainError("stage_needs_words"), Conflict("stage_does_not_follow").
    """
    said = text.strip()[:MOST_WORDS]
    with transaction.atomic():
        case = locked(case_id)
        if case.subject != SUBJECT:
            raise DomainError("not_an_application")
        if stage in NEEDS_WORDS and not said:
            raise DomainError("stage_needs_words")
        if not may_follow(stage, now=stage_of(case_id)):
            raise Conflict("stage_does_not_follow")
        event_id = append(case, EventKind.STAGE, at=at, by=by, data={"stage": stage.value, "text": said})
        tell(case, "application_moved", at=at, data={"stage": stage.value, "event_id": event_id})

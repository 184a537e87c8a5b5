"""What an applicant does with his own case: agrees to the processing of his data, opens an answer, says that it
solved nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from svet.domains.cases.actions.events import append, locked, tell
from svet.domains.cases.actions.handling import reopen
from svet.domains.cases.actions.letters import Incoming, came_before
from svet.domains.cases.actions.registering import join
from svet.domains.cases.models import AppealConsent, CaseEvent
from svet.domains.cases.rules.following import reopens_until
from svet.domains.cases.rules.register import CaseChannel, EventKind
from svet.infra import audit
from svet.kernel.errors import Conflict

BY_APPLICANT = "not_solved_says_applicant"


def keep_consent(case_id: int, *, text: str, asked_from: str, at: datetime) -> None:
    """Keep to which text the applicant agreed; a second time changes nothing."""
    with transaction.atomic():
        row, is_new = AppealConsent.objects.get_or_create(
            case_id=case_id, defaults={"text": text, "given_at": at, "asked_from": asked_from}
        )
        if is_new:
            audit.record("cases.consent_given", target_kind="case", target_id=case_id, at=at, data={"consent": row.pk})


def note_opened(case_id: int, letter_ids: Collection[int], *, by_way: CaseChannel, at: datetime) -> None:
    """Write down when the applicant first opened each of these answers, as evidence that they reached him."""
    if not _unopened(case_id, letter_ids):
        return
    with transaction.atomic():
        case = locked(case_id)
        for letter_id in _unopened(case_id, letter_ids):
            data = {"letter_id": letter_id, "way": by_way.value}
            append(case, EventKind.OPENED, at=at, by=None, data=data)
            tell(case, "answer_opened", at=at, data=data)


def _unopened(case_id: int, letter_ids: Collection[int]) -> list[int]:
    if not letter_ids:
        return []
    rows = CaseEvent.objects.filter(case_id=case_id, kind=EventKind.OPENED)
    opened = set(rows.values_list("data__letter_id", flat=True))
    return [one for one in letter_ids if one not in opened]


def not_solved(case_id: int, *, letter: Incoming, at: datetime) -> None:
    """Open an answered case again for its applicant: his letter joins it, the terms begin anew. The same letter once.

    Raises Conflict("reopening_is_late") after the term or too often, DomainError("letter_is_empty"), NotFound.
    """
    with transaction.atomic():
        if came_before(letter) is not None:
            return
        case = locked(case_id)
        until = reopens_until(
            state=case.state, resolution=case.resolution, answered_at=case.answered_at, reopened=case.reopened
        )
        if until is None or until <= at:
            raise Conflict("reopening_is_late")
        join(case_id, letter=letter, at=at)
        reopen(case_id, reason=BY_APPLICANT, by=None, at=at)

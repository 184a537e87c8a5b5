"""Not to consider a case (clauses A5, A6): the handler proposes, a second person confirms, the applicant is told.

What the system suggests is only evidence here; it refuses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from svet.domains.cases.actions import clocks, letters
from svet.domains.cases.actions.events import append, check_open, locked, tell
from svet.domains.cases.actions.standing import check_not_barred
from svet.domains.cases.models import Case, Refusal
from svet.domains.cases.rules.clocks import ClockKind
from svet.domains.cases.rules.grounds import Decision, Ground, Review, goes_to_review
from svet.domains.cases.rules.register import EventKind, Resolution
from svet.infra import audit
from svet.infra.locking import lock_names
from svet.kernel.errors import Conflict, DomainError, NotAllowed, NotFound

E = EventKind


def propose_refusal(
    case_id: int, *, ground: Ground, note: str, by: int, at: datetime, evidence: Mapping[str, Any] | None = None
) -> int:
    """Propose to leave a case without consideration; return the proposal's id.

    Raises DomainError("reason_is_needed"), Conflict("refusal_waits") where one waits already,
    ("case_stands_otherwise").
    """
    if not note.strip():
        raise DomainError("reason_is_needed")
    with transaction.atomic():
        case = locked(case_id)
        check_open(case)
        check_not_barred(case, by)
        if case.refusals.filter(decision="").exists():
            raise Conflict("refusal_waits")
        row = Refusal.objects.create(
            case=case,
            ground=Ground(ground),
            evidence=dict(evidence or {}),
            note=note.strip()[:1000],
            proposed_by_id=by,
            proposed_at=at,
        )
        data = {"refusal_id": row.pk, "ground": row.ground, "note": row.note}
        append(case, E.REFUSAL_PROPOSED, at=at, by=by, data=data)
        tell(case, "refusal_proposed", at=at, data=data)
    return row.pk


def confirm_refusal(refusal_id: int, *, notice: str, by: int, at: datetime, note: str = "") -> None:
    """Confirm a proposal as the second person: the case is closed and the applicant told with the text of `notice`.

    Where no address is known the notice is read on the site by the receipt code. Raises NotFound,
    Conflict("refusal_is_decided"), NotAllowed("another_decides"), DomainError("notice_is_needed").
    """
    if not notice.strip():
        raise DomainError("notice_is_needed")
    with transaction.atomic():
        row, case = _waiting(refusal_id, by)
        ground = Ground(row.ground)
        lock_names(f"cases.refusals:{ground}")
        count = Refusal.objects.filter(ground=ground, decision=Decision.CONFIRMED).count() + 1
        row.is_sampled = goes_to_review(ground, count=count)
        _decide(row, Decision.CONFIRMED, by=by, at=at, note=note)
        ended = Resolution.UNREADABLE if ground is Ground.UNREADABLE else Resolution.NOT_CONSIDERED
        data = {"refusal_id": row.pk, "ground": row.ground, "resolution": ended.value}
        append(case, E.REFUSED, at=at, by=by, data=data)
        letters.write(case, text=notice, at=at, by=by, key=f"refusal:{row.pk}", is_answer=True)
        clocks.stop(case, list(ClockKind), at=at, by=by, why="was_refused")
        tell(case, "refusal_confirmed", at=at, data=data, reason=note.strip())


def decline_refusal(refusal_id: int, *, note: str, by: int, at: datetime) -> None:
    """Decline a proposal: the case stays in work. Raises as `confirm_refusal`, DomainError("reason_is_needed")."""
    if not note.strip():
        raise DomainError("reason_is_needed")
    with transaction.atomic():
        row, case = _waiting(refusal_id, by)
        _decide(row, Decision.DECLINED, by=by, at=at, note=note)
        data = {"refusal_id": row.pk, "ground": row.ground, "note": row.decision_note}
        append(case, E.REFUSAL_DECLINED, at=at, by=by, data=data)
        tell(case, "refusal_declined", at=at, data=data, reason=note.strip())


def review_refusal(refusal_id: int, *, found: Review, note: str, by: int, at: datetime) -> None:
    """Write down what the quality review of a confirmed refusal found, once, by neither of the two who refused.

    Raises NotFound, Conflict("refusal_is_reviewed"), NotAllowed("another_decides"), DomainError("reason_is_needed")
    when it was wrong without a word why.
    """
    if found is Review.WRONG and not note.strip():
        raise DomainError("reason_is_needed")
    with transaction.atomic():
        row = Refusal.objects.select_for_update().filter(pk=refusal_id, decision=Decision.CONFIRMED).first()
        if row is None:
            raise NotFound(refusal=refusal_id)
        if row.review:
            raise Conflict("refusal_is_reviewed")
        if by in {row.proposed_by_id, row.decided_by_id}:
            raise NotAllowed("another_decides")
        row.review, row.reviewed_by_id, row.reviewed_at = found.value, by, at
        row.review_note = note.strip()[:1000]
        row.save()
        data = {"review": row.review, "case_id": row.case_id}
        audit.record(
            "cases.review_refusal", target_kind="refusal", target_id=row.pk, at=at, data=data, reason=row.review_note
        )


def _waiting(refusal_id: int, by: int) -> tuple[Refusal, Case]:
    found = Refusal.objects.filter(pk=refusal_id).values_list("case_id", flat=True).first()
    if found is None:
        raise NotFound(refusal=refusal_id)
    case = locked(found)
    row = Refusal.objects.get(pk=refusal_id)
    if row.decision:
        raise Conflict("refusal_is_decided")
    if row.proposed_by_id == by:
        raise NotAllowed("another_decides")
    check_not_barred(case, by)
    return row, case


def _decide(row: Refusal, decision: Decision, *, by: int, at: datetime, note: str) -> None:
    row.decision, row.decided_by_id, row.decided_at = decision.value, by, at
    row.decision_note = note.strip()[:1000]
    row.save()

"""What an answer needs before it may go out by any door: an answer to each point, a second person where asked for."""

from __future__ import annotations

from datetime import datetime

from svet.domains.cases.models import AnswerApproval, Case, CasePoint
from svet.domains.cases.queries.reference import subjects
from svet.domains.cases.rules.templates import AnswerState, Point, unanswered
from svet.infra.clock import MOSCOW
from svet.kernel.errors import DomainError


def points_of(case: Case) -> list[Point]:
    """Return the points of a case in their order."""
    rows = CasePoint.objects.filter(case=case, dropped_at=None).order_by("place")
    return [Point(row.text, row.answer) for row in rows]


def needs_approval(case: Case, *, at: datetime) -> bool:
    """Say whether a second person must approve the answer: the subject, or one above it, asks for it."""
    on = at.astimezone(MOSCOW).date()
    asked = set(AnswerApproval.objects.filter(valid__contains=on).values_list("subject", flat=True))
    if not asked:
        return False
    chain = next((one.chain for one in subjects(on) if one.code == case.subject), (case.subject,))
    return bool(asked & set(chain))


def check_may_go(case: Case, *, at: datetime) -> None:
    """Raise DomainError("points_are_unanswered") or ("answer_needs_approval") for what may not go out yet."""
    check_points(case)
    approved = case.answers.filter(state=AnswerState.APPROVED, approved_by__isnull=False).exists()
    if not approved and needs_approval(case, at=at):
        raise DomainError("answer_needs_approval")


def check_points(case: Case) -> None:
    """Raise DomainError("points_are_unanswered") with their places."""
    without = unanswered(points_of(case))
    if without:
        raise DomainError("points_are_unanswered", places=", ".join(map(str, without)))

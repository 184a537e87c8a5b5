"""A visitor rates his visit once, by the code on his ticket."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from svet.domains.visits import queries
from svet.domains.visits.actions.telling import locked_ticket
from svet.domains.visits.models import VisitRating
from svet.domains.visits.rules import State
from svet.infra import audit
from svet.kernel.errors import Conflict, DomainError

SCORES = range(1, 6)
RATED_WITHIN = timedelta(days=7)


def rate_visit(code: str, *, score: int, comment: str, at: datetime) -> None:
    """Keep what a visitor says of his visit.

    Raises NotFound("no_such_ticket"), DomainError("visit_score_is_wrong"), Conflict("visit_is_not_over"),
    Conflict("visit_is_rated").
    """
    if score not in SCORES:
        raise DomainError("visit_score_is_wrong")
    found = queries.ticket_by_code(code)
    with transaction.atomic():
        row = locked_ticket(found.ticket_id, office_code=found.office_code)
        if row.state != State.SERVED or row.ended_at is None or at > row.ended_at + RATED_WITHIN:
            raise Conflict("visit_is_not_over")
        if VisitRating.objects.filter(ticket=row).exists():
            raise Conflict("visit_is_rated")
        VisitRating.objects.create(ticket=row, score=score, comment=comment.strip()[:1000], at=at)
        audit.record(
            "visits.visit_rated",
            target_kind="ticket",
            target_id=row.pk,
            at=at,
            data={"ticket_id": row.pk, "office": row.office_code, "score": score},
            fact="visits.visit_rated",
        )

"""A visitor rates his visit once: by the code on his ticket, or by one tap on the tablet at the window."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from svet.domains.visits import queries
from svet.domains.visits.actions.telling import locked_ticket
from svet.domains.visits.models import Ticket, VisitRating
from svet.domains.visits.rules import RatedBy, State
from svet.infra import audit
from svet.kernel.errors import Conflict, DomainError, NotFound

SCORES = range(1, 6)
RATED_WITHIN = timedelta(days=7)


TAPPED_WITHIN = timedelta(minutes=15)
"""A tablet that lost its connection brings the tap later, but not when the visitor is long gone."""


def rate_visit(code: str, *, score: int, comment: str, way: RatedBy = RatedBy.LINK, at: datetime) -> None:
    """Keep what a visitor says of his visit.

    Raises NotFound("no_such_ticket"), DomainError("visit_score_is_wrong"), Conflict("visit_is_not_over"),
    Conflict("visit_is_rated").
    """
    found = queries.ticket_by_code(code)
    with transaction.atomic():
        row = locked_ticket(found.ticket_id, office_code=found.office_code)
        _rate(row, score=score, comment=comment, way=way, within=RATED_WITHIN, at=at)


def rate_at_window(ticket_id: int, *, office_code: str, window_id: int, score: int, at: datetime) -> None:
    """Keep the tap on the tablet of a window, for the visit that ended there and for no other.

    Raises as `rate_visit`; NotFound("no_such_ticket") also for a visit at another window.
    """
    with transaction.atomic():
        row = locked_ticket(ticket_id, office_code=office_code)
        if row.window_id != window_id:
            raise NotFound("no_such_ticket")
        _rate(row, score=score, comment="", way=RatedBy.TABLET, within=TAPPED_WITHIN, at=at)


def _rate(row: Ticket, *, score: int, comment: str, way: RatedBy, within: timedelta, at: datetime) -> None:
    """Keep the rating, inside the transaction that locked the hall: a second one comes after the first is seen."""
    if score not in SCORES:
        raise DomainError("visit_score_is_wrong")
    if row.state != State.SERVED or row.ended_at is None or at > row.ended_at + within:
        raise Conflict("visit_is_not_over")
    if VisitRating.objects.filter(ticket=row).exists():
        raise Conflict("visit_is_rated")
    VisitRating.objects.create(ticket=row, score=score, comment=comment.strip()[:1000], way=way, at=at)
    audit.record(
        "visits.visit_rated",
        target_kind="ticket",
        target_id=row.pk,
        at=at,
        data={"ticket_id": row.pk, "office": row.office_code, "score": score, "way": way},
        fact="visits.visit_rated",
    )

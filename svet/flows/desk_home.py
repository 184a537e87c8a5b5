"""What waits for a member of staff, counted only where the person's rights reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from svet.domains.access.rules import Right
from svet.domains.billing import queries as billing
from svet.domains.billing.queries import RunProgress
from svet.domains.cases import queries as cases
from svet.domains.cases.queries import BetweenTwo
from svet.domains.content import queries as content
from svet.domains.content.rules import Freshness
from svet.domains.metering import queries as metering
from svet.domains.payments import queries as payments
from svet.flows import gis_pages
from svet.infra.clock import MOSCOW

MOST = 1000
_LEADS = frozenset({Right.ANSWER_CASES, Right.SEE_SERVICE_FIGURES})


@dataclass(frozen=True, slots=True)
class Waiting:
    """Numbers of things that wait; None where the person has no right to them. `cases`: his open, those overdue.

    `escalated`: cases whose term passed, for those who lead. `pages`: pages of the site to be read again.
    """

    held_readings: int | None
    unidentified: tuple[int, Decimal] | None
    latest_run: RunProgress | None
    cases: tuple[int, int] | None
    between_two: BetweenTwo | None
    escalated: int | None
    gis_trouble: int | None
    pages: int | None


def waiting(user_id: int, *, rights: frozenset[Right], at: datetime) -> Waiting:
    """Return what waits for an employee with these rights."""
    return Waiting(
        held_readings=len(metering.held(limit=MOST)) if Right.REVIEW_READINGS in rights else None,
        unidentified=payments.unidentified_total() if Right.ASSIGN_PAYMENTS in rights else None,
        cases=cases.waiting_for(user_id, at=at) if Right.ANSWER_CASES in rights else None,
        between_two=cases.between_two(user_id) if Right.ANSWER_CASES in rights else None,
        escalated=cases.escalated_count(user_id) if rights >= _LEADS else None,
        gis_trouble=gis_pages.trouble(at=at) if Right.KEEP_REFERENCE in rights else None,
        pages=_pages_to_review(at) if Right.EDIT_CONTENT in rights else None,
        latest_run=next(iter(billing.runs(limit=1)), None) if Right.RUN_BILLING in rights else None,
    )


def _pages_to_review(at: datetime) -> int:
    today = at.astimezone(MOSCOW).date()
    mandatory = sum(one.state is not Freshness.FRESH for one in content.freshness(on=today))
    return mandatory + len(content.others_to_review(on=today))

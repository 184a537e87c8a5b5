"""Who is away, and his open cases handed over: nothing waits for somebody on holiday."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.cases.actions.events import append, locked, tell
from svet.domains.cases.actions.standing import is_barred_from
from svet.domains.cases.models import Absence, Case
from svet.domains.cases.rules.register import OPEN_STATES, EventKind
from svet.infra import audit
from svet.infra.clock import MOSCOW
from svet.infra.fields import to_range
from svet.kernel.errors import Conflict, DomainError
from svet.kernel.period import Period

E = EventKind


def be_away(user_id: int, *, period: Period, deputy_id: int | None, by: int, at: datetime) -> None:
    """Write down that an employee is away and who takes over; from the first day his cases go there.

    Raises Conflict("absence_overlaps"), DomainError("deputy_is_himself").
    """
    if deputy_id == user_id:
        raise DomainError("deputy_is_himself")
    with transaction.atomic():
        if Absence.objects.filter(user_id=user_id, valid__overlap=to_range(period)).exists():
            raise Conflict("absence_overlaps")
        row = Absence.objects.create(user_id=user_id, deputy_id=deputy_id, valid=to_range(period))
        data = {"deputy_id": deputy_id, "from": period.start, "until": period.end, "by": by}
        audit.record("cases.be_away", target_kind="absence", target_id=row.pk, at=at, data=data)
    hand_over_absent(at=at)


def hand_over_absent(*, at: datetime) -> int:
    """Hand over the open cases of those who are away since today; return how many. Barred ones queue."""
    on, moved = at.astimezone(MOSCOW).date(), 0
    for absence in Absence.objects.filter(valid__contains=on, handed_over_at=None).order_by("pk"):
        moved += hand_over(absence.user_id, to=absence.deputy_id, by=None, at=at, reason="absence")
        absence.handed_over_at = at
        absence.save(update_fields=["handed_over_at"])
    return moved


def hand_over(user_id: int, *, to: int | None, by: int | None, at: datetime, reason: str) -> int:
    """Hand all open cases of an employee to another, or back into the queue (None); return how many.

    A case that is about the other, or that he may not answer, goes into the queue.
    """
    mine = Case.objects.filter(assignee_id=user_id, state__in=OPEN_STATES).order_by("pk").values_list("pk", flat=True)
    for case_id in list(mine):
        with transaction.atomic():
            case = locked(case_id)
            if case.assignee_id != user_id or case.state not in OPEN_STATES:
                continue
            data = {"from": user_id, "to": to, "reason": reason[:500]}
            if to is None or is_barred_from(case_id, user_id=to):
                append(case, E.RETURNED, at=at, by=by, data=data)
            else:
                append(case, E.HANDED_OVER, at=at, by=by, data=data)
            tell(case, "case_handed_over", at=at, data=data)
    return len(mine)

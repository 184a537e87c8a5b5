"""The end of a day: whoever was not called is kept as such, and nobody sits at a window over night."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.visits.actions.duties import end
from svet.domains.visits.actions.telling import lock_hall, tell
from svet.domains.visits.models import Duty, Ticket
from svet.domains.visits.rules import ACTIVE, Happened, State
from svet.infra.clock import MOSCOW


def end_days(*, at: datetime) -> int:
    """Close the tickets and duties of days that are over; return how many tickets nobody called."""
    today, expired = at.astimezone(MOSCOW).date(), 0
    old = Ticket.objects.filter(day__lt=today, state__in=ACTIVE)
    begun = Duty.objects.filter(ended_at=None)
    halls = set(old.values_list("office_code", flat=True)) | {
        code
        for code, since in begun.values_list("window__office_code", "began_at")
        if since.astimezone(MOSCOW).date() < today
    }
    for office_code in sorted(halls):
        with transaction.atomic():
            lock_hall(office_code)
            for duty in Duty.objects.select_related("window").filter(window__office_code=office_code, ended_at=None):
                if duty.began_at.astimezone(MOSCOW).date() < today:
                    end(duty, at=at, by=None)
            for row in Ticket.objects.select_related("series").filter(
                office_code=office_code, day__lt=today, state__in=ACTIVE
            ):
                row.state, row.ended_at = State.EXPIRED, at
                tell(row, Happened.EXPIRED, at=at)
                expired += 1
    return expired

"""Hours or services of an office change under bookings: whoever it cannot take is told, who fits again is told too."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from svet.domains.offices import queries as offices
from svet.domains.offices.rules import Audience
from svet.domains.visits.actions.telling import lock_hall
from svet.domains.visits.models import Booking
from svet.domains.visits.queries.booking import spans_of
from svet.domains.visits.queries.hall import why_not_given
from svet.domains.visits.rules.slots import fits
from svet.infra import audit
from svet.infra.clock import MOSCOW
from svet.kernel.errors import NotFound


def displace_bookings(*, at: datetime) -> int:
    """Compare all bookings ahead with hours and services as they are; return how many were displaced or stand again."""
    ahead = Booking.objects.filter(cancelled_at=None, came_at=None, starts_at__gt=at)
    changed = 0
    for office_code in sorted(set(ahead.values_list("office_code", flat=True))):
        with transaction.atomic():
            lock_hall(office_code)
            for row in ahead.select_related("series").filter(office_code=office_code).order_by("starts_at", "pk"):
                changed += _compare(row, at=at)
    return changed


def _compare(row: Booking, *, at: datetime) -> bool:
    why = _why_closed(row, today=at.astimezone(MOSCOW).date())
    if (why is None) == (row.displaced_at is None):
        return False
    how = "booking_stands" if why is None else "booking_displaced"
    row.displaced_at, row.displaced_why = (None, "") if why is None else (at, why[:200])
    row.save(update_fields=["displaced_at", "displaced_why"])
    audit.record(
        f"visits.{how}",
        target_kind="booking",
        target_id=row.pk,
        at=at,
        data={"booking_id": row.pk, "starts_at": row.starts_at},
        reason=row.displaced_why,
        fact=f"visits.{how}",
    )
    return True


def _why_closed(row: Booking, *, today: date) -> str | None:
    """Return why the office does not serve the booked time; None when it does."""
    try:
        office = offices.office(row.office_code)
    except NotFound:
        return "офис больше не работает"
    day = row.starts_at.astimezone(MOSCOW).date()
    plan = offices.hours_on(office.office_id, Audience(row.audience), day)
    if not fits(spans_of(plan), row.starts_at, minutes=row.series.slot_minutes):
        return plan.reason or "изменились часы приёма"
    why = why_not_given(row.office_code, row.series_id, on=day, today=today)
    return None if why is None else f"эту услугу в этот день не оказываем: {why}"

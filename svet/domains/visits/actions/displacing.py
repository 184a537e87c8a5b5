"""Hours or services of an office change under bookings: whoever it cannot take is told, who fits again is told too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from svet.domains.offices import queries as offices
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.opening import Timetable
from svet.domains.visits.actions.telling import lock_hall
from svet.domains.visits.models import Booking
from svet.domains.visits.queries.booking import spans_of
from svet.domains.visits.queries.hall import ClosingView, closings_of
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
            rows = list(ahead.select_related("series").filter(office_code=office_code).order_by("starts_at", "pk"))
            given = _given(office_code, rows, today=at.astimezone(MOSCOW).date())
            changed += sum(_compare(row, given, at=at) for row in rows)
    return changed


@dataclass(frozen=True, slots=True)
class _Given:
    """What an office gives on the days of its bookings, read once; `hours` None: it is no more."""

    hours: Timetable | None
    closings: Sequence[ClosingView]
    today: date

    def why_not(self, row: Booking) -> str | None:
        """Return why the booked time cannot be served; None when it can."""
        if self.hours is None:
            return "офис больше не работает"
        day = row.starts_at.astimezone(MOSCOW).date()
        plan = self.hours.plan(Audience(row.audience), day)
        if not fits(spans_of(plan), row.starts_at, minutes=row.series.slot_minutes):
            return plan.reason or "изменились часы приёма"
        closed = (one for one in self.closings if one.series_id == row.series_id and self._stands(one, day))
        why = next((one.reason for one in closed), None)
        return None if why is None else f"эту услугу в этот день не оказываем: {why}"

    def _stands(self, closing: ClosingView, day: date) -> bool:
        """Whether a closing is in the way of a day; until further notice of today and tomorrow: who knows of later."""
        last = closing.last_on or self.today + timedelta(days=1)
        return closing.first_on <= day <= last


def _given(office_code: str, rows: Sequence[Booking], *, today: date) -> _Given:
    if not rows:
        return _Given(None, (), today)
    first, last = (row.starts_at.astimezone(MOSCOW).date() for row in (rows[0], rows[-1]))
    closings = closings_of(office_code, since=today)
    try:
        office = offices.office(office_code)
    except NotFound:
        return _Given(None, closings, today)
    return _Given(offices.timetable(office.office_id, first_on=first, days=(last - first).days + 1), closings, today)


def _compare(row: Booking, given: _Given, *, at: datetime) -> bool:
    why = given.why_not(row)
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

"""Reads of hours on given days: the weeks, the exceptions and the production calendar, brought to one timetable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.db.models import Q

from svet.domains.offices.models import HoursException, Office, OfficeHours
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.hours import DayHours
from svet.domains.offices.rules.opening import LOOK_AHEAD_DAYS, Exceptional, Plan, ProductionCalendar, Timetable
from svet.domains.tariffs import queries as tariffs
from svet.infra.fields import to_period
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """An exception of hours as the desk lists it; no office: all of them."""

    exception_id: int
    office: str
    audience: str
    first_on: date
    last_on: date
    opens_at: time | None
    closes_at: time | None
    reason: str


def hours_on(office_id: int, audience: Audience, day: date) -> Plan:
    """Return the hours of an office for a kind of customer on a day; raise NotFound("no_such_office")."""
    return timetable(office_id, first_on=day, days=1).plan(audience, day)


def timetable(office_id: int, *, first_on: date, days: int = LOOK_AHEAD_DAYS) -> Timetable:
    """Return what decides about an office's hours in the days from `first_on` on; raise NotFound."""
    found = timetables([office_id], first_on=first_on, days=days)
    if office_id not in found:
        raise NotFound("no_such_office", office=office_id)
    return found[office_id]


def timetables(
    office_ids: Iterable[int] | None = None, *, first_on: date, days: int = LOOK_AHEAD_DAYS
) -> dict[int, Timetable]:
    """Return the timetables of these offices (of all without a list) by id; they hold for `days` days."""
    asked = Office.objects.all() if office_ids is None else Office.objects.filter(pk__in=list(office_ids))
    known = set(asked.values_list("pk", flat=True))
    last_on = first_on + timedelta(days=days)
    weeks: dict[int, dict[Audience, list[DayHours]]] = {pk: {} for pk in known}
    rows = OfficeHours.objects.filter(office_id__in=known).order_by("office_id", "audience", "weekday")
    told: Iterable[Any] = rows.values_list(
        "office_id", "audience", "weekday", "opens_at", "closes_at", "break_from", "break_until"
    )
    for office_id, audience, *hours in told:  # hundreds of rows: no object of each
        weeks[office_id].setdefault(Audience(audience), []).append(DayHours(*hours))
    exceptions = _exceptions(known, first_on=first_on, last_on=last_on)
    calendar = ProductionCalendar(tariffs.days_off(first_on=first_on, last_on=last_on), tariffs.calendar_years())
    return {
        pk: Timetable(
            office_id=pk,
            week={audience: tuple(days) for audience, days in week.items()},
            exceptions=tuple(one for one in exceptions if one.office_id in {None, pk}),
            calendar=calendar,
        )
        for pk, week in weeks.items()
    }


def exceptions_listed(*, from_on: date) -> list[ExceptionView]:
    """Return the exceptions that last on or after a day, the earliest first."""
    rows = HoursException.objects.select_related("office").filter(valid__endswith__gt=from_on).order_by("valid", "pk")
    return [
        ExceptionView(
            exception_id=row.pk,
            office=str(row.office) if row.office else "",
            audience=row.audience,
            first_on=to_period(row.valid).start,
            last_on=_last_on(row),
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            reason=row.reason,
        )
        for row in rows
    ]


def _exceptions(office_ids: Iterable[int], *, first_on: date, last_on: date) -> list[Exceptional]:
    rows = HoursException.objects.filter(
        Q(office_id__in=office_ids) | Q(office=None), valid__overlap=(first_on, last_on + timedelta(days=1))
    )
    return [
        Exceptional(
            first_on=to_period(row.valid).start,
            last_on=_last_on(row),
            reason=row.reason,
            office_id=row.office_id,
            audience=Audience(row.audience) if row.audience else None,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
        )
        for row in rows
    ]


def _last_on(row: HoursException) -> date:
    """Return the last day: an exception always has one (a named constraint)."""
    end: date = row.valid.upper
    return end - timedelta(days=1)

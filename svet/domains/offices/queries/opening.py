"""Reads of hours on given days: the weeks, the exceptions and the production calendar, brought to one timetable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.db.models import Q

from svet.domains.offices.models import HoursException, Office, OfficeHours
from svet.domains.offices.queries.directory import OfficeView, view_of
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.hours import DayHours
from svet.domains.offices.rules.opening import LOOK_AHEAD_DAYS, Exceptional, Plan, ProductionCalendar, Timetable
from svet.domains.tariffs import queries as tariffs
from svet.infra.fields import to_period
from svet.kernel.errors import NotFound

Week = dict[Audience, list[DayHours]]


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
    rows = OfficeHours.objects.filter(office_id=office_id).order_by("audience", "weekday")
    told: Iterable[Any] = rows.values_list("audience", "weekday", "opens_at", "closes_at", "break_from", "break_until")
    week: Week = {}
    for audience, *hours in told:
        week.setdefault(Audience(audience), []).append(DayHours(*hours))
    if not week and not Office.objects.filter(pk=office_id).exists():
        raise NotFound("no_such_office", office=office_id)
    return _timetables({office_id: week}, first_on=first_on, days=days)[office_id]


def directory_with_timetables(*, first_on: date) -> list[tuple[OfficeView, Timetable]]:
    """Return all offices in the order of the document with their timetables: the hours are read once for both."""
    rows = list(Office.objects.prefetch_related("hours").order_by("order", "code"))
    weeks: dict[int, Week] = {row.pk: {} for row in rows}
    for row in rows:
        for one in sorted(row.hours.all(), key=lambda hours: hours.weekday):
            day = DayHours(one.weekday, one.opens_at, one.closes_at, one.break_from, one.break_until)
            weeks[row.pk].setdefault(Audience(one.audience), []).append(day)
    tables = _timetables(weeks, first_on=first_on, days=LOOK_AHEAD_DAYS)
    return [(view_of(row), tables[row.pk]) for row in rows]


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


def _timetables(weeks: dict[int, Week], *, first_on: date, days: int) -> dict[int, Timetable]:
    last_on = first_on + timedelta(days=days)
    exceptions = _exceptions(weeks, first_on=first_on, last_on=last_on)
    calendar = ProductionCalendar(tariffs.days_off(first_on=first_on, last_on=last_on), tariffs.calendar_years())
    return {
        pk: Timetable(
            office_id=pk,
            week={audience: tuple(hours) for audience, hours in week.items()},
            exceptions=tuple(one for one in exceptions if one.office_id in {None, pk}),
            calendar=calendar,
        )
        for pk, week in weeks.items()
    }


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

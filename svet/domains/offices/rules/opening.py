"""When an office serves on a given day, and whether it is open at a moment: timetable, production calendar, exceptions.

A *plan* is one day of one audience. What decides, the strongest first: an exception of this office, an exception of
all offices, a public holiday or a transferred day off, a weekend that is worked, the day before a holiday, the week.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.hours import DayHours

HOLIDAYS: dict[tuple[int, int], str] = {
    **{(1, day): "Новогодние каникулы" for day in (1, 2, 3, 4, 5, 6, 8)},
    (1, 7): "Рождество Христово",
    (2, 23): "День защитника Отечества",
    (3, 8): "Международный женский день",
    (5, 1): "Праздник Весны и Труда",
    (5, 9): "День Победы",
    (6, 12): "День России",
    (11, 4): "День народного единства",
}
"""Non-working holidays (Labour Code, art. 112); they hold in years whose calendar is not out yet."""

SHORTER_BY = timedelta(hours=1)
"""The working day right before a non-working holiday (Labour Code, art. 95)."""

LOOK_AHEAD_DAYS = 60
FRIDAY, SATURDAY = 5, 6


class Why(StrEnum):
    """Why a day is as it is."""

    TIMETABLE = "timetable"
    NOT_SERVED = "not_served"
    DAY_OFF = "day_off"
    HOLIDAY = "holiday"
    BEFORE_HOLIDAY = "before_holiday"
    WORKED_WEEKEND = "worked_weekend"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class Exceptional:
    """Days on which hours are other than the week says, both ends inclusive; no `opens_at`: closed.

    No office: all of them. No audience: both.
    """

    first_on: date
    last_on: date
    reason: str
    office_id: int | None = None
    audience: Audience | None = None
    opens_at: time | None = None
    closes_at: time | None = None

    def covers(self, day: date, audience: Audience) -> bool:
        """Say whether it is about this day and kind of customer."""
        return self.first_on <= day <= self.last_on and self.audience in {None, audience}


@dataclass(frozen=True, slots=True)
class ProductionCalendar:
    """Days off with their names (plain weekends have none), for the years that are loaded."""

    days_off: Mapping[date, str]
    years: frozenset[int]

    def holiday(self, day: date) -> str:
        """Return the name of a public holiday or a transferred day off; empty on other days, weekends too."""
        return self.days_off.get(day) or HOLIDAYS.get((day.month, day.day), "")

    def is_worked_weekend(self, day: date) -> bool:
        """Whether people work on this Saturday or Sunday because its rest was moved to another day."""
        return day.isoweekday() >= SATURDAY and day.year in self.years and day not in self.days_off

    def is_before_holiday(self, day: date) -> bool:
        """Whether the next day is a non-working holiday of the law; a transferred day off does not count."""
        following = day + timedelta(days=1)
        return (following.month, following.day) in HOLIDAYS and not self.holiday(day)


@dataclass(frozen=True, slots=True)
class Plan:
    """The hours of one day for one kind of customer; no `opens_at`: closed. A break has both ends or none."""

    day: date
    why: Why
    reason: str = ""
    opens_at: time | None = None
    closes_at: time | None = None
    break_from: time | None = None
    break_until: time | None = None

    @property
    def is_open(self) -> bool:
        """Whether anybody is served on the day."""
        return self.opens_at is not None

    @property
    def is_usual(self) -> bool:
        """Whether the day is as the week says."""
        return self.why in {Why.TIMETABLE, Why.NOT_SERVED, Why.DAY_OFF}

    @property
    def spans(self) -> tuple[tuple[time, time], ...]:
        """The hours in which people are served, without the break."""
        if self.opens_at is None or self.closes_at is None:
            return ()
        if self.break_from is None or self.break_until is None:
            return ((self.opens_at, self.closes_at),)
        return ((self.opens_at, self.break_from), (self.break_until, self.closes_at))


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether an office serves at a moment. Open: until when, and whether a break comes then. Closed: when again."""

    is_open: bool
    plan: Plan
    until: datetime | None = None
    opens_at: datetime | None = None
    is_break: bool = False


@dataclass(frozen=True, slots=True)
class Timetable:
    """All that decides about one office's hours: the weeks of its audiences, its exceptions, the calendar."""

    office_id: int
    week: Mapping[Audience, tuple[DayHours, ...]]
    exceptions: tuple[Exceptional, ...]
    calendar: ProductionCalendar

    def plan(self, audience: Audience, day: date) -> Plan:
        """Return the hours of a day.

        An exception of the office goes before one of all offices, one for an audience before one for both.
        """
        week = self.week.get(audience, ())
        if not week:
            return Plan(day, Why.NOT_SERVED)
        own = [one for one in self.exceptions if one.covers(day, audience)]
        if own:
            nearest = max(own, key=lambda one: (one.office_id is not None, one.audience is not None))
            return Plan(day, Why.EXCEPTION, nearest.reason, nearest.opens_at, nearest.closes_at)
        holiday = self.calendar.holiday(day)
        if holiday:
            return Plan(day, Why.HOLIDAY, holiday)
        return self._usual(week, day)

    def serves(self, audience: Audience) -> bool:
        """Whether the office serves this kind of customer at all."""
        return bool(self.week.get(audience))

    def at(self, moment: datetime, audience: Audience) -> Opening:
        """Say whether the office is open at a moment of its local time, until when, or when it opens next."""
        today = self.plan(audience, moment.date())
        now = moment.time()
        for place, (since, until) in enumerate(today.spans):
            if since <= now < until:
                return Opening(True, today, until=_at(moment, today.day, until), is_break=place + 1 < len(today.spans))
        in_break = any(until <= now for _, until in today.spans) and any(now < since for since, _ in today.spans)
        return Opening(False, today, opens_at=self._next_opening(moment, audience), is_break=in_break)

    def _next_opening(self, moment: datetime, audience: Audience) -> datetime | None:
        for ahead in range(LOOK_AHEAD_DAYS):
            plan = self.plan(audience, moment.date() + timedelta(days=ahead))
            for since, _ in plan.spans:
                opens = _at(moment, plan.day, since)
                if opens > moment:
                    return opens
        return None

    def _usual(self, week: Iterable[DayHours], day: date) -> Plan:
        hours = {entry.weekday: entry for entry in week}
        row, why = hours.get(day.isoweekday()), Why.TIMETABLE
        if row is None and self.calendar.is_worked_weekend(day):
            row, why = hours.get(FRIDAY), Why.WORKED_WEEKEND
        if row is None:
            return Plan(day, Why.DAY_OFF)
        plan = Plan(day, why, "", row.opens_at, row.closes_at, row.break_from, row.break_until)
        return _shortened(plan) if self.calendar.is_before_holiday(day) else plan


def differing(timetable: Timetable, *, audience: Audience, first_on: date, days: int) -> list[Plan]:
    """Return the plans of the coming days that are not as the week says."""
    plans = (timetable.plan(audience, first_on + timedelta(days=ahead)) for ahead in range(days))
    return [plan for plan in plans if not plan.is_usual]


def _shortened(plan: Plan) -> Plan:
    """Close an hour earlier; a day or an end that is too short to lose an hour stays as it is."""
    if plan.opens_at is None or plan.closes_at is None:
        return plan
    closes_at = (datetime.combine(plan.day, plan.closes_at) - SHORTER_BY).time()
    if closes_at <= (plan.break_until or plan.opens_at) or closes_at > plan.closes_at:
        return plan
    return replace(plan, why=Why.BEFORE_HOLIDAY, closes_at=closes_at)


def _at(moment: datetime, day: date, clock_time: time) -> datetime:
    return datetime.combine(day, clock_time, tzinfo=moment.tzinfo)

"""Working days, and deadlines computed from them. The calendar itself is data that callers pass in."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are off (weekends, holidays, transferred days), for the years the data covers."""

    days_off: Set[date]
    first_on: date
    last_on: date

    def is_working(self, day: date) -> bool:
        """Say whether people work on `day`; raise ValueError outside the years covered."""
        if not self.first_on <= day <= self.last_on:
            raise ValueError(f"the production calendar does not cover {day}")
        return day not in self.days_off

    def next_working(self, day: date) -> date:
        """Return `day` itself, or the first working day after it (Civil Code, art. 193)."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the day on which `count` working days after `day` have passed (day itself is not counted)."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day

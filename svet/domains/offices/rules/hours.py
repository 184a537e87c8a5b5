"""Working hours of a week: facts of one weekday, and the week as people read it, in groups of equal days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

MONDAY, SUNDAY = 1, 7


@dataclass(frozen=True, slots=True, order=True)
class DayHours:
    """One working weekday (1 = Monday). A break has both ends or none."""

    weekday: int
    opens_at: time
    closes_at: time
    break_from: time | None = None
    break_until: time | None = None


@dataclass(frozen=True, slots=True)
class WeekHours:
    """Neighbouring weekdays with the same hours, both ends inclusive; no `opens_at`: closed on them."""

    from_weekday: int
    until_weekday: int
    opens_at: time | None = None
    closes_at: time | None = None
    break_from: time | None = None
    break_until: time | None = None

    @property
    def is_open(self) -> bool:
        """Whether these are working days."""
        return self.opens_at is not None


def answers_at(moment: datetime, *, from_weekday: int, until_weekday: int, opens_at: time, closes_at: time) -> bool:
    """Say whether a line with these days and hours is answered at a moment of local time.

    >>> answers_at(datetime(2026, 11, 18, 9), from_weekday=1, until_weekday=5, opens_at=time(8), closes_at=time(17))
    True
    >>> answers_at(datetime(2026, 11, 22, 9), from_weekday=1, until_weekday=5, opens_at=time(8), closes_at=time(17))
    False
    """
    is_day = from_weekday <= moment.isoweekday() <= until_weekday
    return is_day and opens_at <= moment.time() < closes_at


def grouped(days: Iterable[DayHours]) -> tuple[WeekHours, ...]:
    """Return the whole week, Monday to Sunday, in groups of equal days; closed days are named too.

    >>> [(g.from_weekday, g.until_weekday, g.is_open) for g in grouped([DayHours(1, time(8), time(17))])]
    [(1, 1, True), (2, 7, False)]
    """
    working = {day.weekday: day for day in days}
    groups: list[WeekHours] = []
    for weekday in range(MONDAY, SUNDAY + 1):
        day = working.get(weekday)
        hours = (day.opens_at, day.closes_at, day.break_from, day.break_until) if day else (None, None, None, None)
        last = groups[-1] if groups else None
        if last and (last.opens_at, last.closes_at, last.break_from, last.break_until) == hours:
            groups[-1] = WeekHours(last.from_weekday, weekday, *hours)
        else:
            groups.append(WeekHours(weekday, weekday, *hours))
    return tuple(groups)

"""Periods of days and calendar months: half-open, local dates, no clock.

A `Period` holds its start and not its end; an end of None means "still going on".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` up to but not including `end` (None: without end)."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"a period must hold at least one day: {self.start} .. {self.end}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    @property
    def days(self) -> int:
        """The number of days; raise ValueError for a period without end."""
        if self.end is None:
            raise ValueError("a period without end has no number of days")
        return (self.end - self.start).days

    @property
    def last_on(self) -> date | None:
        """The last day inside, None for a period without end."""
        return None if self.end is None else self.end - timedelta(days=1)

    def overlap(self, other: Period) -> Period | None:
        """Return the days in both, or None when there are none.

        >>> Month("2026-03").period.overlap(Period(date(2026, 3, 10))).start
        datetime.date(2026, 3, 10)
        """
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends, default=None)
        return None if end is not None and end <= start else Period(start, end)

    def split_at(self, days: Iterable[date]) -> list[Period]:
        """Return this period cut at each of `days` that lies strictly inside, in order.

        >>> [p.days for p in Month("2026-02").period.split_at([date(2026, 2, 11)])]
        [10, 18]
        """
        inside = sorted({d for d in days if d in self and d != self.start})
        borders: list[date | None] = [self.start, *inside, self.end]
        return [Period(start, end) for start, end in pairwise(borders) if start is not None]


def gaps(period: Period, covers: Iterable[Period]) -> list[Period]:
    """Return the parts of `period` that no element of `covers` holds, in order.

    >>> gaps(Month("2026-01").period, [Period(date(2026, 1, 5))])[0].days
    4
    """
    found: list[Period] = []
    start: date | None = period.start
    for cover in sorted(covers, key=lambda p: p.start):
        if start is None or (period.end is not None and start >= period.end):
            break
        if cover.start > start:
            found.append(Period(start, cover.start if period.end is None else min(cover.start, period.end)))
        if cover.end is None:
            start = None
        elif cover.end > start:
            start = cover.end
    if start is not None and (period.end is None or start < period.end):
        found.append(Period(start, period.end))
    return found


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, the settlement period (clause B4). Written and stored as "2026-03"."""

    text: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", self.text):
            raise ValueError(f"not a month: {self.text!r}")

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month that holds `day`."""
        return cls(f"{day:%Y-%m}")

    @property
    def first_on(self) -> date:
        """The first day; months are stored in the database as this date."""
        return date(int(self.text[:4]), int(self.text[5:]), 1)

    @property
    def last_on(self) -> date:
        """The last day."""
        return self.next.first_on - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days the month has."""
        return self.period.days

    @property
    def period(self) -> Period:
        """The half-open period of the month's days."""
        return Period(self.first_on, self.next.first_on)

    @property
    def next(self) -> Month:
        """The month after."""
        return self.plus(1)

    @property
    def previous(self) -> Month:
        """The month before."""
        return self.plus(-1)

    def plus(self, months: int) -> Month:
        """Return the month that many months later (earlier when negative).

        >>> Month("2025-11").plus(3).text
        '2026-02'
        """
        count = self.first_on.year * 12 + self.first_on.month - 1 + months
        return Month(f"{count // 12:04d}-{count % 12 + 1:02d}")

    def __str__(self) -> str:
        return self.text

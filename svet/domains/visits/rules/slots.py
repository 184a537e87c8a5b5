"""Times to book: the hours of a day cut into equal slots, of which only those far enough ahead are offered. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

REMINDED_BEFORE = timedelta(hours=20)
"""A morning's visitor is reminded on the afternoon before, and has the time to cancel."""


@dataclass(frozen=True, slots=True)
class BookingTerms:
    """How long before and after its time a booking is honoured, how far ahead one books."""

    ahead_days: int
    at_least: timedelta
    comes_before: timedelta
    comes_after: timedelta


@dataclass(frozen=True, slots=True)
class Slot:
    """A time to come, and how many places of it are free."""

    starts_at: datetime
    free: int


def slots(
    spans: Sequence[tuple[datetime, datetime]],
    *,
    minutes: int,
    places: int,
    taken: Mapping[datetime, int],
    at: datetime,
    terms: BookingTerms,
) -> list[Slot]:
    """Return the slots of a day, free and full; a slot that does not end within its hours is left out.

    >>> day = datetime(2026, 11, 27, 8)
    >>> spans, half = [(day, day + timedelta(minutes=50))], timedelta(minutes=30)
    >>> terms, before = BookingTerms(14, half, half, half), day - timedelta(days=1)
    >>> [one.free for one in slots(spans, minutes=20, places=2, taken={day: 1}, at=before, terms=terms)]
    [1, 2]
    """
    step, found = timedelta(minutes=minutes), []
    for since, until in spans:
        moment = since
        while moment + step <= until:
            if moment >= at + terms.at_least:
                found.append(Slot(moment, max(places - taken.get(moment, 0), 0)))
            moment += step
    return found


def fits(spans: Sequence[tuple[datetime, datetime]], starts_at: datetime, *, minutes: int) -> bool:
    """Say whether a booked time lies within the hours of its day.

    >>> eight = datetime(2026, 11, 27, 8)
    >>> hours = [(eight, eight + timedelta(hours=4))]
    >>> [fits(hours, eight + timedelta(minutes=late), minutes=20) for late in (-20, 0, 220, 230)]
    [False, True, True, False]
    """
    ends_at = starts_at + timedelta(minutes=minutes)
    return any(since <= starts_at and ends_at <= until for since, until in spans)


def counts_from(starts_at: datetime, came_at: datetime, *, terms: BookingTerms) -> datetime | None:
    """Return from when a booking waits: its time, or the coming when late; None when it is too late to count as one.

    >>> nine = datetime(2026, 11, 27, 9)
    >>> terms = BookingTerms(14, *[timedelta(minutes=minutes) for minutes in (30, 30, 15)])
    >>> [counts_from(nine, nine + timedelta(minutes=late), terms=terms) for late in (-10, 5, 16)]
    [datetime.datetime(2026, 11, 27, 9, 0), datetime.datetime(2026, 11, 27, 9, 5), None]
    """
    if came_at > starts_at + terms.comes_after:
        return None
    return max(starts_at, came_at)

"""Whether a page may still be believed: absent, empty, without a source, doubtful since an event, or old. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Freshness(StrEnum):
    """What is wrong with a page, the worst first; FRESH is nothing."""

    ABSENT = "absent"
    EMPTY = "empty"
    NO_SOURCE = "no_source"
    NEVER_REVIEWED = "never_reviewed"
    EVENT = "event"
    OLD = "old"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What is known of a published page: whether it says anything, its source, the day it was last read through."""

    has_text: bool
    source: str
    reviewed_on: date | None
    months: int
    event_on: date | None = None


def freshness_of(page: Reviewed | None, *, on: date) -> Freshness:
    """Return what is wrong with a page on a day.

    >>> page = Reviewed(True, "ПП 354", date(2026, 1, 31), 1)
    >>> freshness_of(page, on=date(2026, 2, 27)), freshness_of(page, on=date(2026, 2, 28))
    (<Freshness.FRESH: 'fresh'>, <Freshness.OLD: 'old'>)
    """
    if page is None:
        return Freshness.ABSENT
    if not page.has_text:
        return Freshness.EMPTY
    if not page.source.strip():
        return Freshness.NO_SOURCE
    if page.reviewed_on is None:
        return Freshness.NEVER_REVIEWED
    if page.event_on is not None and page.event_on > page.reviewed_on:
        return Freshness.EVENT
    return Freshness.OLD if on >= review_due_on(page.reviewed_on, months=page.months) else Freshness.FRESH


def review_due_on(reviewed_on: date, *, months: int) -> date:
    """Return the day by which a page must be read again; the last day of a month stays one.

    >>> review_due_on(date(2026, 8, 31), months=6)
    datetime.date(2027, 2, 28)
    """
    total = reviewed_on.year * 12 + reviewed_on.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(reviewed_on.day, monthrange(year, month + 1)[1]))

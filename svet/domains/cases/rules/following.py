"""What an applicant may still do with his case, and which steps of it he is shown. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from svet.domains.cases.rules.register import ANSWERS, OPEN_STATES, EventKind

REOPENS_WITHIN = timedelta(days=30)
"""How long after the answer its applicant may say that it solved nothing (the company's own term)."""
MOST_REOPENINGS = 3
"""So often a case is opened again by a press; after that a new appeal is written."""

SHOWN = (
    EventKind.REGISTERED,
    EventKind.TAKEN,
    EventKind.ASSIGNED,
    EventKind.JOINED,
    EventKind.ASKED,
    EventKind.COMPLETED,
    EventKind.CLOCK_EXTENDED,
    EventKind.CLOCK_PAUSED,
    EventKind.CLOCK_RESUMED,
    EventKind.ANSWERED,
    EventKind.REFUSED,
    EventKind.MERGED,
    EventKind.CLOSED,
    EventKind.REOPENED,
    EventKind.STAGE,
)
"""Steps that are the applicant's business; who did them and colleagues' notes are not."""


def reopens_until(*, state: str, resolution: str, answered_at: datetime | None, reopened: int) -> datetime | None:
    """Return until when an answered case may be opened again by its applicant, None when it may not at all.

    >>> reopens_until(state="case_answered", resolution="explained", answered_at=datetime(2026, 11, 1), reopened=0)
    datetime.datetime(2026, 12, 1, 0, 0)
    >>> reopens_until(state="case_in_work", resolution="", answered_at=None, reopened=0)
    """
    if state in OPEN_STATES or resolution not in ANSWERS or answered_at is None or reopened >= MOST_REOPENINGS:
        return None
    return answered_at + REOPENS_WITHIN

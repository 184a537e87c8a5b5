"""How long until a ticket is called: the queue is played through with the very order of calls.

Known: who waits, which windows are open and when each is free, how long a service of a subject takes on the average in
this office, the hours of the day. Unknown: who comes later and goes first. How far it was off is measured and shown.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from svet.domains.visits.rules.order import Terms, Waiting, may_call, next_ticket
from svet.domains.visits.rules.words import Reason

ENOUGH = 20
"""So many finished services of a subject in the office say how long it takes; of fewer the company's are asked."""
HISTORY_DAYS = 60


@dataclass(frozen=True, slots=True)
class Window:
    """A window that works: what it serves, from when it is free (by expectation), why it called last."""

    window_id: int
    series: frozenset[str]
    free_at: datetime
    recent: tuple[Reason, ...] = ()


def called_at(
    ticket_id: int,
    waiting: Iterable[Waiting],
    windows: Sequence[Window],
    *,
    takes: Mapping[str, timedelta],
    spans: Sequence[tuple[datetime, datetime]],
    at: datetime,
    terms: Terms,
) -> datetime | None:
    """Return when the ticket will be called; None when no open window serves it.

    `takes`: the mean time of a service by series. `spans`: the hours of the day; nobody is called in a break, and what
    is not done at the end goes on after it.

    >>> noon = datetime(2026, 11, 26, 12)
    >>> line = [Waiting(n, "A", noon) for n in (1, 2, 3)]
    >>> window = Window(1, frozenset("A"), noon)
    >>> terms = Terms(first_run=3, booked_run=2, patience=timedelta(minutes=20))
    >>> called_at(3, line, [window], takes={"A": timedelta(minutes=7)}, spans=[], at=noon, terms=terms).minute
    14
    """
    left = {one.ticket_id: one for one in waiting}
    free = [(max(one.free_at, at), place) for place, one in enumerate(windows)]
    recent = [list(one.recent) for one in windows]
    heapq.heapify(free)
    while free and ticket_id in left:
        moment, place = heapq.heappop(free)
        now = _working(moment, spans)
        window = windows[place]
        mine = [one for one in left.values() if may_call(one, window_id=window.window_id, series=window.series)]
        choice = next_ticket(mine, recent=recent[place], at=now, terms=terms)
        if choice is None:
            continue
        if choice.ticket_id == ticket_id:
            return now
        called = left.pop(choice.ticket_id)
        recent[place].append(choice.reason)
        heapq.heappush(free, (now + takes[called.series], place))
    return None


def _working(moment: datetime, spans: Sequence[tuple[datetime, datetime]]) -> datetime:
    """Return the moment, or the beginning of the next hours where it falls between them."""
    for since, until in spans:
        if moment < since:
            return since
        if moment < until:
            return moment
    return moment

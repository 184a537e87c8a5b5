"""Whom a window calls next (clause O5), and why: the reason is kept with the call, so that the order explains itself.

1. Who comes back with a form filled in and who is served out of turn go first; where both wait, they take turns.
2. So that nobody starves: after `first_run` such calls of one window it calls whoever waits longest, if that is
   longer than `patience`.
3. A booking whose time has come goes before those who came without one; after `booked_run` of them one without goes.
4. Then by the time of coming. A booking before its time is called only when nobody else waits for the window.

Pure. The same order makes the forecast, so both say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from svet.domains.visits.rules.words import Reason

FIRST = frozenset({Reason.RETURNED, Reason.OUT_OF_TURN, Reason.BY_HAND})


@dataclass(frozen=True, slots=True)
class Terms:
    """How the order is mixed; dated reference data of the company (`visits_terms`)."""

    first_run: int
    booked_run: int
    patience: timedelta


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who waits. `counts_from`: the moment the wait is counted from (of a booking: its time, or a later coming).

    `window_id`: only this window may call it; None: any that serves the series.
    """

    ticket_id: int
    series: str
    counts_from: datetime
    returned: bool = False
    out_of_turn: bool = False
    booked: bool = False
    window_id: int | None = None

    @property
    def is_first(self) -> bool:
        """Whether it belongs to those who go before the others."""
        return self.returned or self.out_of_turn

    @property
    def turn(self) -> tuple[datetime, int]:
        """The place among equals."""
        return self.counts_from, self.ticket_id


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom to call and why; `passed_over`: how many wait longer and are called later."""

    ticket_id: int
    reason: Reason
    passed_over: int


def next_ticket(waiting: Iterable[Waiting], *, recent: Sequence[Reason], at: datetime, terms: Terms) -> Choice | None:
    """Return whom a window calls of those it may serve; `recent`: the reasons of its last calls, the latest last.

    >>> noon = datetime(2026, 11, 26, 12)
    >>> early, late = Waiting(1, "A", noon), Waiting(2, "A", noon + timedelta(minutes=5), out_of_turn=True)
    >>> terms = Terms(first_run=3, booked_run=2, patience=timedelta(minutes=20))
    >>> next_ticket([early, late], recent=[], at=noon + timedelta(minutes=6), terms=terms).reason
    <Reason.OUT_OF_TURN: 'out_of_turn'>
    """
    line = sorted(waiting, key=lambda one: one.turn)
    due = [one for one in line if one.counts_from <= at]
    if _owed(due, recent, at, terms):
        chosen: tuple[Waiting, Reason] | None = next((one, Reason.WAITED_LONG) for one in due if not one.is_first)
    else:
        chosen = _of_first(due, recent) or _of_others(due, recent, terms)
    if chosen is None and line:
        chosen = line[0], Reason.BOOKED_EARLY
    if chosen is None:
        return None
    one, reason = chosen
    return Choice(one.ticket_id, reason, sum(other.turn < one.turn for other in due))


def may_call(one: Waiting, *, window_id: int, series: frozenset[str]) -> bool:
    """Say whether a window that serves these series may call it."""
    return one.series in series if one.window_id is None else one.window_id == window_id


def _owed(due: Sequence[Waiting], recent: Sequence[Reason], at: datetime, terms: Terms) -> bool:
    """Whether the window called so many first ones in a row that somebody who waits long is owed a call."""
    run = recent[-terms.first_run :]
    spent = len(run) == terms.first_run and all(reason in FIRST for reason in run)
    return spent and any(at - one.counts_from > terms.patience for one in due if not one.is_first)


def _of_first(due: Sequence[Waiting], recent: Sequence[Reason]) -> tuple[Waiting, Reason] | None:
    returned = next((one for one in due if one.returned), None)
    privileged = next((one for one in due if one.out_of_turn and not one.returned), None)
    if returned and privileged:
        last = next((reason for reason in reversed(recent) if reason in FIRST), None)
        returned = None if last == Reason.RETURNED else returned
    if returned:
        return returned, Reason.RETURNED
    return (privileged, Reason.OUT_OF_TURN) if privileged else None


def _of_others(due: Sequence[Waiting], recent: Sequence[Reason], terms: Terms) -> tuple[Waiting, Reason] | None:
    booked = next((one for one in due if one.booked and not one.is_first), None)
    walked_in = next((one for one in due if not one.booked and not one.is_first), None)
    run = recent[-terms.booked_run :]
    spent = len(run) == terms.booked_run and all(reason == Reason.BOOKED for reason in run)
    if booked and not (spent and walked_in):
        return booked, Reason.BOOKED
    return (walked_in, Reason.IN_TURN) if walked_in else None

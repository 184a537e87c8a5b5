"""Background entry points of contacts and appeals."""

from __future__ import annotations

from svet.domains.cases import actions
from svet.infra import clock
from svet.infra.jobs import app


@app.task(queueing_lock="close_abandoned_contacts", pass_context=False)
def close_abandoned_contacts(timestamp: int) -> None:
    """End contacts that were left with the browser closed (every ten minutes; `timestamp` is the timetable's)."""
    actions.close_abandoned(at=clock.now())


@app.task(queueing_lock="tend_clocks", lock="tend_clocks", pass_context=False)
def tend_clocks(timestamp: int) -> None:
    """End pauses whose day is over, warn of terms that come near, escalate those that passed (every ten minutes)."""
    actions.end_pauses(at=clock.now())
    actions.tend_clocks(at=clock.now())


@app.task(queueing_lock="hand_over_absent", pass_context=False)
def hand_over_absent(timestamp: int) -> None:
    """Hand over the appeals of those who are away since today (every night; `timestamp` is the timetable's)."""
    actions.hand_over_absent(at=clock.now())

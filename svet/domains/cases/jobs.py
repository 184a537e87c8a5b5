"""Background entry points of contacts."""

from __future__ import annotations

from svet.domains.cases import actions
from svet.infra import clock
from svet.infra.jobs import app


@app.task(queueing_lock="close_abandoned_contacts", pass_context=False)
def close_abandoned_contacts(timestamp: int) -> None:
    """End contacts that were left with the browser closed (every ten minutes; `timestamp` is the timetable's)."""
    actions.close_abandoned(at=clock.now())

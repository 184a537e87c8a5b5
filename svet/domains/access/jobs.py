"""Background entry points of access."""

from __future__ import annotations

from svet.domains.access import actions
from svet.infra import clock
from svet.infra.jobs import app


@app.task(queueing_lock="forget_codes", pass_context=False)
def forget_codes(timestamp: int) -> int:
    """Delete codes that no limit counts any more (nightly); return how many."""
    return actions.forget_codes(at=clock.now())

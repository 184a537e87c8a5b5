"""Background entry points of accounts."""

from __future__ import annotations

from svet.domains.accounts import actions
from svet.infra import clock
from svet.infra.jobs import app


@app.task(queueing_lock="index_accounts", pass_context=False)
def index_accounts(timestamp: int) -> None:
    """Make the words to search by anew (nightly; `timestamp` is the timetable's): addresses change without a fact."""
    actions.index_all(on=clock.today())

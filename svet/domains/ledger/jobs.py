"""Background entry points of the ledger."""

from __future__ import annotations

import logging

from svet.domains.ledger import queries
from svet.infra.jobs import app

log = logging.getLogger(__name__)


@app.task(queueing_lock="check_turnovers", pass_context=False)
def check_turnovers(timestamp: int) -> int:
    """Compare the last closed month's turnovers with all entries up to it; return how many differ (and log them)."""
    closed = queries.closed_months()
    if not closed:
        return 0
    found = queries.differing_turnovers(closed[-1])
    for one in found:
        log.error(
            "turnover of account %s, %s, %s: stored %s, entries %s",
            one.account_id, one.service, closed[-1], one.stored, one.summed,
        )  # fmt: skip
    return len(found)

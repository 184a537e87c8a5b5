"""When this happens, that follows: the one table of it. Handlers are idempotent and run after commit."""

from __future__ import annotations

from datetime import datetime

from svet.domains.ledger import actions as ledger
from svet.infra import delivery
from svet.infra.models import Fact
from svet.kernel.period import Month


def recheck_closed_month(fact: Fact, at: datetime) -> None:
    """Re-check the stored turnovers of the month that was just closed."""
    ledger.recheck_turnovers(Month(fact.payload["month"]), at=at)


REACTIONS: dict[str, tuple[tuple[str, ...], delivery.Handler]] = {
    # reaction                 facts                       handler
    "recheck_closed_month": (("ledger.month_closed",), recheck_closed_month),
}


def deliver_facts(*, at: datetime) -> int:
    """Hand all waiting facts to their reactions; return how many were seen."""
    seen = 0
    for reaction, (names, handler) in REACTIONS.items():
        while count := delivery.deliver(reaction, names=names, handler=handler, at=at):
            seen += count
        delivery.retry_failed(reaction, handler=handler, at=at)
    return seen

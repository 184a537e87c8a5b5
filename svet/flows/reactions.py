"""When this happens, that follows: the one table of it. Handlers are idempotent and run after commit."""

from __future__ import annotations

from datetime import datetime

from svet.infra import delivery

REACTIONS: dict[str, tuple[tuple[str, ...], delivery.Handler]] = {
    # reaction                 facts                       handler
}


def deliver_facts(*, at: datetime) -> int:
    """Hand all waiting facts to their reactions; return how many were seen."""
    seen = 0
    for reaction, (names, handler) in REACTIONS.items():
        while count := delivery.deliver(reaction, names=names, handler=handler, at=at):
            seen += count
        delivery.retry_failed(reaction, handler=handler, at=at)
    return seen

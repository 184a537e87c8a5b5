"""What the outbox would send, read as the sender reads it: messages with their secrets in the clear."""

from __future__ import annotations

from datetime import timedelta

from svet.domains.notifications import actions
from svet.domains.notifications.actions import Outgoing
from svet.domains.notifications.rules import Channel
from svet.infra import clock


def taken() -> list[Outgoing]:
    """Take all that waits, letters and SMS, the oldest first; each is taken once."""
    at = clock.now() + timedelta(days=1)
    found = [one for channel in Channel for one in actions.claim_waiting(channel=channel, at=at, limit=100)]
    return sorted(found, key=lambda one: one.id)


def code_to(address: str) -> str:
    """Take what waits and return the newest code sent to the address."""
    return next(one.facts["code"] for one in reversed(taken()) if one.address == address and one.kind == "code")


def other_than(code: str) -> str:
    """Return a wrong code."""
    return f"{(int(code) + 1) % 1_000_000:06d}"

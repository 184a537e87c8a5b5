"""How the services are, for everybody: whether work and messages are taken in time. No figures, names or errors.

A quiet service is not a broken one: only what waits too long speaks against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from svet.flows.gis_appeals import GATE as PORTAL
from svet.infra import exchange, inbox, jobs

LONGEST = timedelta(minutes=15)
SMS, MAIL = "sms", "mail"


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """A service by its code; `late_since` None: it keeps up."""

    code: str
    late_since: datetime | None


def statuses(*, at: datetime) -> tuple[ServiceStatus, ...]:
    """Return the site (it answers, or nobody reads this), background work, SMS, mail and the state portal."""
    arrived = inbox.waiting_since()
    since = {"work": jobs.waiting_since(at), SMS: arrived.get(SMS), MAIL: arrived.get(MAIL)}
    has_trouble = exchange.health(PORTAL, at=at).trouble > 0
    return (
        ServiceStatus("site", None),
        *(ServiceStatus(code, _late(one, at)) for code, one in since.items()),
        ServiceStatus("portal", at if has_trouble else None),
    )


def _late(since: datetime | None, at: datetime) -> datetime | None:
    return since if since is not None and at - since > LONGEST else None

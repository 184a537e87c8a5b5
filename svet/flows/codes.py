"""A one-time code on its way: made in access, put into the outbox as a secret message, given back once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from svet.domains.access import actions as access
from svet.domains.access.rules import CodePurpose
from svet.domains.notifications import actions as notifications
from svet.domains.notifications.rules import Channel, MessageKind


def send_code(
    purpose: CodePurpose,
    *,
    target: str,
    subject: str,
    address: tuple[str, str] | None,
    asked_from: str,
    at: datetime,
    customer_id: int | None = None,
) -> str:
    """Send a code that opens `subject` to the `address` (way and value); return the challenge for the asking browser.

    Without an address nothing is sent and the code opens nothing, which nobody is told; the work is the same. Raises
    as `issue_code` does.
    """
    made = access.issue_code(purpose, target=target, subject=subject if address else "", asked_from=asked_from, at=at)
    told: dict[str, Any] = {
        "facts": {"what": purpose.value},
        "secret_facts": {"code": made.code},
        "key": f"code:{made.id}",
        "at": at,
    }
    if address and made.opens:
        notifications.send(MessageKind.CODE, channel=address[0], address=address[1], customer_id=customer_id, **told)
    else:
        notifications.rehearse(MessageKind.CODE, channel=Channel.EMAIL, **told)
    return made.challenge

"""SMS on their way in: the bytes into the inbox first, then noted as a message, then answered by the flow.

Each step may be repeated: the inbox and the message know the gateway's id, and what is settled stays settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog

from svet.domains.notifications import actions, queries
from svet.flows import sms_readings
from svet.infra import inbox
from svet.infra.models import InboxMessage
from svet.surfaces.gates.sms.parse import parse_push, raw_form

log = structlog.get_logger("svet.gates.sms")

GATE = "sms"


def keep(external_id: str, *, headers: Mapping[str, str], body: bytes, at: datetime) -> InboxMessage:
    """Keep what came, whatever it is; the same id again is the first one."""
    raw = raw_form(headers, body=body)
    kept, _ = inbox.receive(
        GATE, external_id=external_id, raw=raw, at=at, content_type=headers.get("Content-Type", "")[:80]
    )
    return kept


def answer_now(kept: InboxMessage, *, at: datetime) -> None:
    """Answer a kept SMS; where that fails now the job does it later."""
    try:
        sms_readings.answer_sms(_noted(kept, at=at), at=at)
    except Exception as error:  # it is kept: the gateway must not bring it again because of our fault
        log.error("sms_cannot_be_answered", inbox_id=kept.pk, error=type(error).__name__)


def answer_kept(*, at: datetime) -> int:
    """Answer everything that was kept and not answered; return how many there were."""
    waiting = inbox.waiting(GATE)
    for kept in waiting:
        answer_now(kept, at=at)
    unread = queries.waiting_sms()
    for sms_id in unread:
        try:
            sms_readings.answer_sms(sms_id, at=at)
        except Exception as error:  # one that cannot be answered must not stop the others
            log.error("sms_cannot_be_answered", sms_id=sms_id, error=type(error).__name__)
    return len(waiting) + len(unread)


def _noted(kept: InboxMessage, *, at: datetime) -> int:
    push = parse_push(bytes(kept.raw))
    sms_id = actions.note_sms(
        kept.external_id, phone=push.phone, text=push.text, is_whole=push.is_whole, received_at=kept.received_at
    )
    if kept.state != "done":
        inbox.finish(kept, at=at, result={"sms_id": sms_id})
    return sms_id

"""What changes in SMS that came: noted once by the gateway's id, then settled once; a question may be settled again.

Whoever settles holds the phone first (`hold_sms`), so that a "yes" and the next reading of one phone wait for each
other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from svet.domains.notifications.models import IncomingSms
from svet.domains.notifications.queries.incoming import SmsView, as_sms
from svet.domains.notifications.rules import SmsState
from svet.infra import outbox
from svet.infra.locking import lock_names
from svet.kernel.errors import Conflict, NotFound

MOST_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an SMS; `facts` are JSON-safe and hold what was understood."""

    state: SmsState
    code: str
    account_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    receipt_number: str = ""
    asked_until: datetime | None = None


def note_sms(external_id: str, *, phone: str, text: str, is_whole: bool, received_at: datetime) -> int:
    """Note an SMS that came and return its id; the same `external_id` again is the one that is there.

    Of a text longer than ten thousand characters the beginning is kept here, all of it in the inbox.
    """
    kept = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()[:MOST_TEXT]
    row, _ = IncomingSms.objects.get_or_create(
        external_id=external_id[:200],
        defaults={"phone": phone[:40], "text": kept, "is_whole": is_whole, "received_at": received_at},
    )
    return row.pk


def hold_sms(sms_id: int) -> SmsView:
    """Return an SMS and keep all others of its phone waiting until the transaction ends; raise NotFound."""
    phone = IncomingSms.objects.filter(pk=sms_id).values_list("phone", flat=True).first()
    if phone is None:
        raise NotFound(table="notifications_incoming_sms", id=sms_id)
    lock_names(f"sms:{phone}")
    return as_sms(IncomingSms.objects.get(pk=sms_id))


def settle_sms(sms_id: int, outcome: Outcome, *, at: datetime, answer_id: int | None = None) -> None:
    """Note what became of an SMS that is new, or of one whose question is answered; raise Conflict for another."""
    row = IncomingSms.objects.get(pk=sms_id)
    if row.state not in {SmsState.NEW, SmsState.ASKED}:
        raise Conflict("sms_is_settled", state=row.state)
    row.state, row.outcome, row.account_id = outcome.state, outcome.code, outcome.account_id
    row.facts, row.receipt_number, row.asked_until = dict(outcome.facts), outcome.receipt_number, outcome.asked_until
    row.answer_id, row.decided_at = answer_id or row.answer_id, at
    row.save()
    outbox.record(
        f"notifications.sms_{outcome.state.value}",
        at=at,
        account_id=outcome.account_id,
        payload={"sms_id": sms_id, "outcome": outcome.code, "receipt": outcome.receipt_number},
    )


def drop_questions(phone: str, *, code: str, at: datetime) -> int:
    """End the questions to this phone that wait, without their readings; return how many there were."""
    waiting = IncomingSms.objects.filter(phone=phone, state=SmsState.ASKED)
    return waiting.update(state=SmsState.DROPPED, outcome=code, asked_until=None, decided_at=at)

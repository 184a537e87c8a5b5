"""What changes in letters that came: kept with their bytes in one transaction, then settled; by a person also anew."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from svet.domains.notifications.models import IncomingMail, MailboxLook
from svet.domains.notifications.queries.mail import MailView, as_mail
from svet.domains.notifications.rules.mail import Mail, MailState, Sorted
from svet.infra import audit, inbox, outbox
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, NotAllowed

GATE = "mail"
BY_HAND = frozenset({MailState.UNUSABLE, MailState.AUTO_REPLY, MailState.BOUNCE, MailState.SET_ASIDE})
"""From where a person may make a case of a letter, join it or set it aside."""


@dataclass(frozen=True, slots=True)
class MailOutcome:
    """What became of a letter; `files` and `refused_files` are JSON-safe descriptions."""

    state: MailState
    sorted: Sorted | None = None
    flags: Sequence[str] = ()
    case_id: int | None = None
    case_number: str = ""
    message_id: int | None = None
    files: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    refused_files: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    note: str = ""


def take_mail(
    raw: bytes, *, mailbox: str, uidvalidity: int, uid: int, at: datetime, size: int, is_whole: bool = True
) -> int:
    """Keep a message with its bytes and return its id; the same message of the mailbox again is the one that is there.

    Of a message that is too large only the headers are kept (`is_whole` false).
    """
    with transaction.atomic():
        inbox.receive(
            GATE, external_id=external_id(mailbox, uidvalidity, uid), raw=raw, at=at, content_type="message/rfc822"
        )
        row, _ = IncomingMail.objects.get_or_create(
            mailbox=mailbox,
            uidvalidity=uidvalidity,
            uid=uid,
            defaults={
                "sha256": hashlib.sha256(raw).hexdigest(),
                "size": size,
                "is_whole": is_whole,
                "received_at": at,
            },
        )
    return row.pk


def hold_mail(mail_id: int) -> MailView:
    """Return a letter and keep it locked until the transaction ends; raise NotFound, Conflict("busy")."""
    lock_row("notifications_incoming_mail", mail_id)
    return as_mail(IncomingMail.objects.get(pk=mail_id))


def describe_mail(mail_id: int, mail: Mail) -> None:
    """Write what a new letter says onto its row."""
    IncomingMail.objects.filter(pk=mail_id, state=MailState.NEW).update(
        message_id=mail.message_id[:255],
        sender=mail.sender,
        sender_name=mail.sender_name,
        subject=mail.subject,
        text=mail.text,
    )


def settle_mail(mail_id: int, outcome: MailOutcome, *, at: datetime) -> None:
    """Note what became of a new letter; raise Conflict for one that is settled."""
    row = IncomingMail.objects.get(pk=mail_id)
    if row.state != MailState.NEW:
        raise Conflict("mail_is_settled", state=row.state)
    if outcome.sorted is not None:
        row.sort, row.sign = outcome.sorted.sort, outcome.sorted.sign[:60]
    row.flags = list(outcome.flags)
    _write(row, outcome, at=at)
    inbox.finish_known(
        GATE, external_id=external_id(row.mailbox, row.uidvalidity, row.uid), at=at, result={"mail": row.pk}
    )


def settle_by_hand(mail_id: int, outcome: MailOutcome, *, by: int, at: datetime) -> None:
    """Note what a person made of a letter that the system left to people; raise Conflict when it is in a case."""
    row = IncomingMail.objects.get(pk=mail_id)
    if row.state not in BY_HAND:
        raise Conflict("mail_is_settled", state=row.state)
    before = {"state": row.state, "note": row.note}
    row.settled_by = by
    _write(row, outcome, at=at)
    audit.record(
        "notifications.settle_mail",
        target_kind="incoming_mail",
        target_id=row.pk,
        at=at,
        reason=outcome.note,
        data={"before": before, "after": {"state": row.state, "case": row.case_number}},
    )


def set_aside(mail_id: int, *, reason: str, by: int, at: datetime) -> None:
    """Note that a letter needs nothing, and why; raise NotAllowed without a reason, Conflict when it is in a case."""
    if not reason.strip():
        raise NotAllowed("reason_is_needed")
    with transaction.atomic():
        hold_mail(mail_id)
        settle_by_hand(mail_id, MailOutcome(MailState.SET_ASIDE, note=reason.strip()[:300]), by=by, at=at)


def note_look(
    mailbox: str, *, at: datetime, uidvalidity: int | None = None, held: int = 0, missing: int = 0, error: str = ""
) -> None:
    """Note the last look at a mailbox; after a failed one what was seen before stays."""
    seen = (
        {"error": error[:200]} if error else {"error": "", "uidvalidity": uidvalidity, "held": held, "missing": missing}
    )
    MailboxLook.objects.update_or_create(mailbox=mailbox, defaults={"looked_at": at, **seen})


def external_id(mailbox: str, uidvalidity: int, uid: int) -> str:
    """Return the name of a message in the inbox of the gates."""
    return f"{mailbox}:{uidvalidity}:{uid}"


def _write(row: IncomingMail, outcome: MailOutcome, *, at: datetime) -> None:
    row.state, row.case_id, row.case_number = outcome.state, outcome.case_id, outcome.case_number
    row.about_message_id = outcome.message_id or row.about_message_id
    row.settled_at, row.note = at, outcome.note
    if outcome.files or outcome.refused_files:
        row.files, row.refused_files = list(outcome.files), list(outcome.refused_files)
    row.save()
    payload = {"mail_id": row.pk, "case_id": row.case_id, "sort": row.sort}
    outbox.record(f"notifications.mail_{row.state}", at=at, payload=payload)

"""What changes in messages: put into the outbox, taken to be sent, sent, delivered, refused, asked for again.

A try is written down before it is made (`claim_waiting`), so a killed sender loses nothing. A person's "try again" is
audited; the fate of a message is told by its events.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from svet.domains.customers import queries as customers
from svet.domains.notifications.models import Message, MessageEvent
from svet.domains.notifications.queries.quiet import quiet_hours
from svet.domains.notifications.rules import (
    CONSENTS,
    LEASE,
    MOSCOW,
    URGENT,
    Channel,
    EventKind,
    MessageKind,
    MessageState,
    can_wait,
    most_attempts,
    out_of,
    pause_after,
)
from svet.infra import audit, boxes, outbox
from svet.infra.jobs import defer_once
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, NotAllowed

NOBODY = "nobody@example.invalid"
SENDER = "send_messages"
"""The name of the job that empties the outbox (surfaces/gates/jobs.py); the timetable calls it every minute too."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message taken to be sent; `facts` hold its secrets in the clear, `attempt` counts from 1."""

    id: int
    key: str
    kind: str
    channel: str
    address: str
    facts: Mapping[str, Any]
    attempt: int


def send(
    kind: str,
    *,
    channel: str,
    address: str,
    facts: Mapping[str, Any],
    key: str,
    at: datetime,
    account_id: int | None = None,
    customer_id: int | None = None,
    secret_facts: Mapping[str, Any] | None = None,
    earliest: datetime | None = None,
) -> int:
    """Put a message into the outbox and return its id; the same key again returns the message that is there.

    It does not go before `earliest`.

    `facts` and `secret_facts` are JSON-safe; what is secret is sealed and wiped once it is sent or given up. An urgent
    message is sent right after the commit, others within a minute (SMS not at night). Raise ValueError for an unknown
    kind or channel, NotAllowed("consent_is_missing") for a kind that needs a consent which the customer did not give.
    """
    if not _agreed(kind, customer_id):
        raise NotAllowed("consent_is_missing", kind=kind)
    with transaction.atomic():
        message, is_new = Message.objects.get_or_create(
            key=key,
            defaults={
                "kind": MessageKind(kind),
                "channel": Channel(channel),
                "address": address,
                "account_id": account_id,
                "customer_id": customer_id,
                "facts": dict(facts),
                "secret": boxes.sealed(json.dumps(dict(secret_facts))) if secret_facts else "",
                "next_try_at": _may_go_at(kind, channel=channel, at=max(at, earliest or at)),
                "created_at": at,
            },
        )
        if is_new and kind in URGENT:
            transaction.on_commit(_wake_the_sender)
    return message.pk


def rehearse(
    kind: str,
    *,
    channel: str,
    facts: Mapping[str, Any],
    secret_facts: Mapping[str, Any],
    key: str,
    at: datetime,
) -> None:
    """Do the work of `send` and keep nothing: asking about nobody costs what asking about somebody does."""
    with transaction.atomic():
        send(kind, channel=channel, address=NOBODY, facts=facts, secret_facts=secret_facts, key=key, at=at)
        transaction.set_rollback(True)
    if kind in URGENT:
        transaction.on_commit(_wake_the_sender)


def claim_waiting(*, channel: str, at: datetime, limit: int = 20) -> tuple[Outgoing, ...]:
    """Take the messages whose time has come, oldest first; each belongs to the taker for `LEASE`.

    Two senders never take the same message. One whose secret no key opens any more has failed.
    """
    with transaction.atomic():
        due = Message.objects.filter(state=MessageState.WAITING, channel=channel, next_try_at__lte=at)
        taken: list[Outgoing] = []
        for message in due.select_for_update(skip_locked=True).order_by("next_try_at", "pk")[:limit]:
            if not _agreed(message.kind, message.customer_id):
                _give_up(message, error="consent_is_withdrawn", at=at)
                continue
            if message.attempts_since_asked >= most_attempts(message.kind):
                _give_up(message, error="no_answer", at=at)  # the last try was killed
                continue
            message.attempts, message.next_try_at = message.attempts + 1, at + LEASE
            message.attempts_since_asked += 1
            try:
                secrets = json.loads(boxes.opened(message.secret)) if message.secret else {}
            except boxes.InvalidToken:
                _give_up(message, error="secret_cannot_be_opened", at=at)
                continue
            message.save(update_fields=["attempts", "attempts_since_asked", "next_try_at"])
            _note(message, EventKind.TRIED, at=at)
            taken.append(
                Outgoing(
                    message.pk,
                    message.key,
                    message.kind,
                    message.channel,
                    message.address,
                    {**message.facts, **secrets},
                    message.attempts,
                )
            )
    return tuple(taken)


def mark_sent(message_id: int, *, at: datetime, provider_id: str = "") -> None:
    """Note that the gateway took the message; a report of delivery that was quicker stands."""
    with transaction.atomic():
        message = _locked(message_id)
        if message.state in {MessageState.SENT, MessageState.DELIVERED}:
            return
        message.state, message.sent_at, message.failed_at, message.secret = MessageState.SENT, at, None, ""
        message.provider_id, message.last_error = provider_id[:255], ""
        message.save()
        _note(message, EventKind.SENT, at=at, detail=provider_id)


def mark_delivered(message_id: int, *, at: datetime, provider_id: str = "") -> None:
    """Note that the message reached its person; a second report changes nothing."""
    with transaction.atomic():
        message = _locked(message_id)
        if message.state == MessageState.DELIVERED:
            return
        message.state, message.delivered_at, message.failed_at = MessageState.DELIVERED, at, None
        message.sent_at, message.secret, message.last_error = message.sent_at or at, "", ""
        message.provider_id = (provider_id or message.provider_id)[:255]
        message.save()
        _note(message, EventKind.DELIVERED, at=at, detail=provider_id)


def mark_failed(message_id: int, *, error: str, at: datetime, for_good: bool = False) -> None:
    """Note a try in vain: the next one after a pause, or the end when tries are used up or the refusal is `for_good`.

    A refusal of a message that was sent (an operator's report) ends it; one that was delivered stays delivered.
    """
    with transaction.atomic():
        message = _locked(message_id)
        if message.state in {MessageState.DELIVERED, MessageState.FAILED}:
            return
        is_over = message.attempts_since_asked >= most_attempts(message.kind) or message.state == MessageState.SENT
        if for_good or is_over:
            _give_up(message, error=error, at=at)
            return
        wanted = at + pause_after(message.attempts_since_asked or 1)
        message.next_try_at = _may_go_at(message.kind, channel=message.channel, at=wanted)
        message.last_error = error[:255]
        message.save(update_fields=["next_try_at", "last_error"])
        _note(message, EventKind.REFUSED, at=at, detail=error)


def drop_waiting(key_prefix: str, *, at: datetime, sparing: str | None = None) -> int:
    """Send none of the waiting messages whose keys begin so and do not end with `sparing`; return how many.

    They are true no more. One that a sender has taken goes its way.
    """
    with transaction.atomic():
        waiting = Message.objects.filter(key__startswith=key_prefix, state=MessageState.WAITING, attempts=0)
        if sparing is not None:
            waiting = waiting.exclude(key__endswith=sparing)
        found = list(waiting.select_for_update().order_by("pk"))
        for message in found:
            message.state, message.secret = MessageState.DROPPED, ""
            message.save(update_fields=["state", "secret"])
            _note(message, EventKind.DROPPED, at=at)
    return len(found)


def try_again(message_id: int, *, at: datetime) -> None:
    """Put a failed message back into the outbox; raise Conflict for one that did not fail, or whose code is gone."""
    with transaction.atomic():
        message = _locked(message_id)
        if message.state != MessageState.FAILED:
            raise Conflict("message_did_not_fail", state=message.state)
        if message.kind == MessageKind.CODE:
            raise Conflict("code_is_gone")
        before = {"state": message.state, "error": message.last_error}
        message.state, message.failed_at, message.attempts_since_asked = MessageState.WAITING, None, 0
        message.next_try_at = _may_go_at(message.kind, channel=message.channel, at=at)
        message.save()
        _note(message, EventKind.ASKED_AGAIN, at=at)
        audit.record(
            "notifications.try_again",
            target_kind="message",
            target_id=message.pk,
            account_id=message.account_id,
            at=at,
            data={"before": before, "after": {"state": message.state}},
        )
        transaction.on_commit(_wake_the_sender)


def _give_up(message: Message, *, error: str, at: datetime) -> None:
    message.state, message.failed_at, message.secret = MessageState.FAILED, at, ""
    message.last_error = error[:255]
    message.save()
    _note(message, EventKind.GIVEN_UP, at=at, detail=error)
    outbox.record(
        "notifications.message_failed",
        at=at,
        account_id=message.account_id,
        payload={"message_id": message.pk, "kind": message.kind, "channel": message.channel, "error": error[:255]},
    )


def _locked(message_id: int) -> Message:
    lock_row("notifications_message", message_id)
    return Message.objects.get(pk=message_id)


def _note(message: Message, kind: EventKind, *, at: datetime, detail: str = "") -> None:
    MessageEvent.objects.create(message=message, at=at, kind=kind, attempt=message.attempts, detail=detail[:255])


def _agreed(kind: str, customer_id: int | None) -> bool:
    purpose = CONSENTS.get(MessageKind(kind))
    return purpose is None or (customer_id is not None and customers.agrees(customer_id, purpose=purpose))


def _wake_the_sender() -> None:
    defer_once(SENDER, queueing_lock=SENDER, timestamp=0)  # one that waits will see this message too


def _may_go_at(kind: str, *, channel: str, at: datetime) -> datetime:
    """Return the first moment from `at` on at which a message may go, by the quiet hours in force on that day."""
    quiet = quiet_hours(at.astimezone(MOSCOW).date()) if can_wait(kind, channel=channel) else None
    return at if quiet is None else out_of(quiet, at=at)

"""Reads of messages: those of an account, those that failed, one with its events. Secrets never come out here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from svet.domains.notifications.models import Message, MessageEvent
from svet.domains.notifications.rules import MessageState
from svet.infra.planned import planned_rows
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as people may see it."""

    id: int
    kind: str
    channel: str
    address: str
    account_id: int | None
    customer_id: int | None
    facts: Mapping[str, Any]
    state: str
    attempts: int
    next_try_at: datetime
    last_error: str
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class EventView:
    """What happened to a message, when, at which attempt (from 1)."""

    at: datetime
    kind: str
    attempt: int
    detail: str


_LATE = """
WITH went AS MATERIALIZED (
    SELECT c.channel, (SELECT max(l.sent_at) FROM notifications_message l
        WHERE l.channel = c.channel AND l.sent_at IS NOT NULL) AS at
    FROM (SELECT DISTINCT channel FROM notifications_message WHERE state = 'waiting') c)
SELECT m.channel, min(m.created_at) FROM notifications_message m JOIN went ON went.channel = m.channel
WHERE m.state = 'waiting' AND (m.next_try_at <= %(at)s OR m.attempts > 0)
    AND m.created_at > coalesce(went.at, '-infinity')
GROUP BY m.channel
"""


@dataclass(frozen=True, slots=True)
class Outflow:
    """How messages of a channel go out: how many wait, when one went last, the last error and when its message was
    written.
    """

    waiting: int
    done_at: datetime | None
    problem: str
    problem_at: datetime | None


def outflow(channel: str) -> Outflow:
    """Return how messages of a channel go out; the last of each comes from the top of an index, of any number."""
    of_channel = Message.objects.filter(channel=channel)
    wrong = of_channel.exclude(last_error="").order_by("-pk").first()
    return Outflow(
        waiting=of_channel.filter(state=MessageState.WAITING).count(),
        done_at=of_channel.filter(sent_at__isnull=False).aggregate(at=Max("sent_at"))["at"],
        problem=wrong.last_error if wrong else "",
        problem_at=wrong.created_at if wrong else None,
    )


def stuck_since(at: datetime) -> dict[str, datetime]:
    """Return for each channel by which nothing went after them since when messages wait that could go, in one query."""
    return dict(planned_rows(_LATE, {"at": at}))


def messages_of(account_id: int, *, limit: int = 200) -> tuple[MessageView, ...]:
    """Return the newest messages that concern this account, newest first."""
    found = Message.objects.filter(account_id=account_id).order_by("-created_at", "-pk")[:limit]
    return tuple(as_message(message) for message in found)


def messages_to(customer_id: int, *, limit: int = 200) -> tuple[MessageView, ...]:
    """Return the newest messages to this customer, of whatever account, newest first."""
    found = Message.objects.filter(customer_id=customer_id).order_by("-created_at", "-pk")[:limit]
    return tuple(as_message(message) for message in found)


def sent_lately(kind: str, *, address: str, since: datetime) -> int:
    """Return how many messages of a kind were written to an address since then."""
    return Message.objects.filter(kind=kind, address=address, created_at__gt=since).count()


def by_keys(keys: Collection[str]) -> dict[str, MessageView]:
    """Return the messages with these keys, by key."""
    return {row.key: as_message(row) for row in Message.objects.filter(key__in=keys)}


def accounts_told(key_prefix: str) -> set[int]:
    """Return the accounts of messages whose keys begin so and that went out or are being sent."""
    found = Message.objects.filter(key__startswith=key_prefix).exclude(
        state__in=(MessageState.DROPPED, MessageState.FAILED)
    )
    return {account_id for account_id in found.values_list("account_id", flat=True) if account_id is not None}


def failed_messages(*, limit: int = 200) -> tuple[MessageView, ...]:
    """Return the messages that were given up, newest first."""
    found = Message.objects.filter(state=MessageState.FAILED).order_by("-failed_at", "-pk")[:limit]
    return tuple(as_message(message) for message in found)


def failed_count() -> int:
    """Return how many messages were given up and not tried again."""
    return Message.objects.filter(state=MessageState.FAILED).count()


def message(message_id: int) -> MessageView:
    """Return one message; raise NotFound."""
    found = Message.objects.filter(pk=message_id).first()
    if found is None:
        raise NotFound(table="notifications_message", id=message_id)
    return as_message(found)


def events_of(message_id: int) -> tuple[EventView, ...]:
    """Return what happened to a message, in order."""
    found = MessageEvent.objects.filter(message_id=message_id).order_by("pk")
    return tuple(EventView(event.at, event.kind, event.attempt, event.detail) for event in found)


def as_message(message: Message) -> MessageView:
    """Return the view of a row."""
    return MessageView(**{name: getattr(message, name) for name in MessageView.__slots__})

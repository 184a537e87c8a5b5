"""The inbox of the gates: the raw message is stored first, then one action is called.

A message is known by its gate and the outside system's own id; the same message twice is one row, and a
stored message can be replayed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min

from svet.infra.models import InboxMessage, InboxState
from svet.kernel.errors import NotFound


def receive(
    gate: str, *, external_id: str, raw: bytes, at: datetime, content_type: str = "", file_name: str = ""
) -> tuple[InboxMessage, bool]:
    """Store a raw message; return it and whether it is new (False: it came before)."""
    return InboxMessage.objects.get_or_create(
        gate=gate,
        external_id=external_id,
        defaults={"raw": raw, "received_at": at, "content_type": content_type, "file_name": file_name},
    )


def finish(message: InboxMessage, *, at: datetime, result: Mapping[str, Any], failed: bool = False) -> None:
    """Note what came of the message."""
    message.state = InboxState.FAILED if failed else InboxState.DONE
    message.result, message.finished_at = dict(result), at
    message.save(update_fields=["state", "result", "finished_at"])


def waiting(gate: str, *, limit: int = 500) -> list[InboxMessage]:
    """Return the messages of the gate with which nothing was done yet, the oldest first."""
    return list(InboxMessage.objects.filter(gate=gate, state=InboxState.NEW).order_by("pk")[:limit])


def waiting_since() -> dict[str, datetime]:
    """Return for each gate with messages that nobody has read yet since when the oldest of them waits."""
    rows = InboxMessage.objects.filter(state=InboxState.NEW).values_list("gate")
    return dict(rows.annotate(since=Min("received_at")).order_by("gate"))


@dataclass(frozen=True, slots=True)
class Inflow:
    """How messages of a gate are read: how many wait and since when, when the last was read and when one could not."""

    waiting: int
    waiting_since: datetime | None
    done_at: datetime | None
    failed_at: datetime | None


def inflow(gate: str) -> Inflow:
    """Return how messages of a gate are read; the last ends each come from the top of an index, of any number."""
    new = InboxMessage.objects.filter(gate=gate, state=InboxState.NEW)
    told = new.aggregate(waiting=Count("pk"), waiting_since=Min("received_at"))
    return Inflow(**told, done_at=_ended(gate, InboxState.DONE), failed_at=_ended(gate, InboxState.FAILED))


def _ended(gate: str, state: InboxState) -> datetime | None:
    ended = InboxMessage.objects.filter(gate=gate, state=state, finished_at__isnull=False)
    at: datetime | None = ended.aggregate(at=Max("finished_at"))["at"]
    return at


def finish_known(gate: str, *, external_id: str, at: datetime, result: Mapping[str, Any]) -> None:
    """Note what came of a message of which only the name is known."""
    known = InboxMessage.objects.filter(gate=gate, external_id=external_id)
    known.update(state=InboxState.DONE, result=dict(result), finished_at=at)


def raw(gate: str, *, external_id: str) -> bytes:
    """Return the bytes of a message as it came; raise NotFound."""
    found = InboxMessage.objects.filter(gate=gate, external_id=external_id).values_list("raw", flat=True).first()
    if found is None:
        raise NotFound(gate=gate, message=external_id)
    return bytes(found)

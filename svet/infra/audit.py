"""The audit trail: one record inside each action, in its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from svet.infra import context
from svet.infra.models import AuditRecord


def record(
    verb: str,
    *,
    target_kind: str,
    target_id: object,
    at: datetime,
    account_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Record that the current actor did `verb` ("readings.submit_reading") to the target."""
    who = context.current()
    AuditRecord.objects.create(
        at=at,
        actor_kind=who.actor.kind,
        actor_name=who.actor.name,
        verb=verb,
        target_kind=target_kind,
        target_id=str(target_id),
        account_id=account_id,
        data=dict(data or {}),
        reason=reason,
        request_id=who.request_id,
    )

"""The audit trail: one record inside each action, in its transaction; what was recorded about an account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from json import dumps
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from svet.infra import context
from svet.infra.models import AuditRecord
from svet.infra.outbox import RECORD_FACT
from svet.infra.planned import planned_cursor

_RECORD = """
INSERT INTO infra_audit
       (at, actor_kind, actor_name, verb, target_kind, target_id, account_id, data, reason, request_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
"""Not by the model: every action writes one, and nobody needs its id."""
_RECORD_WITH_FACT = f"WITH record AS ({_RECORD}) {RECORD_FACT}"


def record(
    verb: str,
    *,
    target_kind: str,
    target_id: object,
    at: datetime,
    account_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    reason: str = "",
    fact: str = "",
) -> None:
    """Record that the current actor did `verb` ("readings.submit_reading") to the target.

    With `fact` the same data become known under that name as by `outbox.record`, in the same statement.
    """
    who = context.current()
    told = dumps(dict(data or {}), cls=DjangoJSONEncoder)
    what = (at, who.actor.kind, who.actor.name, verb, target_kind, str(target_id), account_id, told, reason)
    with planned_cursor() as cursor:
        if fact:
            known = (at, fact, account_id, told, who.request_id)
            cursor.execute(_RECORD_WITH_FACT, (*what, who.request_id, *known))
        else:
            cursor.execute(_RECORD, (*what, who.request_id))


@dataclass(frozen=True, slots=True)
class Recorded:
    """One record as it was written; `user_id` is None where no person acted."""

    id: int
    at: datetime
    user_id: int | None
    actor_kind: str
    verb: str
    target_kind: str
    target_id: str
    data: Mapping[str, Any]
    reason: str


def of_account(account_id: int, *, before_id: int | None = None, limit: int = 25) -> list[Recorded]:
    """Return what was done with an account, the latest first, older than the record `before_id`."""
    rows = AuditRecord.objects.filter(account_id=account_id)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return [_recorded(row) for row in rows.order_by("-pk")[:limit]]


def one_of_account(account_id: int, record_id: int) -> Recorded | None:
    """Return one record of the account, None where it has no such record."""
    found = AuditRecord.objects.filter(account_id=account_id, pk=record_id).first()
    return None if found is None else _recorded(found)


def first_about(*, target_kind: str, target_id: object) -> int | None:
    """Return the id of the record that first told of the target, None where none did."""
    rows = AuditRecord.objects.filter(target_kind=target_kind, target_id=str(target_id))
    return rows.order_by("pk").values_list("pk", flat=True).first()


def undone(account_id: int, record_ids: Iterable[int]) -> set[int]:
    """Return which of the account's records were taken back by a later one that names them as `undoes`."""
    rows = AuditRecord.objects.filter(account_id=account_id, data__undoes__in=list(record_ids))
    return {int(value) for value in rows.values_list("data__undoes", flat=True)}


def _recorded(row: AuditRecord) -> Recorded:
    return Recorded(
        id=row.pk,
        at=row.at,
        user_id=int(row.actor_name) if row.actor_kind == "user" and row.actor_name.isdecimal() else None,
        actor_kind=row.actor_kind,
        verb=row.verb,
        target_kind=row.target_kind,
        target_id=row.target_id,
        data=row.data,
        reason=row.reason,
    )

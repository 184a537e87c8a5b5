"""Contacts: the one an operator serves now, those of an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from svet.domains.access import queries as access
from svet.domains.cases.models import ServiceContact
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact as pages show it. `number` and `ended_at` are empty until known."""

    contact_id: int
    operator_id: int
    operator_name: str
    channel: str
    number: str
    caller_name: str
    began_at: datetime
    ended_at: datetime | None
    ending: str
    subjects: tuple[str, ...]
    settled: str
    note: str


def running(operator_id: int) -> ContactRow | None:
    """Return the contact that the operator serves now without his own name, None when he serves nobody."""
    return next(iter(_rows(is_named=False, operator_id=operator_id, ended_at__isnull=True)), None)


def own_contact(contact_id: int, *, operator_id: int) -> ContactRow:
    """Return a contact of this operator; raise NotFound for another's."""
    found = next(iter(_rows(pk=contact_id, operator_id=operator_id)), None)
    if found is None:
        raise NotFound(contact=contact_id)
    return found


def contacts_of(account_id: int, *, before: datetime | None = None, limit: int = 20) -> list[ContactRow]:
    """Return the account's contacts, the latest first, begun earlier than `before`."""
    earlier: dict[str, Any] = {} if before is None else {"began_at__lt": before}
    return _rows(account_id=account_id, limit=limit, **earlier)


def _rows(*, limit: int = 1, is_named: bool = True, **terms: Any) -> list[ContactRow]:
    rows = list(ServiceContact.objects.filter(**terms).select_related("account").order_by("-began_at", "-pk")[:limit])
    names = access.names_of(row.operator_id for row in rows) if is_named else {}
    return [
        ContactRow(
            contact_id=row.pk,
            operator_id=row.operator_id,
            operator_name=names.get(row.operator_id, ""),
            channel=row.channel,
            number=row.account.number if row.account else "",
            caller_name=row.caller_name,
            began_at=row.began_at,
            ended_at=row.ended_at,
            ending=row.ending,
            subjects=tuple(row.subjects),
            settled=row.settled,
            note=row.note,
        )
        for row in rows
    ]

"""Contacts: the one an operator serves now, those of an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from svet.domains.access import queries as access
from svet.infra.planned import planned_rows
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


_CONTACTS = """
SELECT c.id, c.operator_id, c.channel, coalesce(a.number, ''), c.caller_name, c.began_at, c.ended_at, c.ending,
    c.subjects, c.settled, c.note
FROM cases_service_contact c LEFT JOIN accounts_account a ON a.id = c.account_id
"""
_RUNNING = f"{_CONTACTS} WHERE c.operator_id = %s AND c.ended_at IS NULL"
_OWN = f"{_CONTACTS} WHERE c.id = %s AND c.operator_id = %s"
_OF_ACCOUNT = f"""
{_CONTACTS} WHERE c.account_id = %s AND c.began_at < coalesce(%s::timestamptz, 'infinity')
ORDER BY c.began_at DESC, c.id DESC LIMIT %s
"""
_BY_ID = f"{_CONTACTS} WHERE c.id = ANY(%s::bigint[]) ORDER BY c.began_at, c.id"


def running(operator_id: int) -> ContactRow | None:
    """Return the contact that the operator serves now without his own name, None when he serves nobody."""
    return next(iter(_rows(_RUNNING, [operator_id], is_named=False)), None)


def own_contact(contact_id: int, *, operator_id: int) -> ContactRow:
    """Return a contact of this operator; raise NotFound for another's."""
    found = next(iter(_rows(_OWN, [contact_id, operator_id])), None)
    if found is None:
        raise NotFound(contact=contact_id)
    return found


def contacts_of(account_id: int, *, before: datetime | None = None, limit: int = 20) -> list[ContactRow]:
    """Return the account's contacts, the latest first, begun earlier than `before`."""
    return _rows(_OF_ACCOUNT, [account_id, before, limit])


def contacts_by_id(contact_ids: Sequence[int]) -> list[ContactRow]:
    """Return these contacts, the first one first."""
    return _rows(_BY_ID, [list(contact_ids)])


def _rows(statement: str, terms: Sequence[object], *, is_named: bool = True) -> list[ContactRow]:
    rows = planned_rows(statement, terms)
    names = access.names_of(operator_id for _, operator_id, *_ in rows) if is_named else {}
    return [
        ContactRow(
            contact_id=contact_id,
            operator_id=operator_id,
            operator_name=names.get(operator_id, ""),
            channel=channel,
            number=number,
            caller_name=caller,
            began_at=began_at,
            ended_at=ended_at,
            ending=ending,
            subjects=tuple(subjects),
            settled=settled,
            note=note,
        )
        for (
            contact_id,
            operator_id,
            channel,
            number,
            caller,
            began_at,
            ended_at,
            ending,
            subjects,
            settled,
            note,
        ) in rows
    ]

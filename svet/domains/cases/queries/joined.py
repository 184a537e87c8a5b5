"""Contacts that hang on a matter, and the cases of a contact's matter: what case and visit show of each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from svet.domains.cases.queries.contacts import ContactRow, contacts_by_id
from svet.domains.cases.queries.register import visible
from svet.domains.cases.rules.matters import Part
from svet.infra.planned import planned_rows

_ON_MATTER = """
SELECT p.part, p.part_id FROM cases_matter_part p
 WHERE p.matter_id = %s AND p.part <> %s
   AND NOT EXISTS (SELECT FROM cases_matter_part l WHERE l.part = p.part AND l.part_id = p.part_id AND l.id > p.id)
"""
_MATTERS = """
SELECT DISTINCT ON (part_id) part_id, matter_id FROM cases_matter_part
 WHERE part = %s AND part_id = ANY(%s::bigint[]) ORDER BY part_id, id DESC
"""


@dataclass(frozen=True, slots=True)
class OnMatter:
    """What hangs on a matter beside its cases: contacts, the first one first; `others`: questions about bills."""

    contacts: tuple[ContactRow, ...] = ()
    others: int = 0


@dataclass(frozen=True, slots=True)
class CaseOfContact:
    """A case of the matter on which a contact hangs."""

    number: str
    state: str


def on_matter(matter_id: int) -> OnMatter:
    """Return what hangs on a matter beside its cases."""
    parts = planned_rows(_ON_MATTER, [matter_id, Part.CASE])
    contacts = [part_id for part, part_id in parts if part == Part.CONTACT]
    return OnMatter(tuple(contacts_by_id(contacts)) if contacts else (), len(parts) - len(contacts))


def cases_of_contacts(contact_ids: Iterable[int], *, user_id: int) -> dict[int, tuple[CaseOfContact, ...]]:
    """Return by contact the cases of its matter that an employee may see, in the order of numbers."""
    matters = dict(planned_rows(_MATTERS, [Part.CONTACT, list(contact_ids)]))
    found: dict[int, list[CaseOfContact]] = {}
    rows = visible(user_id).filter(matter_id__in=set(matters.values())).order_by("number")
    for matter_id, number, state in rows.values_list("matter_id", "number", "state"):
        found.setdefault(matter_id or 0, []).append(CaseOfContact(number, state))
    return {contact_id: tuple(found.get(matter_id, ())) for contact_id, matter_id in matters.items()}

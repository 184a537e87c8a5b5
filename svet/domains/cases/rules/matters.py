"""What happened to a customer (событие, `Matter`), and the contacts about it: first contacts and repeats. Pure.

A touch belongs to the matter that people chose for it. Touches without a choice belong together when they are of
the same account and field and no more than `TOGETHER` lies between neighbours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from svet.domains.cases.rules.contacts import Subject

TOGETHER = timedelta(days=30)
"""How long after a contact another one about the same field counts as about the same matter."""

SUGGEST_WITHIN = timedelta(days=60)
"""How long after a case another one is suggested for the same matter."""


class Part(StrEnum):
    """What can hang on a matter."""

    CASE = "case_part"
    CONTACT = "contact_part"
    REMARK = "remark_part"
    CORRECTION = "correction_part"


class How(StrEnum):
    """How something came to hang on a matter."""

    NEW = "new_matter"
    BY_HAND = "joined_by_hand"
    SUGGESTED = "joined_by_suggestion"
    MERGED = "joined_by_merge"


class Field(StrEnum):
    """What a contact is about, so broadly that subjects of calls and of letters meet."""

    SUPPLY = "field_supply"
    BILL = "field_bill"
    METER = "field_meter"
    CONTRACT = "field_contract"
    SERVICE = "field_service"
    OTHER = "field_other"


FIELDS: dict[str, Field] = {
    Subject.READINGS: Field.METER,
    Subject.BALANCE: Field.BILL,
    Subject.CHARGES: Field.BILL,
    Subject.PAYMENTS: Field.BILL,
    Subject.METER: Field.METER,
    Subject.CONTRACT: Field.CONTRACT,
    Subject.SUPPLY: Field.SUPPLY,
    Subject.COMPLAINT: Field.SERVICE,
}
"""The field of each subject of a contact; those not named are `OTHER`."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One contact of a customer by any channel. `is_settled` None: nobody has said so yet."""

    key: str
    account_id: int | None
    field: str
    channel: str
    at: datetime
    is_settled: bool | None
    matter_id: int | None = None
    office: str = ""


@dataclass(frozen=True, slots=True)
class ContactFigures:
    """Matters that began in a period: how many were settled by their first contact, how many contacts came again."""

    matters: int = 0
    settled_at_once: int = 0
    repeats: int = 0

    @property
    def per_cent(self) -> int | None:
        """The share settled in one contact, None when there was none."""
        return round(100 * self.settled_at_once / self.matters) if self.matters else None


def gathered(touches: Iterable[Touch]) -> list[list[Touch]]:
    """Return the touches by matter, each in the order of time. A touch of nobody known stands alone."""
    joined: dict[int, list[Touch]] = defaultdict(list)
    loose: dict[tuple[object, str], list[Touch]] = defaultdict(list)
    for touch in sorted(touches, key=lambda one: (one.at, one.key)):
        if touch.matter_id is not None:
            joined[touch.matter_id].append(touch)
        else:
            loose[touch.account_id if touch.account_id is not None else touch.key, touch.field].append(touch)
    groups = list(joined.values())
    for row in loose.values():
        begun = [row[0]]
        for touch in row[1:]:
            if touch.at - begun[-1].at > TOGETHER:
                groups.append(begun)
                begun = []
            begun.append(touch)
        groups.append(begun)
    return groups


def figures(touches: Iterable[Touch], *, since: datetime, until: datetime) -> ContactFigures:
    """Count the matters that began from `since` until before `until`; later touches of them count as repeats.

    >>> noon = datetime(2026, 11, 2, 12)
    >>> call = Touch("c1", 7, Field.BILL, "call", noon, is_settled=False)
    >>> letter = Touch("l1", 7, Field.BILL, "by_email", noon + timedelta(days=3), is_settled=True)
    >>> figures([call, letter], since=noon, until=noon + timedelta(days=28))
    ContactFigures(matters=1, settled_at_once=0, repeats=1)
    """
    begun = [group for group in gathered(touches) if since <= group[0].at < until]
    at_once = sum(len(group) == 1 and group[0].is_settled is True for group in begun)
    return ContactFigures(len(begun), at_once, sum(len(group) - 1 for group in begun))


def of_subject(code: str) -> Field:
    """Return the field of a contact's subject.

    >>> of_subject("payments").value, of_subject("documents").value
    ('field_bill', 'field_other')
    """
    return FIELDS.get(code, Field.OTHER)

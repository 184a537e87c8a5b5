"""Benefits: the forms of their kinds, what an entitlement must be by itself, and for which days it holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from svet.kernel.errors import DomainError

MOST_PEOPLE = 20
LONGEST_NAME = 200


class BenefitForm(StrEnum):
    """What a benefit is measured in; `percent` is of what the energy costs."""

    KWH = "kwh"
    PERCENT = "percent"
    ROUBLES = "roubles"


class Covers(StrEnum):
    """Which energy of a month a benefit makes cheaper."""

    ALL = "all"
    VOLUME = "volume"
    FIRST_STEP = "first_step"


class EntitlementRefused(DomainError):
    """The entitlement contradicts itself; the code says how."""

    code = "entitlement_is_refused"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a kind of benefit gives: kWh and roubles are of a month, `percent` is what is taken off (100: free)."""

    form: BenefitForm
    covers: Covers
    percent: Decimal | None
    kwh: Decimal | None
    roubles: Decimal | None
    is_per_person: bool
    is_share: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """Who is entitled to what, by which document, from when; `until_on` is the first day without it, None: open.

    `people` share the benefit with the holder, himself counted. `request_key` is the wish of one person to record one
    entitlement: the same key again changes nothing.
    """

    kind_code: str
    holder: str
    document: str
    from_on: date
    reason: str
    request_key: str
    until_on: date | None = None
    people: int = 1


def check_paper(paper: Paper) -> None:
    """Refuse an entitlement without holder, document, reason or a day; ValueError without a key.

    Raises EntitlementRefused: "benefit_holder_is_needed", "benefit_document_is_needed", "benefit_reason_is_needed",
    "benefit_people_are_wrong", "benefit_has_no_days".
    """
    if not paper.request_key or len(paper.request_key) > 64:
        raise ValueError("an entitlement needs a key of 1 to 64 characters")
    if not paper.holder.strip() or len(paper.holder) > LONGEST_NAME:
        raise EntitlementRefused("benefit_holder_is_needed")
    if not paper.document.strip() or len(paper.document) > LONGEST_NAME:
        raise EntitlementRefused("benefit_document_is_needed")
    if not paper.reason.strip():
        raise EntitlementRefused("benefit_reason_is_needed")
    if not 1 <= paper.people <= MOST_PEOPLE:
        raise EntitlementRefused("benefit_people_are_wrong", most=MOST_PEOPLE)
    if paper.until_on is not None and paper.until_on <= paper.from_on:
        raise EntitlementRefused("benefit_has_no_days")


def last_day_out(*, until_on: date | None, ended_on: date | None) -> date | None:
    """Return the first day on which an entitlement no longer holds, None while it goes on.

    >>> last_day_out(until_on=date(2027, 1, 1), ended_on=date(2026, 11, 1))
    datetime.date(2026, 11, 1)
    """
    return min((one for one in (until_on, ended_on) if one is not None), default=None)

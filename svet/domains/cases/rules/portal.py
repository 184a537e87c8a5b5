"""An appeal as the state portal ГИС ЖКХ shows it, what of it is new, and which account it is about. Pure.

The portal's words for an appeal are kept as they are; ours are the register's. An account is found only where the house
and the flat leave no choice, or where the number written in the appeal agrees with the applicant's family name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

LONGEST_ANSWER, LONGEST_COMMENT = 10_000, 1000
"""How many characters the portal takes in an answer and in a comment; longer ones go as files."""


class PortalStatus(StrEnum):
    """The portal's states of an appeal."""

    SENT = "Send"
    IN_WORK = "InWork"
    EXECUTED = "Executed"
    WITHDRAWN = "Withdrawn"


class AppliesAs(StrEnum):
    """Who applies: a person, an organisation, or the portal itself."""

    PERSON = "person"
    ORGANIZATION = "organization"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies, as the portal tells; what it does not tell is empty."""

    kind: AppliesAs
    family_name: str = ""
    given_name: str = ""
    patronymic: str = ""
    organization: UUID | None = None
    post_address: str = ""
    flat: str = ""
    email: str = ""
    phone: str = ""

    @property
    def name(self) -> str:
        """The full name of a person, empty for others."""
        return " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)


@dataclass(frozen=True, slots=True)
class PortalFile:
    """A file at the portal's file service."""

    guid: UUID
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class PortalEvent:
    """What was done with the appeal there: `what` is answer, redirected, rolled_over, not_required, assessed."""

    on: str
    what: str
    text: str = ""
    answer: UUID | None = None


@dataclass(frozen=True, slots=True)
class PortalAppeal:
    """One appeal; days are the portal's, `due_on` is reckoned by the portal from the law."""

    guid: UUID
    number: str
    created_on: date
    topic: str
    text: str
    status: PortalStatus
    applicant: Applicant
    parent: UUID | None = None
    house: UUID | None = None
    files: tuple[PortalFile, ...] = ()
    answerer: UUID | None = None
    events: tuple[PortalEvent, ...] = ()
    due_on: date | None = None
    planned_on: date | None = None
    legal_basis: str = ""
    withdrawn_because: str = ""
    was_redirected: bool = False
    was_extended: bool = False
    needs_no_answer: bool = False
    from_phone: bool = False
    is_collective: bool = False
    neighbours: tuple[Applicant, ...] = ()


def fingerprint(appeal: PortalAppeal) -> str:
    """Return what differs as soon as anything of the appeal differs."""
    told = json.dumps(asdict(appeal), default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def numbers_in(text: str) -> tuple[str, ...]:
    """Return what may be account numbers in a text: ten digits in a row, perhaps in groups, each once.

    >>> numbers_in("л/с 3300 000-017, тел. +79161234567, ИНН 330000000000")
    ('3300000017',)
    """
    found = re.findall(r"(?<![\d+])(?<!\d[ -])\d(?:[ -]?\d){9}(?![ -]?\d)", text)
    return tuple(dict.fromkeys(re.sub(r"[ -]", "", one) for one in found))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that the appeal may be about: by what it was found, and the family name of its customer."""

    account_id: int
    number: str
    family_name: str
    flat: str


def account_of(
    appeal: PortalAppeal, *, in_the_house: Sequence[Candidate], by_number: Sequence[Candidate]
) -> tuple[int | None, str]:
    """Return the account an appeal is about and by what it was found; None leaves it to people.

    `in_the_house` are the accounts in force in the house that the portal names, `by_number` those whose numbers stand
    in the text. 1. One account at the applicant's flat. 2. One number whose customer bears the applicant's family
    name.
    """
    flat = _same(appeal.applicant.flat)
    neighbours = {one.account_id for one in in_the_house if flat and _same(one.flat) == flat}
    family = _same(appeal.applicant.family_name)
    named = {one.account_id for one in by_number if family and _same(one.family_name) == family}
    if len(named) == 1 and (not neighbours or named <= neighbours):
        return next(iter(named)), "number"
    if len(neighbours) == 1 and not named:
        return next(iter(neighbours)), "address"
    return None, ""


def _same(text: str) -> str:
    return re.sub(r"[^0-9a-zа-я]", "", text.lower().replace("ё", "е").removeprefix("кв"))

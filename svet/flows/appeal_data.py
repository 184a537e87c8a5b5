"""Appeals in everything held about a person: as he follows them, nothing of colleagues' notes and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from svet.domains.accounts.queries import AccountView
from svet.domains.cases import queries as cases
from svet.domains.cases.queries import CaseStatus, LetterStatus
from svet.flows import account_appeals

ALL = 1_000_000
"""More appeals than anybody wrote, for reads that ask how many."""


@dataclass(frozen=True, slots=True)
class AppealOfMine:
    """An appeal as its applicant follows it."""

    number: str
    registered_at: datetime
    channel: str
    kind: str
    subject: str
    state: str
    resolution: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class LetterOfMine:
    """A letter of an appeal, to us or from us, with the names of its files."""

    appeal: str
    at: datetime
    direction: str
    channel: str
    title: str
    text: str
    is_answer: bool
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepOfMine:
    """A step of an appeal; `until_on` is the last day it set."""

    appeal: str
    at: datetime
    kind: str
    until_on: date | None


def of_account(account: AccountView, *, user_id: int, at: datetime) -> dict[str, tuple[Any, ...]]:
    """Return the sections of the appeals that this person may follow on the account."""
    return _appeals(account_appeals.cases_of(account, user_id=user_id, limit=ALL), at=at)


def of_person(user_id: int, *, owned: Sequence[AccountView], at: datetime) -> dict[str, tuple[Any, ...]]:
    """Return the sections of the appeals that the person wrote and that stand in none of the accounts given."""
    shown = {one.case_id for account in owned for one in account_appeals.cases_of(account, user_id=user_id, limit=ALL)}
    found = [one for one in cases.cases_of_user(user_id, limit=ALL) if one.case_id not in shown]
    return _appeals(found, at=at)


def _appeals(found: list[CaseStatus], *, at: datetime) -> dict[str, tuple[Any, ...]]:
    all_of = [cases.followed(one.case_id, at=at) for one in found]
    return {
        "appeals": tuple(
            AppealOfMine(
                number=one.number,
                registered_at=one.registered_at,
                channel=one.channel,
                kind=one.kind,
                subject=one.subject_name,
                state=one.state,
                resolution=one.resolution,
                answered_at=one.answered_at,
            )
            for one in found
        ),
        "appeal_letters": tuple(_letter(one.case.number, letter) for one in all_of for letter in one.case.letters),
        "appeal_steps": tuple(
            StepOfMine(one.case.number, step.at, step.kind, step.until_on) for one in all_of for step in one.stages
        ),
    }


def _letter(appeal: str, letter: LetterStatus) -> LetterOfMine:
    return LetterOfMine(
        appeal=appeal,
        at=letter.at,
        direction=letter.direction,
        channel=letter.channel,
        title=letter.title,
        text=letter.text,
        is_answer=letter.is_answer,
        files=tuple(one.name for one in letter.files),
    )

"""A case as its applicant follows it: the steps, the last day for the answer and why it is that day, what he may do.

Nothing of colleagues is here: no names, no notes, no suggestions. Who may see it is decided before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from svet.domains.cases.models import Case, CaseAsking, CaseClock, CaseEvent
from svet.domains.cases.queries.applications import stage_of
from svet.domains.cases.queries.reference import subject_names
from svet.domains.cases.queries.status import CaseStatus, letters_of_case, status_of, statuses_of
from svet.domains.cases.rules.applications import SUBJECT as APPLICATION
from svet.domains.cases.rules.applications import ApplicationStage
from svet.domains.cases.rules.clocks import ClockKind, last_moment
from svet.domains.cases.rules.following import SHOWN, reopens_until
from svet.domains.cases.rules.register import ANSWERS, OPEN_STATES, EventKind, typed_number
from svet.infra.clock import MOSCOW
from svet.kernel.errors import NotFound
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the case; `until_on` is the last day it set, None where it set none.

    `stage` and `text` are those of an application for a contract.
    """

    kind: str
    at: datetime
    until_on: date | None
    stage: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """A case for its applicant. `answer_on` is the last day of the running term and `because` the steps to it.

    `is_late`: that day passed without an answer. `rates`: the answer that waits to be rated; `score`: how it was rated.

    `application` is the stage of an application for a contract, None for any other case.
    """

    case: CaseStatus
    stages: tuple[Stage, ...]
    answer_on: date | None
    because: tuple[Mapping[str, Any], ...]
    source: str
    is_late: bool
    is_paused: bool
    paused_until: date | None
    reopens_until: datetime | None
    application: ApplicationStage | None = None
    rates: int | None = None
    score: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether an answer is owed."""
        return self.case.state in OPEN_STATES

    @property
    def said(self) -> str:
        """What was said with the stage at which an application stands."""
        return next((one.text for one in reversed(self.stages) if one.stage), "")


def followed(case_id: int, *, at: datetime) -> Followed:
    """Return a case for its applicant; raise NotFound."""
    row = Case.objects.filter(pk=case_id).first()
    if row is None:
        raise NotFound(case=case_id)
    clock = (
        CaseClock.objects.filter(case_id=case_id, kind=ClockKind.ANSWER)
        .select_related("term")
        .order_by("-started_at", "-pk")
        .first()
    )
    runs = clock if clock is not None and clock.stopped_at is None else None
    until = reopens_until(
        state=row.state, resolution=row.resolution, answered_at=row.answered_at, reopened=row.reopened
    )
    letters = letters_of_case(row.pk)
    rates, score = _rating(row, [one.letter_id for one in letters if one.is_answer])
    return Followed(
        case=status_of(row, subject_names(), due_at=runs.due_at if runs else None, letters=letters),
        stages=_stages(case_id),
        answer_on=last_moment(runs.due_at).astimezone(MOSCOW).date() if runs else None,
        because=tuple(runs.because) if runs else (),
        source=runs.term.source if runs else "",
        is_late=runs is not None and runs.paused_at is None and runs.due_at <= at,
        is_paused=runs is not None and runs.paused_at is not None,
        paused_until=runs.paused_until if runs else None,
        reopens_until=until if until is not None and until > at else None,
        application=stage_of(case_id) if row.subject == APPLICATION else None,
        rates=rates,
        score=score,
    )


def _rating(row: Case, answers: Sequence[int]) -> tuple[int | None, int | None]:
    """Return the last answer while it stands and nobody rated it, and the score where somebody did."""
    if not answers or row.state in OPEN_STATES or row.resolution not in ANSWERS:
        return None, None
    given = CaseAsking.objects.filter(letter_id=answers[-1], question="rating", given_at__isnull=False)
    score = given.values_list("score", flat=True).first()
    return (answers[-1], None) if score is None else (None, score)


def cases_written_for(
    account_id: int, *, customer_id: int, user_id: int, is_owner: bool, limit: int = 100
) -> list[CaseStatus]:
    """Return the cases of an account that a person may follow: an owner his customer's and his own, others their own.

    What a stranger wrote naming the account's number is the stranger's and not here.
    """
    rows = _for(account_id, customer_id=customer_id, user_id=user_id, is_owner=is_owner)
    return statuses_of(rows.order_by("-pk")[:limit])


def cases_about_bill(
    account_id: int, *, month: Month, customer_id: int, user_id: int, is_owner: bool, limit: int = 10
) -> list[CaseStatus]:
    """Return the cases of `cases_written_for` that are about the bill of one month, with their letters."""
    rows = _for(account_id, customer_id=customer_id, user_id=user_id, is_owner=is_owner)
    return statuses_of(rows.filter(bill_month=month.first_on).order_by("-pk")[:limit], with_letters=True)


def case_of_account(number: str, *, account_id: int, customer_id: int, user_id: int, is_owner: bool) -> int:
    """Return the id of a case that the person may follow on this account; raise NotFound for any other."""
    rows = _for(account_id, customer_id=customer_id, user_id=user_id, is_owner=is_owner)
    found = rows.filter(number=typed_number(number) or "").values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(case=number)
    return found


def _for(account_id: int, *, customer_id: int, user_id: int, is_owner: bool) -> QuerySet[Case]:
    mine = Q(applicants__place=1, applicants__user_id=user_id)
    if is_owner:
        mine |= Q(applicants__place=1, applicants__customer_id=customer_id)
    return Case.objects.filter(mine, account_id=account_id).distinct()


def _stages(case_id: int) -> tuple[Stage, ...]:
    rows = CaseEvent.objects.filter(case_id=case_id, kind__in=SHOWN).order_by("position")
    found: list[Stage] = []
    for row in rows:
        if row.kind.startswith("clock_") and row.data.get("clock") not in {None, ClockKind.ANSWER.value}:
            continue
        if row.kind == EventKind.ASSIGNED and any(one.kind in {EventKind.TAKEN, EventKind.ASSIGNED} for one in found):
            continue  # from hand to hand is the company's affair
        due = row.data.get("due_at")
        until = last_moment(datetime.fromisoformat(due)).astimezone(MOSCOW).date() if due else None
        is_stage = row.kind == EventKind.STAGE
        stage, text = (row.data["stage"], row.data["text"]) if is_stage else ("", "")
        found.append(Stage(row.kind, row.at, until, stage, text))
    return tuple(found)

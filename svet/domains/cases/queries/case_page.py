"""One case as its handler sees it: letters, applicants, clocks, events, proposals, whom it is about, what is near it.

The number of queries does not depend on how long the case is. Sealed data come out masked; `revealed` in actions opens
them and records the look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from svet.domains.access import queries as access
from svet.domains.access.models import Unit
from svet.domains.cases.models import (
    Case,
    CaseAbout,
    CaseApplicant,
    CaseClock,
    CaseEvent,
    Letter,
    MatterPart,
    Refusal,
)
from svet.domains.cases.queries.register import CaseRow, as_rows, visible
from svet.domains.cases.queries.sending import as_applicant
from svet.domains.cases.rules.applicants import Applicant, Needed
from svet.domains.cases.rules.clocks import last_moment
from svet.domains.cases.rules.matters import Part
from svet.infra import files
from svet.infra.clock import MOSCOW
from svet.infra.files import FileInfo
from svet.kernel.errors import NotFound
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter with its files; `author_name` is the employee who wrote or took it."""

    letter_id: int
    direction: str
    channel: str
    at: datetime
    author_name: str
    address: str
    title: str
    text: str
    is_answer: bool
    files: tuple[FileInfo, ...]


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock; `due_on` is its last day, `because` the steps to it, `most_extension` what may still be added."""

    kind: str
    state: str
    started_at: datetime
    first_due_on: date
    due_on: date
    due_at: datetime
    paused_at: datetime | None
    stopped_at: datetime | None
    is_overdue: bool
    most_extension: int
    because: tuple[Mapping[str, Any], ...]
    source: str


@dataclass(frozen=True, slots=True)
class EventView:
    """One thing that happened, by whom (empty: no employee), with its facts; `to_name` is whom they name."""

    position: int
    at: datetime
    kind: str
    by_name: str
    data: Mapping[str, Any]
    to_name: str


@dataclass(frozen=True, slots=True)
class RefusalView:
    """A proposal not to consider a case and what became of it."""

    refusal_id: int
    case_number: str
    ground: str
    note: str
    evidence: Mapping[str, Any]
    proposed_by: int
    proposed_by_name: str
    proposed_at: datetime
    decision: str
    decided_by_name: str
    decision_note: str
    review: str
    review_note: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case with everything that its handler needs of this domain."""

    row: CaseRow
    account_id: int | None
    office_code: str
    subject: str
    received_at: datetime
    incoming_number: str
    envelope_on: date | None
    bill_month: Month | None
    bill_number: str
    violated_at: str
    demands: str
    missing: tuple[str, ...]
    reopened: int
    merged_into: str
    matter_id: int | None
    applicants: tuple[Applicant, ...]
    has_secrets: bool
    letters: tuple[LetterView, ...]
    clocks: tuple[ClockView, ...]
    events: tuple[EventView, ...]
    refusals: tuple[RefusalView, ...]
    about: tuple[str, ...]
    beside: tuple[CaseRow, ...]
    contacts_beside: int

    @property
    def needs_more(self) -> bool:
        """Whether something is missing that only appeals on quality need."""
        return bool({Needed.BIRTH, Needed.PASSPORT, Needed.VIOLATED_AT, Needed.DEMANDS} & set(self.missing))

    @property
    def waiting_refusal(self) -> RefusalView | None:
        """The proposal that waits for a second person."""
        return next((one for one in self.refusals if not one.decision), None)


def case_page(case_id: int, *, user_id: int, at: datetime) -> CasePage:
    """Return a case for its page; whoever asks has passed `register.open_for`. Raises NotFound."""
    case = Case.objects.select_related("account", "merged_into").filter(pk=case_id).first()
    if case is None:
        raise NotFound(case=case_id)
    applicants = list(CaseApplicant.objects.filter(case=case).order_by("place"))
    beside = visible(user_id).filter(matter=case.matter).exclude(pk=case.pk).order_by("-pk")
    parts = MatterPart.objects.filter(matter=case.matter).exclude(part=Part.CASE)
    return CasePage(
        row=as_rows([case], at=at)[0],
        account_id=case.account_id,
        office_code=case.office_code,
        subject=case.subject,
        received_at=case.received_at,
        incoming_number=case.incoming_number,
        envelope_on=case.envelope_on,
        bill_month=Month.of(case.bill_month) if case.bill_month else None,
        bill_number=case.bill_number,
        violated_at=case.violated_at,
        demands=case.demands,
        missing=tuple(case.missing),
        reopened=case.reopened,
        merged_into=case.merged_into.number if case.merged_into else "",
        matter_id=case.matter_id,
        applicants=tuple(as_applicant(row) for row in applicants),
        has_secrets=any(row.secrets for row in applicants),
        letters=letters_of(case_id),
        clocks=_clocks(case_id, at=at),
        events=_events(case_id),
        refusals=_refusals(case=case_id),
        about=_about(case_id),
        beside=as_rows(beside.select_related("account")[:20], at=at),
        contacts_beside=parts.count(),
    )


def letters_of(case_id: int) -> tuple[LetterView, ...]:
    """Return the letters of a case in the order of time."""
    rows = list(Letter.objects.filter(case_id=case_id).order_by("at", "pk").prefetch_related("files"))
    known = files.described([one.file_id for row in rows for one in row.files.all()])
    names = access.names_of(row.author_id for row in rows)
    return tuple(
        LetterView(
            letter_id=row.pk,
            direction=row.direction,
            channel=row.channel,
            at=row.at,
            author_name=names.get(row.author_id or 0, ""),
            address=row.address,
            title=row.title,
            text=row.text,
            is_answer=row.is_answer,
            files=tuple(known[one.file_id] for one in sorted(row.files.all(), key=lambda one: one.place)),
        )
        for row in rows
    )


def letter_file(case_id: int, file_id: int) -> FileInfo:
    """Return a file of one of the case's letters; raise NotFound for any other."""
    if not Letter.objects.filter(case_id=case_id, files__file_id=file_id).exists():
        raise NotFound(file=file_id)
    return files.described([file_id])[file_id]


def waiting_refusals(user_id: int, *, limit: int = 200) -> tuple[RefusalView, ...]:
    """Return the proposals that wait for a second person, of cases that the asker may see, the oldest first."""
    return _refusals(case__in=visible(user_id), decision="", limit=limit)


def refusals_to_review(user_id: int, *, limit: int = 200) -> tuple[RefusalView, ...]:
    """Return the confirmed refusals that wait for a quality review."""
    return _refusals(case__in=visible(user_id), is_sampled=True, review="", limit=limit)


def refusal_of(case_id: int, refusal_id: int) -> RefusalView:
    """Return a proposal about the case; raise NotFound."""
    found = next(iter(_refusals(case=case_id, pk=refusal_id)), None)
    if found is None:
        raise NotFound(refusal=refusal_id)
    return found


def _clocks(case_id: int, *, at: datetime) -> tuple[ClockView, ...]:
    rows = CaseClock.objects.filter(case_id=case_id).select_related("term").order_by("stopped_at", "due_at", "pk")
    return tuple(
        ClockView(
            kind=row.kind,
            state=row.state,
            started_at=row.started_at,
            first_due_on=last_moment(row.first_due_at).astimezone(MOSCOW).date(),
            due_on=last_moment(row.due_at).astimezone(MOSCOW).date(),
            due_at=row.due_at,
            paused_at=row.paused_at,
            stopped_at=row.stopped_at,
            is_overdue=row.due_at <= (row.stopped_at or at),
            most_extension=row.term.most_extension - row.extended_days,
            because=tuple(row.because),
            source=row.term.source,
        )
        for row in sorted(rows, key=lambda one: (one.stopped_at is not None, one.due_at, one.pk))
    )


def _events(case_id: int) -> tuple[EventView, ...]:
    rows = list(CaseEvent.objects.filter(case_id=case_id).order_by("-position"))
    people = {row.by_id for row in rows} | {row.data.get("to") for row in rows if isinstance(row.data.get("to"), int)}
    names = access.names_of(people)
    return tuple(
        EventView(
            position=row.position,
            at=row.at,
            kind=row.kind,
            by_name=names.get(row.by_id or 0, ""),
            data=row.data,
            to_name=names.get(row.data["to"], "") if isinstance(row.data.get("to"), int) else "",
        )
        for row in rows
    )


def _refusals(*, limit: int = 100, **terms: object) -> tuple[RefusalView, ...]:
    rows = list(Refusal.objects.filter(**terms).select_related("case").order_by("proposed_at", "pk")[:limit])
    names = access.names_of([*(row.proposed_by_id for row in rows), *(row.decided_by_id for row in rows)])
    return tuple(
        RefusalView(
            refusal_id=row.pk,
            case_number=row.case.number,
            ground=row.ground,
            note=row.note,
            evidence=row.evidence,
            proposed_by=row.proposed_by_id,
            proposed_by_name=names.get(row.proposed_by_id, ""),
            proposed_at=row.proposed_at,
            decision=row.decision,
            decided_by_name=names.get(row.decided_by_id or 0, ""),
            decision_note=row.decision_note,
            review=row.review,
            review_note=row.review_note,
        )
        for row in rows
    )


def _about(case_id: int) -> tuple[str, ...]:
    rows = list(CaseAbout.objects.filter(case_id=case_id).order_by("pk").values_list("user_id", "unit_id"))
    people = access.names_of(user for user, _ in rows)
    units = dict(Unit.objects.filter(pk__in=[unit for _, unit in rows if unit]).values_list("pk", "name"))
    return tuple(people.get(user, "") if user else units.get(unit or 0, "") for user, unit in rows)

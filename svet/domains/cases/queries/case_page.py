"""One case as its handler sees it: letters, applicants, clocks, events, proposals, whom it is about, what is near it.

The number of queries does not depend on how long the case is. Sealed data come out masked; `revealed` in actions opens
them and records the look.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from svet.domains.access import queries as access
from svet.domains.cases.models import Letter, Refusal
from svet.domains.cases.queries.case_rows import ASSIGNEE, CaseRow, as_listed, found_near
from svet.domains.cases.queries.register import visible
from svet.domains.cases.rules.applicants import Applicant, Needed
from svet.domains.cases.rules.clocks import last_moment
from svet.domains.cases.rules.matters import Part
from svet.domains.cases.rules.register import ApplicantKind
from svet.infra import files
from svet.infra.clock import MOSCOW
from svet.infra.files import FileInfo
from svet.infra.planned import planned_rows
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
    paused_until: date | None
    awaits: str
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
    """A case with everything that its handler needs of this domain.

    `beside`: other cases of the same matter; `of_account`: the latest others of the account, as the asker may see them.
    `has_answers`: one is written, waits, or went out; `has_points`: the appeal was cut into points.
    """

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
    has_answers: bool
    has_points: bool
    letters: tuple[LetterView, ...]
    clocks: tuple[ClockView, ...]
    events: tuple[EventView, ...]
    refusals: tuple[RefusalView, ...]
    about: tuple[str, ...]
    beside: tuple[CaseRow, ...]
    of_account: tuple[CaseRow, ...]
    contacts_beside: int

    @property
    def needs_more(self) -> bool:
        """Whether something is missing that only appeals on quality need."""
        return bool({Needed.BIRTH, Needed.PASSPORT, Needed.VIOLATED_AT, Needed.DEMANDS} & set(self.missing))

    @property
    def unknown_account_number(self) -> str:
        """The account number that an applicant named and that is nobody's; empty when all is well."""
        return (
            "" if self.account_id else next((one.account_number for one in self.applicants if one.account_number), "")
        )

    @property
    def waiting_refusal(self) -> RefusalView | None:
        """The proposal that waits for a second person."""
        return next((one for one in self.refusals if not one.decision), None)


_CASE = """
SELECT c.account_id, c.office_code, c.subject, c.received_at, c.incoming_number, c.envelope_on, c.bill_month,
    c.bill_number, c.violated_at, c.demands, c.missing, c.reopened, coalesce(m.number, ''), c.matter_id,
    EXISTS (SELECT FROM cases_refusal r WHERE r.case_id = c.id),
    EXISTS (SELECT FROM cases_answer n WHERE n.case_id = c.id),
    EXISTS (SELECT FROM cases_point o WHERE o.case_id = c.id),
    EXISTS (SELECT FROM cases_about a WHERE a.case_id = c.id),
    (SELECT count(*) FROM cases_matter_part p WHERE p.matter_id = c.matter_id AND p.part <> %s)
FROM cases_case c LEFT JOIN cases_case m ON m.id = c.merged_into_id WHERE c.id = %s
"""
_APPLICANTS = f"""
SELECT {", ".join(Applicant.__slots__)}, secrets <> '' FROM cases_applicant WHERE case_id = %s ORDER BY place
"""  # noqa: S608 (the names of our own fields)
_LETTERS = """
SELECT l.id, l.direction, l.channel, l.at, l.author_id, l.address, l.title, l.text, l.is_answer,
    ARRAY(SELECT f.file_id FROM cases_letter_file f WHERE f.letter_id = l.id ORDER BY f.place)
FROM cases_letter l WHERE l.case_id = %s ORDER BY l.at, l.id
"""
AUTHOR = 4
"""The place of the author among the columns of `_LETTERS`."""
_CLOCKS = """
SELECT k.kind, k.state, k.started_at, k.first_due_at, k.due_at, k.paused_at, k.paused_until, k.awaits,
    k.stopped_at, k.because,    t.most_extension - k.extended_days, t.source
FROM cases_clock k JOIN cases_term t ON t.id = k.term_id WHERE k.case_id = %s
ORDER BY k.stopped_at IS NOT NULL, k.due_at, k.id
"""
_EVENTS = "SELECT position, at, kind, by_id, data FROM cases_event WHERE case_id = %s ORDER BY position DESC"
_ABOUT = """
SELECT a.user_id, u.name FROM cases_about a LEFT JOIN access_unit u ON u.id = a.unit_id
WHERE a.case_id = %s ORDER BY a.id
"""


def case_page(case_id: int, *, user_id: int, at: datetime) -> CasePage:
    """Return a case for its page; whoever asks has passed `register.open_for`. Raises NotFound."""
    found = planned_rows(_CASE, [Part.CASE, case_id])
    if not found:
        raise NotFound(case=case_id)
    account_id, office_code, subject, received_at, incoming, envelope_on, bill_month, *told = found[0]
    bill_number, violated_at, demands, missing, reopened, merged_into, matter_id, *told = told
    has_refusals, has_answers, has_points, is_about, contacts_beside = told
    applicants = planned_rows(_APPLICANTS, [case_id])
    near, letters, events = found_near(case_id, user_id=user_id), planned_rows(_LETTERS, [case_id]), _events(case_id)
    handlers = [row[ASSIGNEE] for rows in near.values() for row in rows]
    names = access.names_of([*handlers, *(row[AUTHOR] for row in letters), *_named(events)])
    return CasePage(
        row=as_listed(near["own"], names=names, at=at)[0],
        account_id=account_id,
        office_code=office_code,
        subject=subject,
        received_at=received_at,
        incoming_number=incoming,
        envelope_on=envelope_on,
        bill_month=Month.of(bill_month) if bill_month else None,
        bill_number=bill_number,
        violated_at=violated_at,
        demands=demands,
        missing=tuple(missing),
        reopened=reopened,
        merged_into=merged_into,
        matter_id=matter_id,
        applicants=tuple(Applicant(ApplicantKind(kind), *said) for kind, *said, _ in applicants),
        has_secrets=any(has_secrets for *_, has_secrets in applicants),
        has_answers=has_answers,
        has_points=has_points,
        letters=_letters(letters, names=names),
        clocks=_clocks(case_id, at=at),
        events=tuple(
            EventView(position, moment, kind, names.get(by_id or 0, ""), data, names.get(_to(data) or 0, ""))
            for position, moment, kind, by_id, data in events
        ),
        refusals=_refusals(case=case_id) if has_refusals else (),
        about=_about(case_id) if is_about else (),
        beside=as_listed(near["beside"], names=names, at=at),
        of_account=as_listed(near["of_account"], names=names, at=at),
        contacts_beside=contacts_beside,
    )


def letters_of(case_id: int) -> tuple[LetterView, ...]:
    """Return the letters of a case in the order of time."""
    rows = planned_rows(_LETTERS, [case_id])
    return _letters(rows, names=access.names_of(row[AUTHOR] for row in rows))


def _letters(rows: Sequence[tuple[Any, ...]], *, names: Mapping[int, str]) -> tuple[LetterView, ...]:
    enclosed = [one for row in rows for one in row[-1]]
    known = files.described(enclosed) if enclosed else {}
    return tuple(
        LetterView(
            letter_id,
            direction,
            channel,
            moment,
            names.get(author_id or 0, ""),
            address,
            title,
            text,
            is_answer,
            files=tuple(known[one] for one in file_ids),
        )
        for letter_id, direction, channel, moment, author_id, address, title, text, is_answer, file_ids in rows
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
    rows = planned_rows(_CLOCKS, [case_id])
    return tuple(
        ClockView(
            kind=kind,
            state=state,
            started_at=started_at,
            first_due_on=last_moment(first_due_at).astimezone(MOSCOW).date(),
            due_on=last_moment(due_at).astimezone(MOSCOW).date(),
            due_at=due_at,
            paused_at=paused_at,
            paused_until=paused_until,
            awaits=awaits,
            stopped_at=stopped_at,
            is_overdue=due_at <= (stopped_at or at),
            most_extension=most_extension,
            because=tuple(json.loads(because)),
            source=source,
        )
        for (
            kind,
            state,
            started_at,
            first_due_at,
            due_at,
            paused_at,
            paused_until,
            awaits,
            stopped_at,
            because,
            most_extension,
            source,
        ) in rows
    )


def _events(case_id: int) -> list[tuple[Any, ...]]:
    return [(*told, json.loads(data)) for *told, data in planned_rows(_EVENTS, [case_id])]


def _named(events: Sequence[tuple[Any, ...]]) -> list[int | None]:
    return [who for _, _, _, by_id, data in events for who in (by_id, _to(data))]


def _to(data: Mapping[str, Any]) -> int | None:
    """Return whom an event names."""
    to = data.get("to")
    return to if isinstance(to, int) else None


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
    rows = planned_rows(_ABOUT, [case_id])
    people = access.names_of(user_id for user_id, _ in rows)
    return tuple(people.get(user_id, "") if user_id else unit for user_id, unit in rows)

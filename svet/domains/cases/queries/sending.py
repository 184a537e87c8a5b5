"""What the messages about a case are made of: who is answered, the letter, the last day, the question to the grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from svet.domains.access import queries as access
from svet.domains.cases.models import Case, CaseApplicant, CaseClock, CaseEvent, Letter
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.clocks import ClockKind, ClockState, last_moment
from svet.domains.cases.rules.register import ApplicantKind, EventKind
from svet.infra.clock import MOSCOW
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Sending:
    """A case as far as its applicant is told of it. `answer_on` is the last day for the answer."""

    case_id: int
    number: str
    registered_at: datetime
    channel: str
    applicant: Applicant
    answer_on: date | None
    account_id: int | None


@dataclass(frozen=True, slots=True)
class LetterToSend:
    """A letter that goes out; `signature` is the position and name of who wrote it, empty where nobody did."""

    letter_id: int
    case_id: int
    number: str
    at: datetime
    address: str
    title: str
    text: str
    is_answer: bool
    file_ids: tuple[int, ...]
    key: str
    signature: str


def sending(case_id: int) -> Sending:
    """Return what its applicant is told of a case; raise NotFound."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        raise NotFound(case=case_id)
    clock = CaseClock.objects.filter(case_id=case_id, kind=ClockKind.ANSWER).order_by("-pk").first()
    on = last_moment(clock.due_at).astimezone(MOSCOW).date() if clock else None
    return Sending(case.pk, case.number, case.registered_at, case.channel, applicant_of(case.pk), on, case.account_id)


def letter_to_send(letter_id: int) -> LetterToSend:
    """Return a letter that goes out; raise NotFound."""
    row = Letter.objects.filter(pk=letter_id).select_related("case").first()
    if row is None:
        raise NotFound(letter=letter_id)
    ids = tuple(row.files.order_by("place").values_list("file_id", flat=True))
    return LetterToSend(
        letter_id=row.pk,
        case_id=row.case_id,
        number=row.case.number,
        at=row.at,
        address=row.address,
        title=row.title,
        text=row.text,
        is_answer=row.is_answer,
        file_ids=ids,
        key=row.key,
        signature=_signature(row.author_id),
    )


def _signature(user_id: int | None) -> str:
    if user_id is None:
        return ""
    who = access.staff_member(user_id).person
    return ", ".join(part for part in (who.position, who.name) if part)


def clock_due_on(case_id: int, *, kind: ClockKind) -> date | None:
    """Return the last day of a running clock, None where none runs."""
    found = CaseClock.objects.filter(case_id=case_id, kind=kind, state=ClockState.RUNNING).first()
    return last_moment(found.due_at).astimezone(MOSCOW).date() if found else None


def grid_question(case_id: int) -> str:
    """Return what the grid company was asked last, empty when nothing."""
    rows = CaseEvent.objects.filter(case_id=case_id, kind=EventKind.NOTED, data__to="grid").order_by("-position")
    return str(next((row.data["text"] for row in rows[:1]), ""))


def applicant_of(case_id: int) -> Applicant:
    """Return who is answered in a case; an empty applicant where nobody is known."""
    row = CaseApplicant.objects.filter(case_id=case_id, place=1).first()
    return as_applicant(row) if row else Applicant()


def as_applicant(row: CaseApplicant) -> Applicant:
    """Return an applicant's row as the rules take it."""
    names = [name for name in Applicant.__slots__ if name != "kind"]
    return Applicant(kind=ApplicantKind(row.kind), **{name: getattr(row, name) for name in names})

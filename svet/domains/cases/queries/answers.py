"""Answers as they are written, wait and went out; templates; what is to be posted; how answers were rated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from svet.domains.access import queries as access
from svet.domains.cases.models import (
    AnswerApproval,
    AnswerTemplate,
    Case,
    CaseAnswer,
    CaseAsking,
    CasePoint,
    Letter,
    PostedLetter,
    Refusal,
)
from svet.domains.cases.queries.reference import subject_names, subjects
from svet.domains.cases.queries.register import visible
from svet.domains.cases.rules.register import CaseChannel, Direction
from svet.domains.cases.rules.templates import NOT_SENT, AnswerState, Point, composed
from svet.infra.clock import MOSCOW
from svet.infra.fields import to_period
from svet.infra.planned import planned_rows
from svet.kernel.errors import NotFound
from svet.kernel.period import Period


@dataclass(frozen=True, slots=True)
class PointView:
    """A point of a case."""

    point_id: int
    place: int
    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer. `whole` is the text with its points, as it stands or as it went out; `number` is empty until then."""

    answer_id: int
    case_id: int
    case_number: str
    state: str
    version: int
    template: str
    text: str
    whole: str
    resolution: str
    channel: str
    address: str
    written_by: int
    written_by_name: str
    written_at: datetime
    approved_by_name: str
    returned_note: str
    number: str
    sent_at: datetime | None
    letter_id: int | None
    snapshot: Mapping[str, Any]

    @property
    def waits(self) -> bool:
        """Whether a second person is to approve it."""
        return self.state == AnswerState.WAITING


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A template with its validity and source; `subject` empty: for any subject."""

    template_id: int
    code: str
    name: str
    subject: str
    subject_name: str
    ground: str
    text: str
    valid: Period
    source: str


@dataclass(frozen=True, slots=True)
class PostedView:
    """A letter that goes by post: when it was handed over, None while it waits to be printed."""

    letter_id: int
    case_number: str
    at: datetime
    address: str
    is_answer: bool
    answer_id: int | None
    number: str
    posted_at: datetime | None
    posted_by_name: str
    track: str


@dataclass(frozen=True, slots=True)
class AskingView:
    """What the applicant was asked about an answer and what he said."""

    asking_id: int
    case_id: int
    case_number: str
    question: str
    asked_at: datetime
    score: int | None
    is_solved: bool | None
    comment: str
    given_at: datetime | None


_POINTS = "SELECT id, text, answer FROM cases_point WHERE case_id = %s AND dropped_at IS NULL ORDER BY place"
_ASKINGS = """
SELECT q.id, q.case_id, c.number, q.question, q.asked_at, q.score, q.is_solved, q.comment, q.given_at
FROM cases_asking q JOIN cases_case c ON c.id = q.case_id WHERE q.case_id = %s ORDER BY q.id DESC
"""


def points(case_id: int) -> tuple[PointView, ...]:
    """Return the points of a case in their order, numbered without gaps."""
    rows = planned_rows(_POINTS, [case_id])
    return tuple(PointView(point_id, place, *said) for place, (point_id, *said) in enumerate(rows, 1))


def draft(case_id: int) -> AnswerView | None:
    """Return the answer that is being written or waits, None where none is."""
    return next(iter(_answers(CaseAnswer.objects.filter(case_id=case_id, state__in=NOT_SENT))), None)


def sent_answers(case_id: int) -> tuple[AnswerView, ...]:
    """Return the answers that went out, the latest first."""
    return _answers(CaseAnswer.objects.filter(case_id=case_id, state=AnswerState.SENT).order_by("-sent_at"))


def answers_of(case_id: int) -> tuple[AnswerView, ...]:
    """Return the answer that is written or waits, if any, and those that went out, the latest first."""
    states = [*NOT_SENT, AnswerState.SENT]
    return _answers(CaseAnswer.objects.filter(case_id=case_id, state__in=states).order_by("-sent_at"))


def answer(case_id: int, answer_id: int) -> AnswerView:
    """Return an answer of the case; raise NotFound."""
    found = next(iter(_answers(CaseAnswer.objects.filter(case_id=case_id, pk=answer_id))), None)
    if found is None:
        raise NotFound(answer=answer_id)
    return found


def answer_of_letter(letter_id: int) -> AnswerView | None:
    """Return the numbered answer that a letter is, None for any other letter."""
    return next(iter(_answers(CaseAnswer.objects.filter(letter_id=letter_id))), None)


def waiting_answers(user_id: int, *, limit: int = 200) -> tuple[AnswerView, ...]:
    """Return the answers that wait for a second person, of cases that the asker may see, the oldest first."""
    rows = CaseAnswer.objects.filter(state=AnswerState.WAITING, case__in=visible(user_id)).order_by("written_at")
    return _answers(rows[:limit])


@dataclass(frozen=True, slots=True)
class BetweenTwo:
    """What waits where two people decide: others' `answers` and `refusals` for this one, his own that were `returned`
    (numbers of their cases).
    """

    answers: int
    refusals: int
    returned: tuple[str, ...]


def between_two(user_id: int) -> BetweenTwo:
    """Return what an employee may decide as the second person, and which of his answers came back to him."""
    seen = visible(user_id)
    answers = CaseAnswer.objects.filter(state=AnswerState.WAITING, case__in=seen).exclude(written_by_id=user_id)
    refusals = Refusal.objects.filter(decision="", case__in=seen).exclude(proposed_by_id=user_id)
    returned = CaseAnswer.objects.filter(state=AnswerState.DRAFT, written_by_id=user_id, case__in=seen)
    numbers = returned.exclude(returned_note="").order_by("case__number").values_list("case__number", flat=True)
    return BetweenTwo(answers.count(), refusals.count(), tuple(numbers[:20]))


def needs_second_person(subject: str, *, on: date) -> bool:
    """Say whether answers about a subject are approved by a second person."""
    asked = set(AnswerApproval.objects.filter(valid__contains=on).values_list("subject", flat=True))
    return bool(asked & set(_chain(subject, on)))


def templates_for(subject: str, *, on: date) -> list[TemplateView]:
    """Return the templates in force for a subject: its own first, then those above it, then the general ones."""
    chain = [*_chain(subject, on), ""]
    rows = AnswerTemplate.objects.filter(valid__contains=on, subject__in=chain).order_by("name")
    return sorted(_templates(rows), key=lambda one: chain.index(one.subject))


def templates(*, on: date) -> list[TemplateView]:
    """Return all templates in force on a day or later, by name."""
    return _templates(AnswerTemplate.objects.exclude(valid__fully_lt=(on, None)).order_by("name", "valid"))


def template(template_id: int) -> TemplateView:
    """Return a template; raise NotFound."""
    found = next(iter(_templates(AnswerTemplate.objects.filter(pk=template_id))), None)
    if found is None:
        raise NotFound(template=template_id)
    return found


def template_history(code: str) -> list[TemplateView]:
    """Return all texts of a template by their days, the latest first."""
    return _templates(AnswerTemplate.objects.filter(code=code).order_by("-valid"))


def letters_to_post(user_id: int, *, limit: int = 200) -> tuple[PostedView, ...]:
    """Return the letters that wait to be printed and posted, of cases that the asker may see, the oldest first."""
    rows = Letter.objects.filter(channel=CaseChannel.POST, direction=Direction.OUT, posted=None)
    return _posted(rows.filter(case__in=visible(user_id)).order_by("at", "pk")[:limit])


def posted_letters(case_id: int) -> dict[int, PostedView]:
    """Return what became of the case's letters by post, by the letter's id."""
    rows = Letter.objects.filter(case_id=case_id, channel=CaseChannel.POST, direction=Direction.OUT)
    return {one.letter_id: one for one in _posted(rows)}


def askings(case_id: int) -> tuple[AskingView, ...]:
    """Return what the applicant was asked after answers and what he said, the latest first."""
    return tuple(AskingView(*row) for row in planned_rows(_ASKINGS, [case_id]))


def as_asking(row: CaseAsking) -> AskingView:
    """Return a row as pages take it."""
    return AskingView(
        row.pk,
        row.case_id,
        row.case.number,
        row.question,
        row.asked_at,
        row.score,
        row.is_solved,
        row.comment,
        row.given_at,
    )


def _chain(subject: str, on: date) -> list[str]:
    return list(next((one.chain for one in subjects(on) if one.code == subject), (subject,)))


def _templates(rows: Iterable[AnswerTemplate]) -> list[TemplateView]:
    names = subject_names()
    return [
        TemplateView(
            row.pk,
            row.code,
            row.name,
            row.subject,
            names.get(row.subject, ""),
            row.ground,
            row.text,
            to_period(row.valid),
            row.source,
        )
        for row in rows
    ]


def _posted(rows: Iterable[Letter]) -> tuple[PostedView, ...]:
    found = list(rows)
    numbers = {row.pk: row.case_id for row in found}
    cases = dict(Case.objects.filter(pk__in=numbers.values()).values_list("pk", "number"))
    answers = {row.letter_id: row for row in CaseAnswer.objects.filter(letter__in=found)}
    posted = {row.letter_id: row for row in PostedLetter.objects.filter(letter__in=found)}
    names = access.names_of(row.by_id for row in posted.values())
    return tuple(
        PostedView(
            letter_id=row.pk,
            case_number=cases[row.case_id],
            at=row.at,
            address=row.address,
            is_answer=row.is_answer,
            answer_id=answers[row.pk].pk if row.pk in answers else None,
            number=answers[row.pk].number if row.pk in answers else "",
            posted_at=posted[row.pk].at if row.pk in posted else None,
            posted_by_name=names.get(posted[row.pk].by_id, "") if row.pk in posted else "",
            track=posted[row.pk].track if row.pk in posted else "",
        )
        for row in found
    )


def _answers(rows: Any) -> tuple[AnswerView, ...]:
    found = list(rows.select_related("case"))
    names = access.names_of([one for row in found for one in (row.written_by_id, row.approved_by_id) if one])
    said: dict[int, list[Point]] = {}
    numbered = {row.case_id for row in found if not row.number}
    for row in CasePoint.objects.filter(case__in=numbered, dropped_at=None).order_by("place"):
        said.setdefault(row.case_id, []).append(Point(row.text, row.answer))
    return tuple(
        AnswerView(
            answer_id=row.pk,
            case_id=row.case_id,
            case_number=row.case.number,
            state=row.state,
            version=row.version,
            template=row.template,
            text=row.text,
            whole=row.snapshot["text"] if row.number else composed(row.text, said.get(row.case_id, [])),
            resolution=row.resolution,
            channel=row.channel,
            address=row.address,
            written_by=row.written_by_id,
            written_by_name=names.get(row.written_by_id, ""),
            written_at=row.written_at.astimezone(MOSCOW),
            approved_by_name=names.get(row.approved_by_id or 0, ""),
            returned_note=row.returned_note,
            number=row.number,
            sent_at=row.sent_at,
            letter_id=row.letter_id,
            snapshot=row.snapshot,
        )
        for row in found
    )

"""An answer is written from a template, approved by a second person where its subject asks for it, and sent once.

Sending is `handling.reply` in the same transaction; the answer keeps the outgoing number and what its paper shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from svet.domains.cases.actions.answer_terms import check_points, needs_approval, points_of
from svet.domains.cases.actions.events import append, check_open, locked, tell
from svet.domains.cases.actions.handling import reply
from svet.domains.cases.actions.letters import clean
from svet.domains.cases.actions.standing import check_not_barred
from svet.domains.cases.models import Case, CaseAnswer, CasePoint, Letter, PostedLetter
from svet.domains.cases.rules.register import ANSWERS, CaseChannel, Direction, EventKind, Resolution
from svet.domains.cases.rules.templates import (
    NOT_SENT,
    AnswerState,
    composed,
    office_place,
    outgoing_number,
    unfilled,
)
from svet.infra import numbering
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound

E = EventKind
MOST_POINTS, LONGEST_POINT = 30, 20_000


@dataclass(frozen=True, slots=True)
class Written:
    """What is written: the text with `{points}` where the points stand, how the case ends, by which way it goes.

    `points` are the answers to points by their ids; those not named stay as they are.
    """

    text: str
    resolution: Resolution
    channel: CaseChannel
    address: str = ""
    template: str = ""
    points: Mapping[int, str] = field(default_factory=dict)


def add_point(case_id: int, *, text: str, by: int, at: datetime) -> int:
    """Write down one more question of an appeal, the same one once; return its id.

    Raises DomainError("point_is_empty"), ("too_many_points"), Conflict("case_stands_otherwise"),
    NotAllowed("case_is_about_him").
    """
    said = clean(text)[:1000]
    if not said:
        raise DomainError("point_is_empty")
    with transaction.atomic():
        case = _open_for_writing(case_id, by)
        rows = CasePoint.objects.filter(case=case)
        same = rows.filter(text=said, dropped_at=None).first()
        if same is not None:
            return same.pk
        last = rows.aggregate(last=Max("place"))["last"] or 0
        if last >= MOST_POINTS:
            raise DomainError("too_many_points", most=MOST_POINTS)
        row = CasePoint.objects.create(case=case, place=last + 1, text=said)
        tell(case, "point_added", at=at, data={"place": row.place})
    return row.pk


def drop_point(case_id: int, point_id: int, *, by: int, at: datetime) -> None:
    """Take a point off: it was no question after all. A second time changes nothing."""
    with transaction.atomic():
        case = _open_for_writing(case_id, by)
        row = _point(case, point_id)
        if row.dropped_at is None:
            row.dropped_at = at
            row.save(update_fields=["dropped_at"])
            _back_to_draft(case)
            tell(case, "point_dropped", at=at, data={"place": row.place})


def write_answer(case_id: int, *, written: Written, version: int, by: int, at: datetime) -> int:
    """Keep a draft and return its version; `version` is the one on the page (0: there was none).

    Raises DomainError("letter_is_empty"), ("resolution_is_wrong"), Conflict("answer_was_changed"),
    NotFound for another case's point.
    """
    said = clean(written.text)
    if not said:
        raise DomainError("letter_is_empty")
    if written.resolution not in ANSWERS:
        raise DomainError("resolution_is_wrong")
    with transaction.atomic():
        case = _open_for_writing(case_id, by)
        row = CaseAnswer.objects.filter(case=case, state__in=NOT_SENT).first() or CaseAnswer(case=case, version=0)
        if row.version != version:
            raise Conflict("answer_was_changed")
        row.state, row.version = AnswerState.DRAFT.value, version + 1
        row.text, row.template = said, written.template[:40]
        row.resolution, row.channel = written.resolution.value, written.channel.value
        row.address = written.address[:300]
        row.written_by_id, row.written_at = by, at
        row.save()
        for point_id, answer in written.points.items():
            point = _point(case, point_id)
            if point.answer != clean(answer)[:LONGEST_POINT]:
                point.answer = clean(answer)[:LONGEST_POINT]
                point.save(update_fields=["answer"])
        tell(case, "answer_written", at=at, data={"answer_id": row.pk, "version": row.version})
    return row.version


def put_forward(case_id: int, *, version: int, snapshot: Mapping[str, Any], by: int, at: datetime) -> bool:
    """Send the answer, or let it wait for a second person where its subject asks for it; return whether it is sent.

    `snapshot` is what the paper shows beside the text (company, author). Raises DomainError("points_are_unanswered"),
    ("fields_are_unfilled"), Conflict("answer_was_changed"), what `reply` raises.
    """
    with transaction.atomic():
        case = _open_for_writing(case_id, by)
        row = _current(case, version)
        check_points(case)
        left = unfilled(row.text.replace("{points}", ""))
        if left:
            raise DomainError("fields_are_unfilled", fields=", ".join(f"{{{one}}}" for one in left))
        row.snapshot = dict(snapshot)
        if not needs_approval(case, at=at):
            _send(case, row, at=at)
            return True
        row.state, row.version, row.returned_note = AnswerState.WAITING.value, row.version + 1, ""
        row.save()
        append(case, E.ANSWER_WAITS, at=at, by=by, data={"answer_id": row.pk})
        tell(case, "answer_waits", at=at, data={"answer_id": row.pk})
    return False


def approve_answer(case_id: int, *, version: int, by: int, at: datetime) -> None:
    """Approve an answer that waits, and send it.

    Raises DomainError("another_decides") for whoever wrote it, Conflict("answer_was_changed").
    """
    with transaction.atomic():
        case = _open_for_writing(case_id, by)
        row = _waiting(case, version, by)
        row.state, row.approved_by_id, row.approved_at = AnswerState.APPROVED.value, by, at
        row.save()
        _send(case, row, at=at)


def return_answer(case_id: int, *, version: int, note: str, by: int, at: datetime) -> None:
    """Give an answer that waits back to its author with a note; raise DomainError("reason_is_needed")."""
    if not note.strip():
        raise DomainError("reason_is_needed")
    with transaction.atomic():
        case = _open_for_writing(case_id, by)
        row = _waiting(case, version, by)
        row.state, row.version = AnswerState.DRAFT.value, row.version + 1
        row.returned_note = clean(note)[:1000]
        row.save()
        append(case, E.ANSWER_RETURNED, at=at, by=by, data={"reason": row.returned_note})
        tell(case, "answer_returned", at=at, data={"answer_id": row.pk}, reason=row.returned_note)


def mark_posted(letter_id: int, *, track: str, by: int, at: datetime) -> None:
    """Note that a printed letter was handed to the post; a second time changes nothing. Raises NotFound."""
    found = Letter.objects.filter(pk=letter_id, direction=Direction.OUT, channel=CaseChannel.POST).first()
    if found is None:
        raise NotFound(letter=letter_id)
    with transaction.atomic():
        case = locked(found.case_id)
        check_not_barred(case, by)
        _, is_new = PostedLetter.objects.get_or_create(
            letter=found, defaults={"at": at, "by_id": by, "track": clean(track)[:40]}
        )
        if is_new:
            data = {"letter_id": letter_id, "track": clean(track)[:40]}
            append(case, E.POSTED, at=at, by=by, data=data)
            tell(case, "letter_posted", at=at, data=data)


def _open_for_writing(case_id: int, by: int) -> Case:
    case = locked(case_id)
    check_not_barred(case, by)
    check_open(case)
    return case


def _point(case: Case, point_id: int) -> CasePoint:
    row = CasePoint.objects.filter(case=case, pk=point_id).first()
    if row is None:
        raise NotFound(point=point_id)
    return row


def _current(case: Case, version: int) -> CaseAnswer:
    row = CaseAnswer.objects.filter(case=case, state__in=NOT_SENT).first()
    if row is None or row.version != version:
        raise Conflict("answer_was_changed")
    lock_row("cases_answer", row.pk)
    return row


def _waiting(case: Case, version: int, by: int) -> CaseAnswer:
    row = _current(case, version)
    if row.state != AnswerState.WAITING:
        raise Conflict("answer_was_changed")
    if row.written_by_id == by:
        raise DomainError("another_decides")
    return row


def _back_to_draft(case: Case) -> None:
    """What was changed after it was put forward is put forward anew."""
    row = CaseAnswer.objects.filter(case=case, state=AnswerState.WAITING).first()
    if row is not None:
        row.state, row.version = AnswerState.DRAFT.value, row.version + 1
        row.save()


def _send(case: Case, row: CaseAnswer, *, at: datetime) -> None:
    text = composed(row.text, points_of(case))
    letter_id = reply(
        case.pk,
        text=text,
        by=row.written_by_id,
        at=at,
        request_key=f"answer:{row.pk}",
        resolution=Resolution(row.resolution),
        channel=CaseChannel(row.channel),
        address=row.address,
    )
    year, place = at.astimezone(MOSCOW).year, office_place(case.number)
    count = numbering.take(f"cases.outgoing:{year}:{place}")
    row.number = outgoing_number(year=year, place=place, count=count)
    row.snapshot = {**row.snapshot, "text": text}
    row.letter_id, row.sent_at, row.state = letter_id, at, AnswerState.SENT.value
    row.save()
    tell(Case.objects.get(pk=case.pk), "answer_sent", at=at, data={"answer_id": row.pk, "outgoing": row.number})

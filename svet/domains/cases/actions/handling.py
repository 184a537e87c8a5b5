"""A case in the hands of people: taken, assigned, handed over, named rightly, noted, answered, closed, opened again.

Whoever a complaint is about, and whoever stands below him, gets it by none of these doors (clause A7).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from svet.domains.access import queries as access
from svet.domains.access.rules import Right
from svet.domains.cases.actions import clocks, letters
from svet.domains.cases.actions.answer_terms import check_may_go
from svet.domains.cases.actions.completing import missing_of
from svet.domains.cases.actions.events import append, check_open, locked, tell
from svet.domains.cases.actions.registering import name_about
from svet.domains.cases.actions.standing import check_not_barred, is_barred_from
from svet.domains.cases.models import Case
from svet.domains.cases.queries.absences import is_away
from svet.domains.cases.queries.reference import subject
from svet.domains.cases.queries.sending import applicant_of
from svet.domains.cases.rules.clocks import ClockKind
from svet.domains.cases.rules.register import (
    ANSWERS,
    OPEN_STATES,
    CaseChannel,
    CaseKind,
    EventKind,
    Resolution,
)
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, DomainError, NotAllowed

E = EventKind


def take(case_id: int, *, by: int, at: datetime) -> None:
    """Take a case that nobody has; raise Conflict("case_is_taken"), NotAllowed("case_is_about_him")."""
    with transaction.atomic():
        case = locked(case_id)
        if case.assignee_id is not None:
            raise Conflict("case_is_taken")
        check_not_barred(case, by)
        append(case, E.TAKEN, at=at, by=by, data={"to": by})
        tell(case, "case_taken", at=at, data={"to": by})


def assign(case_id: int, *, to: int, by: int, at: datetime, reason: str = "", expected: int | None = None) -> None:
    """Give a case to an employee; `expected` is who had it on the page.

    Raises NotAllowed("case_is_about_him"), ("he_answers_no_cases"), DomainError("he_is_away"),
    Conflict("case_was_reassigned").
    """
    with transaction.atomic():
        case = locked(case_id)
        if case.assignee_id != expected:
            raise Conflict("case_was_reassigned")
        _give(case, to, kind=E.ASSIGNED, by=by, at=at, reason=reason)


def give_back(case_id: int, *, by: int, at: datetime, reason: str) -> None:
    """Put a case back into the queue; raise DomainError("reason_is_needed")."""
    if not reason.strip():
        raise DomainError("reason_is_needed")
    with transaction.atomic():
        case = locked(case_id)
        data = {"from": case.assignee_id, "reason": reason.strip()[:500]}
        append(case, E.RETURNED, at=at, by=by, data=data)
        tell(case, "case_returned", at=at, data=data, reason=reason.strip())


def classify(case_id: int, *, kind: CaseKind, subject_code: str, by: int, at: datetime) -> None:
    """Say what a case is and is about; clocks of the new subject begin, what is missing is looked at again.

    Raises DomainError("no_such_subject").
    """
    with transaction.atomic():
        case = locked(case_id)
        view = subject(subject_code, on=at.astimezone(MOSCOW).date())
        before = {"kind": case.kind, "subject": case.subject}
        absent = missing_of(case, view)
        data = {"kind": CaseKind(kind).value, "subject": view.code, "missing": absent, "before": before}
        append(case, E.CLASSIFIED, at=at, by=by, data=data)
        if case.state in OPEN_STATES:
            clocks.recount(case, applicant_kind=applicant_of(case.pk).kind, at=at, by=by)
        tell(case, "case_classified", at=at, data=data)


def name_complained_about(case_id: int, *, users: Sequence[int], units: Sequence[int], by: int, at: datetime) -> None:
    """Write whom a case is about; if its handler is one of them, or stands below one, he loses it at once."""
    with transaction.atomic():
        case = locked(case_id)
        name_about(case, users=users, units=units, at=at, by=by)
        if (
            case.state in OPEN_STATES
            and case.assignee_id is not None
            and is_barred_from(case.pk, user_id=case.assignee_id)
        ):
            append(case, E.RETURNED, at=at, by=by, data={"from": case.assignee_id, "reason": "case_is_about_him"})
        tell(case, "case_about_named", at=at, data={"users": list(users), "units": list(units)})


def note(case_id: int, *, text: str, by: int, at: datetime) -> None:
    """Write a note for colleagues, the same one twice in a row once; raise DomainError("note_is_empty")."""
    if not text.strip():
        raise DomainError("note_is_empty")
    with transaction.atomic():
        case = locked(case_id)
        said = letters.clean(text)[:4000]
        last = case.events.order_by("-position").first()
        if last is None or (last.kind, last.by_id, last.data.get("text")) != (E.NOTED, by, said):
            append(case, E.NOTED, at=at, by=by, data={"text": said})


def mark_read(case_id: int, *, by: int, at: datetime) -> None:
    """Note that later letters were read and need no other answer; their clock stops. A second time changes nothing."""
    with transaction.atomic():
        case = locked(case_id)
        if case.is_unread:
            append(case, E.READ, at=at, by=by)
            clocks.stop(case, [ClockKind.LATER_LETTER], at=at, by=by, why="letter_read")


def reply(
    case_id: int,
    *,
    text: str,
    by: int,
    at: datetime,
    request_key: str,
    resolution: Resolution | None = None,
    channel: CaseChannel | None = None,
    address: str = "",
    title: str = "",
    file_ids: Sequence[int] = (),
) -> int:
    """Write to the applicant; with a resolution the letter is the answer and the company's clocks stop. Return its id.

    Without a channel the best way known is taken. The same request key again returns the letter that was written.
    Raises DomainError("letter_is_empty"), ("resolution_is_wrong"), ("points_are_unanswered"),
    ("answer_needs_approval"), Conflict("case_stands_otherwise"), NotAllowed("case_is_about_him").
    """
    if resolution is not None and resolution not in ANSWERS:
        raise DomainError("resolution_is_wrong")
    with transaction.atomic():
        case = locked(case_id)
        check_not_barred(case, by)
        same = case.letters.filter(direction="outgoing", key=request_key[:255]).first() if request_key else None
        if same is not None:
            return same.pk
        if resolution is not None:
            check_open(case)
            check_may_go(case, at=at)
        letter = letters.write(
            case,
            text=text,
            at=at,
            by=by,
            title=title,
            key=request_key,
            channel=channel,
            address=address,
            file_ids=file_ids,
            is_answer=resolution is not None,
        )
        if resolution is not None:
            data = {"resolution": resolution.value, "letter_id": letter.pk}
            append(case, E.ANSWERED, at=at, by=by, data=data)
            clocks.stop(case, list(ClockKind), at=at, by=by, why="answer_was_given")
            tell(case, "case_answered", at=at, data=data)
        elif case.is_unread:
            append(case, E.READ, at=at, by=by)
            clocks.stop(case, [ClockKind.LATER_LETTER], at=at, by=by, why="letter_read")
    return letter.pk


def close(
    case_id: int, *, by: int | None, at: datetime, resolution: Resolution | None = None, reason: str = ""
) -> None:
    """Close an answered case, or an open one that the applicant withdrew (`resolution=WITHDRAWN` with a reason).

    Raises Conflict("case_stands_otherwise"), DomainError("reason_is_needed"), ("resolution_is_wrong").
    """
    with transaction.atomic():
        case = locked(case_id)
        if case.state in OPEN_STATES:
            if resolution is not Resolution.WITHDRAWN:
                raise DomainError("resolution_is_wrong")
            if not reason.strip():
                raise DomainError("reason_is_needed")
        data = {"reason": reason.strip()[:500]} | ({"resolution": resolution.value} if resolution else {})
        append(case, E.CLOSED, at=at, by=by, data=data)
        clocks.stop(case, list(ClockKind), at=at, by=by, why="case_was_closed")
        tell(case, "case_closed", at=at, data=data, reason=reason.strip())


def reopen(case_id: int, *, reason: str, by: int | None, at: datetime) -> None:
    """Open an answered or closed case again: its clocks begin anew from now, the stopped ones stand as they were.

    Raises DomainError("reason_is_needed"), Conflict("case_stands_otherwise").
    """
    if not reason.strip():
        raise DomainError("reason_is_needed")
    with transaction.atomic():
        case = locked(case_id)
        append(case, E.REOPENED, at=at, by=by, data={"reason": reason.strip()[:500]})
        if case.assignee_id is not None and is_barred_from(case.pk, user_id=case.assignee_id):
            append(case, E.RETURNED, at=at, by=by, data={"from": case.assignee_id, "reason": "case_is_about_him"})
        clocks.stop(case, [ClockKind.LATER_LETTER], at=at, by=by, why="reopened")
        clocks.start(case, ClockKind.ANSWER, at=at, by=by)
        tell(case, "case_reopened", at=at, reason=reason.strip())


def _give(case: Case, to: int, *, kind: EventKind, by: int, at: datetime, reason: str) -> None:
    if not access.person(to).may(Right.ANSWER_CASES):
        raise NotAllowed("he_answers_no_cases")
    if is_away(to, on=at.astimezone(MOSCOW).date()):
        raise DomainError("he_is_away")
    check_not_barred(case, to)
    data = {"from": case.assignee_id, "to": to, "reason": reason.strip()[:500]}
    append(case, kind, at=at, by=by, data=data)
    tell(case, "case_assigned", at=at, data=data, reason=reason.strip())

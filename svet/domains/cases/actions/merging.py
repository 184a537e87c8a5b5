"""Two cases that are one are merged; a letter that is about something else becomes a case of its own. Both stay told.

A merged case keeps its number, letters and events; its row says into which it went, and reports count both.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.cases.actions import clocks
from svet.domains.cases.actions.events import append, both_locked, locked, tell
from svet.domains.cases.actions.letters import Incoming
from svet.domains.cases.actions.matters import join_matter
from svet.domains.cases.actions.registering import Details, Registered, register
from svet.domains.cases.actions.standing import check_not_barred
from svet.domains.cases.models import Letter
from svet.domains.cases.queries.sending import applicant_of
from svet.domains.cases.rules.clocks import ClockKind
from svet.domains.cases.rules.register import CaseChannel, CaseKind, Direction, EventKind
from svet.kernel.errors import Conflict, NotFound

E = EventKind


def merge_cases(case_id: int, *, into_id: int, by: int, at: datetime) -> None:
    """Merge a case into another, open one: it closes, and what comes to it later goes there.

    Raises NotFound, Conflict("case_stands_otherwise"), ("merged_into_itself"), ("merges_go_one_way") when the other was
    itself merged, NotAllowed("case_is_about_him").
    """
    if case_id == into_id:
        raise Conflict("merged_into_itself")
    with transaction.atomic():
        case, other = both_locked(case_id, into_id)
        check_not_barred(case, by)
        check_not_barred(other, by)
        if other.merged_into_id is not None:
            raise Conflict("merges_go_one_way")
        if case.matter_id != other.matter_id and other.matter_id is not None:
            join_matter(case.pk, matter_id=other.matter_id, by=by, at=at)
            case.refresh_from_db()
        clocks.stop(case, list(ClockKind), at=at, by=by, why="was_merged")
        append(case, E.MERGED, at=at, by=by, data={"into": other.pk, "number": other.number})
        append(other, E.TOOK_IN, at=at, by=by, data={"from": case.pk, "number": case.number})
        tell(case, "case_merged", at=at, data={"into": other.pk, "into_number": other.number})


def split_case(letter_id: int, *, subject_code: str, kind: CaseKind, by: int, at: datetime) -> Registered:
    """Make of a letter that came to a case a case of its own, of the same applicant and matter. Twice is once.

    Its terms count from when the letter came. Raises NotFound, NotAllowed("case_is_about_him").
    """
    with transaction.atomic():
        found = Letter.objects.filter(pk=letter_id, direction=Direction.IN).first()
        if found is None:
            raise NotFound(letter=letter_id)
        case = locked(found.case_id)
        check_not_barred(case, by)
        copy = Incoming(
            channel=CaseChannel(found.channel),
            text=found.text,
            received_at=found.at,
            key=f"split:{found.pk}",
            title=found.title,
            sender=found.address,
            file_ids=tuple(found.files.order_by("place").values_list("file_id", flat=True)),
            user_id=found.author_id,
        )
        made = register(
            copy,
            applicant=applicant_of(case.pk),
            at=at,
            by=by,
            kind=kind,
            subject_code=subject_code,
            account_id=case.account_id,
            office_code=case.office_code,
            details=Details(matter_id=case.matter_id),
        )
        if made.is_new:
            data = {"to": made.case_id, "number": made.number, "letter_id": found.pk}
            append(case, E.SPLIT, at=at, by=by, data=data)
    return made

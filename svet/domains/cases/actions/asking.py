"""After an answer the applicant rates it once; weeks later he says whether it was solved, which can reopen the case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.cases.actions.events import append, locked, tell
from svet.domains.cases.actions.handling import reopen
from svet.domains.cases.actions.letters import clean
from svet.domains.cases.models import Case, CaseAsking, Letter
from svet.domains.cases.rules.register import OPEN_STATES, EventKind
from svet.kernel.errors import Conflict, DomainError, NotFound

RATING, SOLVED = "rating", "solved"
SCORES = range(1, 6)


def ask(letter_id: int, *, question: str, at: datetime) -> int:
    """Note that a question about an answer goes out; return its id. The same question of the same answer is one."""
    letter = Letter.objects.filter(pk=letter_id, is_answer=True).first()
    if letter is None:
        raise NotFound(letter=letter_id)
    row, _ = CaseAsking.objects.get_or_create(
        letter=letter, question=question, defaults={"case_id": letter.case_id, "asked_at": at}
    )
    return row.pk


def rate(asking_id: int, *, score: int, comment: str, at: datetime) -> None:
    """Keep the applicant's rating of an answer.

    Raises DomainError("score_is_wrong"), Conflict("said_already") a second time, NotFound.
    """
    if score not in SCORES:
        raise DomainError("score_is_wrong")
    with transaction.atomic():
        row, case = _asked(asking_id, RATING)
        row.score, row.comment, row.given_at = score, clean(comment)[:2000], at
        row.save()
        _note(case, row, at=at, facts={"score": score})


def rate_answer(letter_id: int, *, score: int, comment: str, at: datetime) -> None:
    """Keep a rating given beside the answer itself: nobody is then asked for it by a message any more.

    Raises what `rate` raises, NotFound for what is no answer.
    """
    with transaction.atomic():
        rate(ask(letter_id, question=RATING, at=at), score=score, comment=comment, at=at)


def say_whether_solved(asking_id: int, *, is_solved: bool, comment: str, at: datetime) -> bool:
    """Keep whether the question was really solved; if not, the case is open again. Return whether it was reopened.

    Raises Conflict("said_already") a second time, NotFound.
    """
    with transaction.atomic():
        row, case = _asked(asking_id, SOLVED)
        row.is_solved, row.comment, row.given_at = is_solved, clean(comment)[:2000], at
        row.save()
        _note(case, row, at=at, facts={"is_solved": is_solved})
        if is_solved or case.state in OPEN_STATES or case.merged_into_id is not None:
            return False
        reopen(case.pk, reason="not_solved_says_applicant", by=None, at=at)
    return True


def _asked(asking_id: int, question: str) -> tuple[CaseAsking, Case]:
    found = CaseAsking.objects.filter(pk=asking_id, question=question).first()
    if found is None:
        raise NotFound(asking=asking_id)
    case = locked(found.case_id)
    found.refresh_from_db()
    if found.given_at is not None:
        raise Conflict("said_already")
    return found, case


def _note(case: Case, row: CaseAsking, *, at: datetime, facts: dict[str, object]) -> None:
    data = {"asking_id": row.pk, **facts}
    append(case, EventKind.RATED, at=at, by=None, data=data | {"text": row.comment})
    tell(case, "case_rated", at=at, data=data)

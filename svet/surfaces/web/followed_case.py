"""A case as its applicant follows it, on the site and in the account area: one template shows it, one form writes.

Who may see the case the caller has decided; a file is given only when a letter of this very case holds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse

from svet.domains.cases import actions as cases
from svet.domains.cases.actions import Incoming
from svet.domains.cases.queries import Followed
from svet.domains.cases.rules.applicants import Needed
from svet.domains.cases.rules.register import CaseChannel
from svet.flows import case_intake
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.surfaces.web import messages
from svet.surfaces.web.appeal_forms import MOST_FILES, LetterForm
from svet.surfaces.web.rating_form import RatingForm
from svet.surfaces.web.scans import GivenScans, scans_of
from svet.surfaces.web.sent_once import key_of
from svet.surfaces.web.stored_files import attached_file

SEALED = frozenset({Needed.BIRTH.value, Needed.PASSPORT.value})
"""What is kept sealed is not asked for in an open letter: an operator takes it down."""
LETTER_FAILED = "Не получилось сделать файл письма. Попробуйте ещё раз: сам ответ показан на этой странице."


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, by which way: `files_by` is the name under which his files are kept."""

    channel: CaseChannel
    files_by: int
    user_id: int | None = None


def write(request: HttpRequest, followed: Followed, *, writer: Writer, at: datetime) -> tuple[bool, dict[str, Any]]:
    """Take what was sent from the page of a case; return whether it is done, and what the page shows.

    That an answer was shown to its applicant is noted the first time, as evidence that it reached him.
    While the way is turned off nothing is taken, and what was typed stays on the page.
    An answer is rated here too, once. To an answered case a letter is the word that nothing was solved, while that may
    be said; after that nothing is taken.
    """
    if followed.rates is not None and "answer" in request.POST:
        return _rated(request, followed, at=at)
    may_write = followed.is_open or followed.reopens_until is not None
    rating = RatingForm() if followed.rates is not None else None
    form = LetterForm(request.POST or None, is_answered=not followed.is_open)
    context: dict[str, Any] = {
        "followed": followed,
        "case": followed.case,
        "form": form if may_write else None,
        "rating": rating,
    }
    context["missing"] = [one for one in followed.case.missing if one not in SEALED]
    if not form.is_bound:
        answers = [one.letter_id for one in followed.case.letters if one.is_answer]
        cases.note_opened(followed.case.case_id, answers, by_way=writer.channel, at=at)
        return False, context
    scans = GivenScans(request, by=writer.files_by, at=at, most=MOST_FILES)
    scans.blame(form)
    context |= {"scans": scans_of(scans.files)}
    if not form.is_valid():
        return False, context
    key = key_of(request, form, form.cleaned_data["request_key"], at=at, files=scans.files)
    letter = Incoming(
        channel=writer.channel,
        text=form.cleaned_data["text"],
        received_at=at,
        key=f"page:{followed.case.case_id}:{key}",
        file_ids=scans.ids,
        user_id=writer.user_id,
    )
    try:
        case_intake.check_way(writer.channel, at=at)
        if followed.is_open:
            cases.join(followed.case.case_id, letter=letter, at=at)
        else:
            cases.not_solved(followed.case.case_id, letter=letter, at=at)
    except NotFound:
        raise
    except DomainError as error:
        form.add_error("text" if error.code == "letter_is_empty" else None, messages.of_error(error))
        return False, context | {"form": form}
    said = "Сообщение добавлено к обращению." if followed.is_open else "Обращение открыто снова, мы разберёмся."
    flash.success(request, said, extra_tags="good")
    return True, context


def _rated(request: HttpRequest, followed: Followed, *, at: datetime) -> tuple[bool, dict[str, Any]]:
    form = RatingForm(request.POST)
    if not form.is_valid():
        flash.error(request, " ".join(str(error) for one in form.errors.values() for error in one), extra_tags="bad")
        return True, {}
    try:
        given = form.cleaned_data
        cases.rate_answer(followed.rates or 0, score=int(given["answer"]), comment=given["comment"], at=at)
    except Conflict as error:
        flash.warning(request, messages.of_error(error))
    else:
        flash.success(request, "Спасибо, мы записали вашу оценку.", extra_tags="good")
    return True, {}


def file_of(followed: Followed, file_id: int) -> HttpResponse:
    """Give a file of one of the case's letters to be saved; 404 for any other file."""
    held = {one.id: one for letter in followed.case.letters for one in letter.files}
    if file_id not in held:
        raise Http404
    return attached_file(held[file_id])

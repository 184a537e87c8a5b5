"""Answers at the desk: written from a template, point by point, seen before they go, approved by two, posted."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svet.domains.access.rules import Right
from svet.domains.cases import actions, queries
from svet.domains.cases.rules.templates import fill
from svet.flows import answering
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.surfaces.desk.answer_forms import AnswerForm, DecideAnswerForm, PointForm, PostedForm, VersionForm
from svet.surfaces.desk.answer_words import filled
from svet.surfaces.paper.downloads import letter_file
from svet.surfaces.paper.engine import TypesettingFailed
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_CASES)
def answer(request: HttpRequest, case_number: str) -> HttpResponse:
    """Show the answer as it is written, with what it will look like; keep what is written."""
    who, now = person(request).user_id, clock.now()
    page = answering.answer_page(case_number, user_id=who, at=now)
    code = request.GET.get("template", "")
    chosen = next((one for one in page.templates if one.code == code), None)
    text = fill(chosen.text, filled(page.known)) if chosen else ""
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(data, page=page, text=text, template=chosen.code if chosen else "")
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            actions.write_answer(page.case.row.case_id, written=form.written, version=version, by=who, at=now)
        except NotFound:
            raise
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Сохранено. Проверьте, как выглядит ответ.", extra_tags="good")
            return redirect("desk:answer", case_number=case_number)
    return render(request, "desk/answer.html", _context(page, form, who), status=422 if form.errors else 200)


@require_POST
@needs(Right.ANSWER_CASES)
def add_point(request: HttpRequest, case_number: str) -> HttpResponse:
    """Write down one more question of the applicant."""
    who, now = person(request).user_id, clock.now()
    case_id, form = queries.open_for(who, case_number), PointForm(request.POST)
    if form.is_valid():
        try:
            actions.add_point(case_id, text=form.cleaned_data["text"], by=who, at=now)
        except DomainError as error:
            flash.error(request, messages.of_error(error), extra_tags="bad")
    else:
        flash.error(request, "Напишите вопрос заявителя, не длиннее 1000 знаков.", extra_tags="bad")
    return redirect("desk:answer", case_number=case_number)


@require_POST
@needs(Right.ANSWER_CASES)
def drop_point(request: HttpRequest, case_number: str, point_id: int) -> HttpResponse:
    """Take a point off."""
    who, now = person(request).user_id, clock.now()
    case_id = queries.open_for(who, case_number)
    try:
        actions.drop_point(case_id, point_id, by=who, at=now)
    except NotFound:
        raise
    except DomainError as error:
        flash.error(request, messages.of_error(error), extra_tags="bad")
    return redirect("desk:answer", case_number=case_number)


@require_POST
@needs(Right.ANSWER_CASES)
def send_answer(request: HttpRequest, case_number: str) -> HttpResponse:
    """Send the answer that was seen, or let it wait for a second person."""
    who, now, form = person(request).user_id, clock.now(), VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else -1
    try:
        is_sent = answering.put_forward(case_number, version=version, by=who, at=now)
    except NotFound:
        raise
    except DomainError as error:
        flash.error(request, messages.of_error(error), extra_tags="bad")
        return redirect("desk:answer", case_number=case_number)
    done = "Ответ отправлен." if is_sent else "Ответ передан на согласование второму сотруднику."
    flash.success(request, done, extra_tags="good")
    return redirect("desk:case", case_number=case_number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_CASES)
def decide_answer(request: HttpRequest, case_number: str) -> HttpResponse:
    """Show an answer that waits to the second person; approve it or give it back."""
    who, now = person(request).user_id, clock.now()
    page = answering.answer_page(case_number, user_id=who, at=now)
    first = {"version": page.draft.version if page.draft else 0}
    form = DecideAnswerForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        case_id, given = page.case.row.case_id, form.cleaned_data
        try:
            if given["decision"] == "approve":
                actions.approve_answer(case_id, version=given["version"], by=who, at=now)
            else:
                actions.return_answer(case_id, version=given["version"], note=given["note"], by=who, at=now)
        except DomainError as error:
            form.add_error("note" if error.code == "reason_is_needed" else None, messages.of_error(error))
        else:
            done = "Ответ согласован и отправлен." if given["decision"] == "approve" else "Ответ возвращён автору."
            flash.success(request, done, extra_tags="good")
            return redirect("desk:case", case_number=case_number)
    return render(request, "desk/decide_answer.html", _context(page, form, who), status=422 if form.errors else 200)


@require_safe
@needs(Right.ANSWER_CASES)
def draft_pdf(request: HttpRequest, case_number: str) -> HttpResponse:
    """Give the answer as it would be printed now."""
    now = clock.now()
    paper = answering.draft_paper(case_number, user_id=person(request).user_id, at=now)
    return _printed(request, case_number, paper)


@require_safe
@needs(Right.ANSWER_CASES)
def letter_pdf(request: HttpRequest, case_number: str, letter_id: int) -> HttpResponse:
    """Give a letter that went out, on letterhead."""
    paper = answering.letter_paper(case_number, letter_id, user_id=person(request).user_id, at=clock.now())
    return _printed(request, case_number, paper)


@require_safe
@needs(Right.ANSWER_CASES)
def waiting_answers(request: HttpRequest) -> HttpResponse:
    """Show the answers that wait for a second person."""
    who = person(request).user_id
    return render(request, "desk/waiting_answers.html", {"waiting": queries.waiting_answers(who), "user_id": who})


@require_safe
@needs(Right.ANSWER_CASES)
def letters_to_post(request: HttpRequest) -> HttpResponse:
    """Show the letters to be printed and handed to the post."""
    context = {"letters": queries.letters_to_post(person(request).user_id), "form": PostedForm()}
    return render(request, "desk/letters_to_post.html", context)


@require_POST
@needs(Right.ANSWER_CASES)
def mark_posted(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Note that a letter was handed to the post; a second time changes nothing."""
    who, form = person(request).user_id, PostedForm(request.POST)
    if form.is_valid():
        actions.mark_posted(letter_id, track=form.cleaned_data["track"], by=who, at=clock.now())
        flash.success(request, "Письмо сдано на почту.", extra_tags="good")
    else:
        flash.error(request, "Проверьте почтовый номер: он не длиннее 40 знаков.", extra_tags="bad")
    return redirect("desk:letters_to_post")


def _context(page: answering.AnswerPage, form: object, user_id: int) -> dict[str, object]:
    is_author = page.draft is not None and page.draft.written_by == user_id
    return {"page": page, "row": page.case.row, "form": form, "add": PointForm(), "is_author": is_author}


def _printed(request: HttpRequest, case_number: str, paper: answering.LetterPaper) -> HttpResponse:
    try:
        return letter_file(paper, at=clock.now())
    except TypesettingFailed:
        flash.error(request, "Не получилось сделать письмо. Попробуйте ещё раз.", extra_tags="bad")
        return redirect("desk:case", case_number=case_number)

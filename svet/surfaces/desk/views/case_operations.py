"""Anything done with a case goes through one view: the form of the operation, one call, back to the case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.cases import actions, queries
from svet.domains.cases.rules.applicants import masked_secret
from svet.domains.cases.rules.clocks import ClockKind
from svet.domains.cases.rules.grounds import Review
from svet.domains.cases.rules.register import shown_receipt_code
from svet.flows import case_pages
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.surfaces.desk.case_operation_forms import ReasonForm
from svet.surfaces.desk.case_operations import OPERATIONS, Doing
from svet.surfaces.desk.review_forms import ReviewForm
from svet.surfaces.desk.views.cases import MOST_SCANS, handlers
from svet.surfaces.paper.downloads import slip_file
from svet.surfaces.paper.engine import TypesettingFailed
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person
from svet.surfaces.web.scans import GivenScans, scans_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_CASES)
def case_operation(request: HttpRequest, case_number: str, operation: str) -> HttpResponse:
    """Show the form of an operation with a case and do it."""
    wanted = OPERATIONS.get(operation)
    if wanted is None:
        raise Http404
    who, now = person(request).user_id, clock.now()
    case = queries.case_page(queries.open_for(who, case_number), user_id=who, at=now)
    is_sent = request.method == "POST"
    form = wanted.form(request.POST if is_sent else None, case=case, handlers=handlers())
    scans = GivenScans(request, by=who, at=now, most=MOST_SCANS)
    if is_sent and "scans" in form.fields:
        scans.blame(form)
    if is_sent and form.is_valid():
        try:
            wanted.call(Doing(case, who, now, scans.ids), form)
        except NotFound:
            form.add_error(None, "Такого обращения нет: проверьте номер.")
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, wanted.done, extra_tags="good")
            return _back(case_number, who)
    context: dict[str, Any] = {"page": case, "row": case.row, "operation": wanted, "form": form, "code": operation}
    context |= {"scans": scans_of(scans.files)}
    if operation == "refuse":
        context["suggestions"] = queries.suggestions(case.row.case_id)
    if operation in {"matter", "merge"}:
        context["near"] = queries.same_matter(case.row.case_id, user_id=who, at=now)
    return render(request, "desk/case_operation.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_CASES)
def case_secrets(request: HttpRequest, case_number: str) -> HttpResponse:
    """Show the sealed data of an applicant once, for a reason; the look is recorded."""
    who, now = person(request).user_id, clock.now()
    case = queries.case_page(queries.open_for(who, case_number), user_id=who, at=now)
    form = ReasonForm(request.POST if request.method == "POST" else None, case=case, handlers=[])
    secrets = None
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        secrets = actions.reveal(case.row.case_id, reason=reason, by=who, at=now, page="desk:case_secrets")
    context = {"row": case.row, "form": form, "secrets": secrets, "masked": masked_secret("0000")}
    return render(request, "desk/case_secrets.html", context, status=422 if form.errors else 200)


@require_safe
@needs(Right.ANSWER_CASES)
def case_taken(request: HttpRequest, case_number: str) -> HttpResponse:
    """Show what to tell the applicant: the number, the code, the last day for the answer, what is missing."""
    who, now = person(request).user_id, clock.now()
    case = queries.case_page(queries.open_for(who, case_number), user_id=who, at=now)
    context = {"page": case, "row": case.row, "receipt": shown_receipt_code(queries.receipt_code(case.row.case_id))}
    context["due_on"] = queries.clock_due_on(case.row.case_id, kind=ClockKind.ANSWER)
    return render(request, "desk/case_taken.html", context)


@require_safe
@needs(Right.ANSWER_CASES)
def case_hints(request: HttpRequest, case_number: str) -> HttpResponse:
    """Show what is like a case and which grounds not to consider it may hold; its page asks for it after itself."""
    who, now = person(request).user_id, clock.now()
    case_id = queries.open_for(who, case_number)
    near = queries.same_matter(case_id, user_id=who, at=now)
    context = {"number": case_number, "near": near, "suggestions": queries.suggestions(case_id)}
    return render(request, "desk/case_hints.html", context)


@require_safe
@needs(Right.ANSWER_CASES)
def case_slip(request: HttpRequest, case_number: str) -> HttpResponse:
    """Give the registration slip to print."""
    who, now = person(request).user_id, clock.now()
    slip = case_pages.slip(case_number, user_id=who, at=now)
    try:
        return slip_file(slip, at=now)
    except TypesettingFailed:
        flash.error(request, "Не получилось сделать талон. Попробуйте ещё раз.", extra_tags="bad")
        return redirect("desk:case_taken", case_number=case_number)


@require_safe
@needs(Right.ANSWER_CASES)
def refusals(request: HttpRequest) -> HttpResponse:
    """Show the proposals not to consider that wait for a second person."""
    return render(request, "desk/refusals.html", {"waiting": queries.waiting_refusals(person(request).user_id)})


@require_safe
@needs(Right.SEE_SERVICE_FIGURES)
def refusals_to_review(request: HttpRequest) -> HttpResponse:
    """Show the confirmed refusals that wait for the quality review."""
    return render(request, "desk/refusals.html", {"to_review": queries.refusals_to_review(person(request).user_id)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SEE_SERVICE_FIGURES)
def review_refusal(request: HttpRequest, case_number: str, refusal_id: int) -> HttpResponse:
    """Show a confirmed refusal with its letters and write down whether it was right."""
    who, now = person(request).user_id, clock.now()
    case_id = queries.open_for(who, case_number)
    refusal = queries.refusal_of(case_id, refusal_id)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.review_refusal(
                refusal_id, found=Review(form.cleaned_data["found"]), note=form.cleaned_data["note"], by=who, at=now
            )
        except NotFound:
            raise
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Проверка записана.", extra_tags="good")
            return redirect("desk:refusals_to_review")
    context = {"refusal": refusal, "letters": queries.letters_of(case_id), "form": form, "number": case_number}
    return render(request, "desk/review_refusal.html", context, status=422 if form.errors else 200)


def _back(case_number: str, user_id: int) -> HttpResponse:
    """Go back to the case, or to the register when it is no longer this person's to see."""
    try:
        queries.open_for(user_id, case_number)
    except NotFound:
        return redirect("desk:cases")
    return redirect("desk:case", case_number=case_number)

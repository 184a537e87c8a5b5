"""The register of appeals: the list with its filters, what everybody has in hand, one case, taking an appeal."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access import queries as people
from svet.domains.access.rules import Right
from svet.domains.cases import queries as cases
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import CaseChannel
from svet.flows import answering, case_intake, case_pages
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.case_forms import TAKEN_BY, FiltersForm, IntakeForm, before_of
from svet.surfaces.desk.case_operations import offered
from svet.surfaces.desk.door import entry
from svet.surfaces.desk.view_forms import as_query
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person
from svet.surfaces.web.scans import GivenScans, scans_of
from svet.surfaces.web.sent_once import key_of
from svet.surfaces.web.stored_files import attached_file

MOST_SCANS = 20


def handlers() -> list[tuple[int, str]]:
    """Return who answers cases, by name."""
    return people.employed_with(Right.ANSWER_CASES)


@require_safe
@needs(Right.ANSWER_CASES)
def register_of_cases(request: HttpRequest) -> HttpResponse:
    """Show the register, the latest first, as the filters ask."""
    now, who = clock.now(), person(request)
    asked_view = request.GET.get("view", "")[:18]
    view = cases.view_for(who.user_id, int(asked_view)) if asked_view.isdecimal() else None
    data = _conditions(request, view)
    form = FiltersForm(data, subjects=cases.subjects(now.date()), handlers=handlers())
    before = before_of(request.GET.get("before", ""))
    page = cases.register_page(who.user_id, filters=form.filters, at=now, before=before)
    filters = as_query(form.filters)
    asked = [("view", str(view.id))] if view else list((filters or {"state": ""}).items())
    older = f"?{urlencode([*asked, ('before', page.before)])}" if page.before else ""
    context = {
        "page": page,
        "form": form,
        "older": older,
        "first": f"?{urlencode(asked)}" if before else "",
        "views": cases.views_for(who.user_id),
        "view": view,
        "filters": filters,
        "query": urlencode(filters),
    }
    return render(request, "desk/cases.html", context)


@require_safe
@needs(Right.ANSWER_CASES)
def workload(request: HttpRequest) -> HttpResponse:
    """Show what everybody has in hand, and what is overdue."""
    now, who = clock.now(), person(request)
    context = {
        "loads": cases.workload(who.user_id, at=now),
        "overdue": cases.overdue_cases(who.user_id, at=now),
        "mine": cases.mine(who.user_id, at=now),
    }
    return render(request, "desk/workload.html", context)


@require_safe
@needs(Right.ANSWER_CASES)
def case_page(request: HttpRequest, case_number: str) -> HttpResponse:
    """Show a case beside its account; whom it is about finds nothing here."""
    who = person(request)
    handled = case_pages.handled_case(
        case_number, user_id=who.user_id, roles=who.roles, at=clock.now(), page="desk:case"
    )
    case = handled.case
    context = {"page": case, "row": case.row, "beside": handled.beside, "around": answering.around(case)}
    context |= {"joined": handled.joined, "others": handled.others}
    context["operations"] = offered(case, user_id=who.user_id)
    return render(request, "desk/case.html", context)


@require_safe
@needs(Right.ANSWER_CASES)
def case_file(request: HttpRequest, case_number: str, file_id: int) -> HttpResponse:
    """Give a file of one of the case's letters to be saved."""
    case_id = cases.open_for(person(request).user_id, case_number)
    return attached_file(cases.letter_file(case_id, file_id))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_CASES)
def new_case(request: HttpRequest) -> HttpResponse:
    """Take an appeal at the office, by phone or by post; the same form sent twice is one case."""
    now, who = clock.now(), person(request)
    scans = GivenScans(request, by=who.user_id, at=now, most=MOST_SCANS)
    asked = request.GET.get("channel", "")
    form = IntakeForm(
        request.POST if request.method == "POST" else None,
        now=now,
        subjects=cases.subjects(now.date()),
        staff=[(one.person.user_id, one.person.name) for one in people.staff() if one.is_active],
        units=[(one.unit_id, one.name) for one in people.units()],
        known=_known(request),
        channel=asked if asked in TAKEN_BY else CaseChannel.OFFICE,
    )
    if form.is_bound:
        scans.blame(form)
    if form.is_bound and form.is_valid():
        key = key_of(request, form, form.cleaned_data["request_key"], at=now, files=scans.files)
        try:
            made = case_intake.take_at_desk(
                form.letter(scans.ids, key=key),
                applicant=form.applicant,
                kind=form.cleaned_data["kind"],
                subject_code=form.cleaned_data["subject"],
                by=who.user_id,
                at=now,
                details=form.details,
            )
        except DomainError as error:
            form.add_error("text" if error.code == "letter_is_empty" else None, messages.of_error(error))
        else:
            flash.success(request, messages.registered(made.number, is_new=made.is_new), extra_tags="good")
            return redirect("desk:case_taken", case_number=made.number)
    context = {"form": form, "scans": scans_of(scans.files)}
    return render(request, "desk/new_case.html", context, status=422 if form.errors else 200)


def _conditions(request: HttpRequest, view: cases.ViewOfRegister | None) -> QueryDict:
    """Return what is looked for: what a saved view says, else what the address does, else what is open."""
    if view is not None:
        return QueryDict(urlencode(as_query(view.filters)))
    return request.GET if request.GET else QueryDict("state=open")


def _known(request: HttpRequest) -> Applicant | None:
    """Return who applies when the appeal is taken from a card that is open."""
    number = request.GET.get("account", "")[:10]
    if not number.isdecimal() or entry(request, number) is None:
        return None
    return cases.applicant_of_number(number, at=clock.now())

"""Saved views of the register of appeals, and files of it that are made in the background."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svet.domains.access import queries as people
from svet.domains.access.rules import Right
from svet.domains.cases import actions, queries
from svet.domains.cases.queries import Filters
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.surfaces.desk.case_forms import FiltersForm
from svet.surfaces.desk.view_forms import ViewForm, as_query, in_words
from svet.surfaces.desk.views.cases import handlers
from svet.surfaces.paper.downloads import XLSX
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@never_cache
@require_safe
@needs(Right.ANSWER_CASES)
def case_views(request: HttpRequest) -> HttpResponse:
    """Show one's saved views and those shared with him, with what each looks for."""
    who, now = person(request).user_id, clock.now()
    subjects, names = queries.subjects(now.date()), handlers()
    views = [
        (one, in_words(one.filters, subjects=subjects, handlers=names), one.owner_id == who)
        for one in queries.views_for(who)
    ]
    return render(request, "desk/case_views.html", {"views": views})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_CASES)
def new_view(request: HttpRequest) -> HttpResponse:
    """Give the conditions of the address a name."""
    who, now = person(request).user_id, clock.now()
    filters = _filters(request.GET)
    form = ViewForm(request.POST if request.method == "POST" else None, unit=_unit(who))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.save_view(given["name"], filters=filters, shared=given.get("shared", False), by=who, at=now)
        except DomainError as error:
            form.add_error("name", messages.of_error(error))
        else:
            flash.success(request, "Вид сохранён: он в списке над обращениями.", extra_tags="good")
            return redirect(f"{reverse('desk:cases')}?view={made}")
    context = {"form": form, "told": _told(filters), "back": f"{reverse('desk:cases')}?{urlencode(as_query(filters))}"}
    return render(request, "desk/case_view.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_CASES)
def case_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Rename one's view, share it, keep it to oneself, or drop it."""
    who, now = person(request).user_id, clock.now()
    view = queries.view_for(who, view_id)
    data = request.POST if request.method == "POST" else None
    if data is not None and view.owner_id != who:
        raise NotFound(view=view_id)
    form = ViewForm(data, unit=_unit(who), initial={"name": view.name, "shared": bool(view.unit_name)})
    if "drop" in request.POST:
        actions.drop_view(view_id, by=who, at=now)
        flash.success(request, f"Вид «{view.name}» удалён.", extra_tags="good")
        return redirect("desk:case_views")
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_view(view_id, name=given["name"], shared=given.get("shared", False), by=who, at=now)
        except DomainError as error:
            form.add_error("name", messages.of_error(error))
        else:
            flash.success(request, "Вид изменён.", extra_tags="good")
            return redirect("desk:case_views")
    context = {"form": form, "told": _told(view.filters), "view": view, "is_own": view.owner_id == who}
    return render(request, "desk/case_view.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_CASES)
def case_exports(request: HttpRequest) -> HttpResponse:
    """Show the files that one asked for; begin one of what the conditions of the address find."""
    who = person(request).user_id
    if request.method == "POST":
        try:
            actions.request_export(who, filters=_filters(request.POST), at=clock.now())
        except DomainError as error:
            flash.error(request, messages.of_error(error), extra_tags="bad")
        return redirect("desk:case_exports")
    return render(request, "desk/case_exports.html", _exports(who))


@never_cache
@require_safe
@needs(Right.ANSWER_CASES)
def case_exports_progress(request: HttpRequest) -> HttpResponse:
    """Show how far the files are, for the page that waits."""
    return render(request, "desk/case_exports_list.html", _exports(person(request).user_id))


@never_cache
@require_safe
@needs(Right.ANSWER_CASES)
def case_export_file(request: HttpRequest, export_id: int) -> HttpResponseBase:
    """Hand the file to who asked for it, piece by piece."""
    export, pieces = actions.take_export(export_id, user_id=person(request).user_id, at=clock.now())
    response = StreamingHttpResponse(pieces, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="cases-{export.requested_at:%Y-%m-%d}-{export.id}.xlsx"'
    response["Content-Length"] = str(export.size)
    return response


@require_POST
@needs(Right.ANSWER_CASES)
def drop_case_export(request: HttpRequest, export_id: int) -> HttpResponse:
    """Destroy a file before its days are over."""
    actions.drop_export(export_id, user_id=person(request).user_id, at=clock.now())
    flash.success(request, "Файл удалён.", extra_tags="good")
    return redirect("desk:case_exports")


def _filters(data: QueryDict) -> Filters:
    return FiltersForm(data, subjects=queries.subjects(clock.now().date()), handlers=handlers()).filters


def _told(filters: Filters) -> list[str]:
    return in_words(filters, subjects=queries.subjects(clock.now().date()), handlers=handlers())


def _unit(user_id: int) -> str:
    return people.staff_member(user_id).unit_name


def _exports(user_id: int) -> dict[str, object]:
    subjects, names = queries.subjects(clock.now().date()), handlers()
    rows = [(one, in_words(one.filters, subjects=subjects, handlers=names)) for one in queries.exports_of(user_id)]
    return {"exports": rows, "is_moving": any(one.is_moving for one, _ in rows)}

"""Logins of staff and the units of the company: for administrators, who see no customer's data by being one."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages as flash
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access import actions as access
from svet.domains.access.rules import Right
from svet.flows import staff_pages
from svet.flows.staff_pages import MemberPage
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.surfaces.desk.staff_forms import EmployForm, MoveForm, ReasonForm, UnitForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person

PASSWORD = "first_password"  # noqa: S105 (a session's key, not a secret)


@require_safe
@needs(Right.MANAGE_STAFF)
def staff(request: HttpRequest) -> HttpResponse:
    """Show who works here, as what and where."""
    return render(request, "desk/staff.html", {"page": staff_pages.everybody()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_STAFF)
def employ(request: HttpRequest) -> HttpResponse:
    """Give an employee a login; show the first password once."""
    form = EmployForm(request.POST or None, units=list(staff_pages.everybody().units))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user_id, password = access.employ(
                given["username"],
                name=(given["family_name"], given["given_name"], given["patronymic"]),
                position=given["position"],
                roles=given["roles"],
                unit_id=form.unit_id,
                email=given["email"] or None,
                by=person(request).user_id,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error("username" if error.code == "login_is_taken" else None, messages.of_error(error))
        else:
            request.session[PASSWORD] = [user_id, password]
            return redirect("desk:staff_member", user_id=user_id)
    return render(request, "desk/employ.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_STAFF)
def staff_member(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show one employee; change position, unit and roles; a first password just made is shown this once."""
    page = staff_pages.member(user_id)
    seen = {
        "position": page.member.person.position,
        "unit": page.member.unit_id or "",
        "roles": page.member.person.roles,
        "seen_roles": ",".join(page.member.person.roles),
    }
    form = MoveForm(request.POST or None, units=list(page.units), initial=seen)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            access.move_staff(
                user_id,
                position=given["position"],
                roles=given["roles"],
                unit_id=form.unit_id,
                expected_roles=[role for role in given["seen_roles"].split(",") if role],
                by=person(request).user_id,
                at=clock.now(),
                reason=given["reason"],
            )
        except NotFound:
            raise
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Изменения записаны.", extra_tags="good")
            return redirect("desk:staff_member", user_id=user_id)
    made_for, password = request.session.pop(PASSWORD, (0, ""))
    context = {
        "page": page,
        "form": form,
        "is_me": user_id == person(request).user_id,
        "password": password if made_for == user_id else "",
    }
    return render(request, "desk/staff_member.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_STAFF)
def close_login(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close an employee's login: he has left."""
    me = person(request).user_id

    def close(reason: str) -> None:
        access.dismiss(user_id, by=me, at=clock.now(), reason=reason)

    return _with_reason(request, user_id, close, what="close", done="Вход закрыт.")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_STAFF)
def reopen_login(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let an employee whose login was closed sign in again."""
    me = person(request).user_id

    def reopen(reason: str) -> None:
        access.reopen_login(user_id, by=me, at=clock.now(), reason=reason)

    return _with_reason(request, user_id, reopen, what="reopen", done="Вход снова открыт.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_STAFF)
def reset_sign_in(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give an employee who lost password or second factor a new start."""
    me = person(request).user_id

    def reset(reason: str) -> None:
        request.session[PASSWORD] = [user_id, access.reset_sign_in(user_id, by=me, at=clock.now(), reason=reason)]

    return _with_reason(
        request, user_id, reset, what="reset", done="Старый пароль и второй фактор больше не действуют."
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_STAFF)
def units(request: HttpRequest) -> HttpResponse:
    """Show the units of the company as a tree; name a new one."""
    page = staff_pages.units()
    form = UnitForm(request.POST or None, units=list(page.units), offices=list(page.offices))
    if request.method == "POST" and form.is_valid():
        try:
            access.define_unit(
                form.cleaned_data["name"],
                parent_id=form.parent_id,
                office_code=form.cleaned_data["office_code"],
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error("name", messages.of_error(error))
        else:
            flash.success(request, "Подразделение записано.", extra_tags="good")
            return redirect("desk:units")
    return render(request, "desk/units.html", {"page": page, "form": form}, status=422 if form.errors else 200)


def _with_reason(
    request: HttpRequest, user_id: int, do: Callable[[str], None], *, what: str, done: str
) -> HttpResponse:
    page: MemberPage = staff_pages.member(user_id)
    form: Form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data["reason"])
        except NotFound:
            raise
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, done, extra_tags="good")
            return redirect("desk:staff_member", user_id=user_id)
    context = {"page": page, "form": form, "what": what}
    return render(request, "desk/staff_reason.html", context, status=422 if form.errors else 200)

"""The first page of the desk: what waits, by role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from svet.domains.access.rules import rights_of
from svet.flows import desk_home
from svet.infra import clock
from svet.surfaces.desk.forms import FindForm
from svet.surfaces.web.doors import any_staff, person


@any_staff
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for this member of staff."""
    who = person(request)
    page = desk_home.waiting(who.user_id, rights=rights_of(who.roles), at=clock.now())
    return render(request, "desk/home.html", {"page": page, "form": FindForm()})

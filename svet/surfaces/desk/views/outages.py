"""Outages at the desk: what happened where, who is touched and by how much, recorded after a look, undone whole."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.houses import queries as houses
from svet.domains.supply import queries as places
from svet.domains.supply.actions import InterruptionRefused
from svet.flows import outages
from svet.flows.outages import Preview
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.outage_forms import OutageForm, UndoForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@never_cache
@require_safe
@needs(Right.RUN_BILLING)
def outage_list(request: HttpRequest) -> HttpResponse:
    """Show what happened to the supply, the latest first."""
    return render(request, "desk/outages.html", {"events": places.supply_events()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_BILLING)
def new_outage(request: HttpRequest) -> HttpResponse:
    """Take an event: show who is touched and by how much, then record what was shown."""
    now, seen = clock.now(), None
    form = OutageForm(request.POST or None, houses=houses.all_houses(), on=now.date())
    if request.method == "POST" and form.is_valid():
        known = places.event_of_request(form.cleaned_data["request_key"])
        if known is not None:
            return redirect("desk:outage", event_id=known)
        try:
            seen = outages.preview(form.asked(), at=now)
            if request.POST.get("confirmed") == seen.token:
                event_id = outages.record(form.asked(), by=person(request).user_id, at=now)
                flash.success(request, "Перерыв записан.", extra_tags="good")
                return redirect("desk:outage", event_id=event_id)
        except InterruptionRefused as error:
            form.refuse(error)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
    return render(request, "desk/new_outage.html", _context(request, form, seen), status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_BILLING)
def outage(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show one event, and undo it when it never was."""
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            outages.undo(event_id, reason=form.cleaned_data["reason"], by=person(request).user_id, at=clock.now())
        except DomainError as error:
            if error.code == "not_found":
                raise
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Перерыв отменён: его как будто не было.", extra_tags="good")
            return redirect("desk:outage", event_id=event_id)
    context = {"page": outages.page(event_id), "form": form}
    return render(request, "desk/outage.html", context, status=422 if form.errors else 200)


def _context(request: HttpRequest, form: OutageForm, seen: Preview | None) -> dict[str, Any]:
    is_stale = seen is not None and bool(request.POST.get("confirmed"))
    return {"form": form, "seen": seen, "is_stale": is_stale, "shown": seen.touched[:50] if seen else ()}

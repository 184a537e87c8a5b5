"""Outages at the desk: what happened where, who is touched and by how much, recorded after a look, undone whole.

What goes on is registered at once, told anew while it lasts, and ended; only then it is reckoned.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right, may
from svet.domains.houses import queries as houses
from svet.domains.supply import actions as supply
from svet.domains.supply import queries as places
from svet.domains.supply.actions import InterruptionRefused
from svet.flows import outages
from svet.flows.outages import Preview
from svet.infra import clock
from svet.infra.clock import MOSCOW
from svet.kernel.errors import DomainError
from svet.surfaces.desk.outage_forms import BackForm, EndForm, OutageForm, ToldForm, UndoForm, WidenForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@never_cache
@require_safe
@needs(Right.TELL_OUTAGES)
def outage_list(request: HttpRequest) -> HttpResponse:
    """Show what goes on, and what happened to the supply, the latest first."""
    context = {
        "events": places.supply_events(),
        "ongoing": places.all_ongoing(),
        "unreckoned": places.ended_unreckoned(),
        "may_reckon": may(person(request).roles, Right.RUN_BILLING),
    }
    return render(request, "desk/outages.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TELL_OUTAGES)
def new_outage(request: HttpRequest) -> HttpResponse:
    """Take an event: show who is touched and by how much, then record what was shown; what goes on is registered.

    What is over is reckoned at once, so only who answers for bills records it.
    """
    now, seen, may_reckon = clock.now(), None, may(person(request).roles, Right.RUN_BILLING)
    form = OutageForm(request.POST or None, houses=houses.all_houses(), on=now.date(), may_reckon=may_reckon)
    if request.method == "POST" and form.is_valid():
        known = _known(form)
        if known is not None:
            return known
        try:
            seen = outages.preview(form.asked(), at=now)
            if request.POST.get("confirmed") == seen.token:
                return _recorded(request, form)
        except InterruptionRefused as error:
            form.refuse(error)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
    context = {**_context(request, form, seen), "may_reckon": may_reckon}
    return render(request, "desk/new_outage.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TELL_OUTAGES)
def ongoing_outage(request: HttpRequest, ongoing_id: int) -> HttpResponse:
    """Show what goes on; tell anew why and until when, or withdraw what never was."""
    now, by = clock.now(), person(request).user_id
    page = outages.ongoing_page(ongoing_id, at=now)
    is_undoing = "withdraw" in request.POST
    told = ToldForm(request.POST if request.method == "POST" and not is_undoing else None, initial=_told(page))
    undo = UndoForm(request.POST if is_undoing else None, prefix="undo")
    form = undo if is_undoing else told
    if request.method == "POST" and form.is_valid():
        try:
            if is_undoing:
                outages.withdraw(ongoing_id, reason=undo.cleaned_data["reason"], by=by, at=now)
            else:
                supply.tell_ongoing(
                    ongoing_id,
                    cause=told.asked_cause(),
                    expected_at=told.expected_at(),
                    reason=told.cleaned_data["reason"],
                    by=by,
                    at=now,
                )
        except InterruptionRefused as error:
            told.refuse(error)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(
                request, "Перерыв отменён." if is_undoing else "Записано: клиенты это видят.", extra_tags="good"
            )
            return redirect("desk:ongoing_outage", ongoing_id=ongoing_id)
    context = {"page": page, "told": told, "undo": undo, "form": form, "now": now}
    context["may_reckon"] = may(person(request).roles, Right.RUN_BILLING)
    return render(request, "desk/ongoing_outage.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TELL_OUTAGES)
def widen_outage(request: HttpRequest, ongoing_id: int) -> HttpResponse:
    """Take more places of what goes on: show who is touched, then register who was shown."""
    now, seen = clock.now(), None
    page = outages.ongoing_page(ongoing_id, at=now)
    form = WidenForm(request.POST or None, houses=houses.all_houses())
    if request.method == "POST" and form.is_valid():
        try:
            asked = outages.widening(
                ongoing_id,
                house_id=form.house_id(),
                address=form.asked_address(),
                numbers=form.asked_numbers(),
                reason=form.cleaned_data["reason"],
            )
            seen = outages.preview(asked, at=now)
            if request.POST.get("confirmed") == seen.token:
                added = outages.widen(asked, by=person(request).user_id, at=now)
                flash.success(request, f"Добавлено точек поставки: {added}.", extra_tags="good")
                return redirect("desk:ongoing_outage", ongoing_id=ongoing_id)
        except InterruptionRefused as error:
            if error.facts["why"] == "all_there" and "confirmed" in request.POST:
                return redirect("desk:ongoing_outage", ongoing_id=ongoing_id)  # the form was sent twice
            form.refuse(error)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
    context = {
        "page": page,
        **_context(request, form, seen),
        "may_reckon": may(person(request).roles, Right.RUN_BILLING),
    }
    return render(request, "desk/widen_outage.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TELL_OUTAGES)
def supply_is_back(request: HttpRequest, ongoing_id: int) -> HttpResponse:
    """Take when supply was back; customers see it at once, who answers for bills reckons it later."""
    now = clock.now()
    page = outages.ongoing_page(ongoing_id, at=now)
    form = BackForm(request.POST or None, initial={"until_on": now.astimezone(MOSCOW).date()})
    if request.method == "POST" and form.is_valid():
        if page.shown.ended_at == form.ended_at():
            return redirect("desk:ongoing_outage", ongoing_id=ongoing_id)  # the form was sent twice
        try:
            reason, by = form.cleaned_data["reason"], person(request).user_id
            outages.supply_is_back(ongoing_id, ended_at=form.ended_at(), reason=reason, by=by, at=now)
        except InterruptionRefused as error:
            form.refuse(error)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Перерыв закончен. Снижение посчитает инженер расчётов.", extra_tags="good")
            return redirect("desk:ongoing_outage", ongoing_id=ongoing_id)
    context = {"page": page, "form": form}
    return render(request, "desk/supply_is_back.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_BILLING)
def end_outage(request: HttpRequest, ongoing_id: int) -> HttpResponse:
    """Reckon what is over (since when, is asked unless it was said): show who is touched, then record that."""
    now, seen = clock.now(), None
    page = outages.ongoing_page(ongoing_id, at=now)
    form = EndForm(request.POST or None, on=now.astimezone(MOSCOW).date(), ended_at=page.shown.ended_at)
    if request.method == "POST" and form.is_valid():
        known = places.event_of_request(form.cleaned_data["request_key"])
        if known is not None:
            return redirect("desk:outage", event_id=known)
        try:
            asked = outages.ended(
                ongoing_id,
                request_key=form.cleaned_data["request_key"],
                ended_at=form.ended_at(),
                reason=form.cleaned_data["reason"],
            )
            seen = outages.preview(asked, at=now)
            if request.POST.get("confirmed") == seen.token:
                event_id = outages.record(asked, by=person(request).user_id, at=now)
                flash.success(request, "Перерыв закончен и записан.", extra_tags="good")
                return redirect("desk:outage", event_id=event_id)
        except InterruptionRefused as error:
            form.refuse(error)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
    context = {"page": page, **_context(request, form, seen), "may_reckon": True}
    return render(request, "desk/end_outage.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TELL_OUTAGES)
def outage(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show one event, and undo it when it never was: that changes what is paid, so who answers for bills does it."""
    may_reckon = may(person(request).roles, Right.RUN_BILLING)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and not may_reckon:
        raise PermissionDenied
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
    context = {"page": outages.page(event_id), "form": form, "may_reckon": may_reckon}
    return render(request, "desk/outage.html", context, status=422 if form.errors else 200)


def _known(form: OutageForm) -> HttpResponse | None:
    key = form.cleaned_data["request_key"]
    event_id, ongoing_id = places.event_of_request(key), places.ongoing_of_request(key)
    if event_id is not None:
        return redirect("desk:outage", event_id=event_id)
    return None if ongoing_id is None else redirect("desk:ongoing_outage", ongoing_id=ongoing_id)


def _recorded(request: HttpRequest, form: OutageForm) -> HttpResponse:
    by, now = person(request).user_id, clock.now()
    if form.goes_on:
        ongoing_id = outages.begin(form.asked(), by=by, at=now)
        flash.success(request, "Перерыв записан: клиенты его видят.", extra_tags="good")
        return redirect("desk:ongoing_outage", ongoing_id=ongoing_id)
    event_id = outages.record(form.asked(), by=by, at=now)
    flash.success(request, "Перерыв записан.", extra_tags="good")
    return redirect("desk:outage", event_id=event_id)


def _told(page: outages.OngoingPage) -> dict[str, Any]:
    known = page.shown.known
    here = known.expected_at.astimezone(MOSCOW) if known.expected_at else None
    return {
        "cause": known.cause.value,
        "expected_on": here.date() if here else None,
        "expected_time": here.time() if here else None,
    }


def _context(request: HttpRequest, form: Form, seen: Preview | None) -> dict[str, Any]:
    is_stale = seen is not None and bool(request.POST.get("confirmed"))
    return {"form": form, "seen": seen, "is_stale": is_stale, "shown": seen.touched[:50] if seen else ()}

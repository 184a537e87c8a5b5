"""The exchange with the state portal: requests and their fate, tried again or closed by hand; appeals as told there."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.flows import gis_appeals, gis_pages
from svet.infra import clock, exchange
from svet.kernel.errors import DomainError
from svet.surfaces.desk.gis_forms import PortalActionForm, TrySettleForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person

FILTERS = (("", "Все"), ("trouble", "Нужен человек"), ("waiting", "Портал обрабатывает"), ("postponed", "Отложены"))


@never_cache
@require_safe
@needs(Right.KEEP_REFERENCE)
def gis_exchange(request: HttpRequest) -> HttpResponse:
    """Show the requests, the latest first, and how the exchange goes."""
    chosen = request.GET.get("state", "")
    state = chosen if chosen in dict(FILTERS) else ""
    before = request.GET.get("before", "")
    before_id = int(before) if before.isdecimal() and len(before) < 18 else None
    page = gis_pages.ledger(state, before_id=before_id, at=clock.now())
    here = reverse("desk:gis_exchange")
    context = {
        "page": page,
        "is_on": bool(settings.GIS_URL),
        "is_signed": bool(settings.GIS_SIGN_PROGRAM),
        "minutes": settings.GIS_POLL_MINUTES,
        "state": state,
        "filters": [(f"{here}?state={code}", title, code == state) for code, title in FILTERS],
        "older": f"{here}?state={state}&before={page.older_than}" if page.older_than else "",
        "newest": f"{here}?state={state}" if before_id else "",
    }
    return render(request, "desk/gis_exchange.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.KEEP_REFERENCE)
def gis_request(request: HttpRequest, exchange_id: int) -> HttpResponse:
    """Show one request with its steps; try it again or close it, with the reason."""
    page = gis_pages.request_page(exchange_id)
    form = TrySettleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = exchange.try_again if form.cleaned_data["choice"] == "again" else exchange.settle
        try:
            tried = act(exchange_id, at=clock.now(), reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Отправим в течение минуты." if tried else "Запрос закрыт.", extra_tags="good")
            return redirect("desk:gis_request", exchange_id=tried or exchange_id)
    context = {"page": page, "form": form}
    return render(request, "desk/gis_request.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_CASES)
def gis_appeal(request: HttpRequest, case_number: str) -> HttpResponse:
    """Show an appeal as the portal tells it; redirect it there or say that it needs no answer."""
    appeal = gis_pages.appeal_page(case_number, user_id=person(request).user_id)
    form = PortalActionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        if given["choice"] == "redirect":
            gis_appeals.redirect(
                appeal.guid,
                receiver=given["receiver"],
                comment=given["text"],
                request_key=given["request_key"],
                at=now,
            )
        else:
            gis_appeals.need_no_answer(appeal.guid, cause=given["text"], request_key=given["request_key"], at=now)
        flash.success(request, "Отправим на портал в течение минуты.", extra_tags="good")
        return redirect("desk:gis_appeal", case_number=case_number)
    context = {"appeal": appeal, "requests": gis_pages.requests_of(appeal), "form": form}
    return render(request, "desk/gis_appeal.html", context, status=422 if form.errors else 200)

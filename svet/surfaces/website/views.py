"""The public pages. Figures come from the records that billing uses, never typed twice (clause W1)."""

from __future__ import annotations

from datetime import datetime, time

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from svet.domains.content import queries as content
from svet.domains.offices import queries as office_queries
from svet.domains.offices.rules.channels import Deed, Way
from svet.flows import certificates
from svet.infra import clock
from svet.surfaces.paper import sms_leaflet as leaflet
from svet.surfaces.paper.downloads import attached
from svet.surfaces.paper.engine import TypesettingFailed
from svet.surfaces.web import sms_instruction
from svet.surfaces.web.certificate_form import CheckForm
from svet.surfaces.web.channels import off_on_the_site, way_rows

log = structlog.get_logger("svet.website")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what can be done here, in one look, and the latest news."""
    context = {"news": content.fresh_news(on=clock.today(), count=3), "off": off_on_the_site()}
    return render(request, "website/home.html", context)


@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Show phones, addresses and bank details; the page's data is the footer's (context_processors)."""
    return render(request, "website/contacts.html")


@require_safe
def sms_readings(request: HttpRequest) -> HttpResponse:
    """Show how to send readings by SMS, with the examples of the rules that read them (clause M3)."""
    context = {
        "title": sms_instruction.TITLE,
        "lead": sms_instruction.LEAD,
        "number": settings.SMS_NUMBER,
        "turned_off": _sms_is_off(),
        "steps": sms_instruction.STEPS,
        "rules": sms_instruction.RULES,
        "examples": sms_instruction.examples(),
    }
    return render(request, "website/sms_readings.html", context)


def _sms_is_off() -> str:
    """Return what to do while no readings are taken by SMS; empty when they are."""
    return next((one["told"] for one in way_rows(Deed.READINGS) if one["code"] == Way.SMS), "")


@require_safe
def sms_leaflet(request: HttpRequest) -> HttpResponse:
    """Give the same on paper, for stands and handouts; 503 when it cannot be typeset."""
    today = clock.today()
    made_at = datetime.combine(today, time(), tzinfo=clock.MOSCOW)
    try:
        company = office_queries.company(on=today)
        file = leaflet.render(company, sms_number=settings.SMS_NUMBER, made_at=made_at, turned_off=_sms_is_off())
    except TypesettingFailed as error:
        log.error("paper_not_typeset", paper="sms_leaflet", error=repr(error))
        return render(request, "website/sms_readings.html", {"title": sms_instruction.TITLE}, status=503)
    return attached(file, name="readings-by-sms.pdf")


@never_cache
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Say whether a certificate is genuine, what it is about and its days; nothing of whose it is."""
    form = CheckForm(request.GET or None)
    asked = form.is_valid()
    found = certificates.check(form.cleaned_data["number"], code=form.cleaned_data["code"]) if asked else None
    context = {"form": form, "asked": asked, "found": found}
    return render(request, "website/check.html", context, status=422 if form.errors else 200)

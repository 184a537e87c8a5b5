"""The library of forms and leaflets: by subject, to be printed on A4, empty or as a filled sample (clause O3)."""

from __future__ import annotations

from datetime import datetime, time

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from svet.domains.content import queries as content
from svet.domains.offices import queries as offices
from svet.domains.offices.rules import Audience
from svet.infra import clock
from svet.surfaces.paper import blanks
from svet.surfaces.paper.downloads import attached
from svet.surfaces.paper.engine import TypesettingFailed
from svet.surfaces.web.templatetags.svet import NBSP, clock_time, week_days

log = structlog.get_logger("svet.website")


@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """Show the forms by subject with their versions, and the leaflets."""
    return render(request, "website/forms.html", {"forms": content.blanks(clock.today())})


@require_safe
def form_pdf(request: HttpRequest, blank: str, is_sample: bool) -> HttpResponse:
    """Give a form or its filled sample; 503 when it cannot be typeset."""
    today = clock.today()
    form = content.blank(blank, on=today)
    try:
        file = blanks.render(
            form,
            company=offices.company(today),
            is_sample=is_sample,
            page=f"{settings.SITE_URL}{reverse('website:forms')}",
            made_at=_morning(),
        )
    except TypesettingFailed as error:
        log.error("paper_not_typeset", paper=form.code, error=repr(error))
        return render(request, "website/forms.html", {"forms": content.blanks(today), "failed": True}, status=503)
    return attached(file, name=f"{form.code}{'-sample' if is_sample else ''}.pdf")


@require_safe
def contact_leaflet(request: HttpRequest) -> HttpResponse:
    """Give the leaflet of contacts, from the one record of them; 503 when it cannot be typeset."""
    today = clock.today()
    listed = [_on_leaflet(one) for one in offices.directory()]
    page = f"{settings.SITE_URL}{reverse('website:contacts')}"
    try:
        file = blanks.contact_leaflet(offices.company(today), offices=listed, page=page, made_at=_morning())
    except TypesettingFailed as error:
        log.error("paper_not_typeset", paper="contacts", error=repr(error))
        return render(request, "website/forms.html", {"forms": content.blanks(today), "failed": True}, status=503)
    return attached(file, name="contacts.pdf")


def _on_leaflet(office: offices.OfficeView) -> blanks.OfficeOnLeaflet:
    # A house number stays with its sign at the end of a line.
    name = office.name.replace("д. ", f"д.{NBSP}")
    return blanks.OfficeOnLeaflet(name, tuple(_hours(office, audience) for audience in Audience))


def _hours(office: offices.OfficeView, audience: Audience) -> tuple[str, ...]:
    """Return the hours for a kind of customer: «пн–пт 8:00–17:00», «перерыв 12:00–13:00»."""
    found: list[str] = []
    for one in office.week_for(audience):
        if one.is_open:
            found.append(f"{week_days(one)} {clock_time(one.opens_at)}–{clock_time(one.closes_at)}")
        if one.break_from:
            found.append(f"перерыв {clock_time(one.break_from)}–{clock_time(one.break_until)}")
    return tuple(found) or ("не принимает",)


def _morning() -> datetime:
    return datetime.combine(clock.today(), time(), tzinfo=clock.MOSCOW)

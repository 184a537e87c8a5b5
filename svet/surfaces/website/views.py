"""The public pages. Figures come from the records that billing uses, never typed twice (clause W1)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from svet.domains.offices import queries as office_queries
from svet.domains.tariffs import queries as tariff_queries
from svet.flows import certificates
from svet.infra import clock
from svet.surfaces.web.certificate_form import CheckForm


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what the company does for a household and where to go next."""
    return render(request, "website/home.html")


@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Show phones, addresses and bank details; the page's data is the footer's (context_processors)."""
    return render(request, "website/contacts.html")


@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """Show all offices with their hours for each kind of customer."""
    return render(request, "website/offices.html", {"offices": office_queries.directory()})


@require_safe
def tariffs(request: HttpRequest) -> HttpResponse:
    """Show the prices in force today with the orders that set them."""
    today = clock.today()
    return render(request, "website/tariffs.html", {"tables": tariff_queries.tariff_table(on=today), "today": today})


@never_cache
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Say whether a certificate is genuine, what it is about and its days; nothing of whose it is."""
    form = CheckForm(request.GET or None)
    asked = form.is_valid()
    found = certificates.check(form.cleaned_data["number"], code=form.cleaned_data["code"]) if asked else None
    context = {"form": form, "asked": asked, "found": found}
    return render(request, "website/check.html", context, status=422 if form.errors else 200)

"""Where to pay near an address (clause W2)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from svet.domains.offices.rules.channels import Deed
from svet.flows import payment_places
from svet.infra import clock
from svet.surfaces.web.channels import ways_apart

LONGEST = 120


@require_safe
def payment_places_page(request: HttpRequest) -> HttpResponse:
    """Show the cash desks, the nearest to the named place first, and the ways that need no journey."""
    text = " ".join(request.GET.get("place", "").replace("\x00", "").split())[:LONGEST]
    places = payment_places.near(text, at=clock.now())
    ways = {one["code"] for one in ways_apart(Deed.PAYMENT)["ways"]}
    return render(request, "website/payment_places.html", {"text": text, "places": places, "ways": ways})

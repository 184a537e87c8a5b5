"""Visits to offices that I booked while signed in: those ahead with their codes, and how to book one more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from svet.flows import booking
from svet.infra import clock
from svet.surfaces.web.doors import person


@never_cache
@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """Show my bookings that are ahead, the next one first."""
    return render(request, "cabinet/visits.html", {"visits": booking.ahead_of(person(request).user_id, at=clock.now())})

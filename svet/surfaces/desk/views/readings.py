"""Readings that wait for a decision."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.metering import actions as metering
from svet.domains.metering import queries as readings_of
from svet.domains.metering.rules import Verdict
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.surfaces.desk.forms import ReviewForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person

SHOWN, MOST = 100, 1000


@require_safe
@needs(Right.REVIEW_READINGS)
def held_readings(request: HttpRequest) -> HttpResponse:
    """Show what waits, the oldest first: a page of it, and how much there is in all."""
    waiting = readings_of.held(limit=MOST)
    return render(request, "desk/held_readings.html", {"held": waiting[:SHOWN], "total": len(waiting)})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.REVIEW_READINGS)
def review(request: HttpRequest, reading_id: int) -> HttpResponse:
    """Accept or refuse one held reading, with a reason."""
    reading = next((one for one in readings_of.held(limit=MOST) if one.reading_id == reading_id), None)
    if reading is None:
        raise NotFound(reading=reading_id)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            metering.review_reading(
                reading_id,
                account_id=reading.account_id,
                verdict=Verdict(form.cleaned_data["verdict"]),
                reason=form.cleaned_data["reason"],
                decided_by=person(request).user_id,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Решение записано.", extra_tags="good")
            return redirect("desk:held_readings")
    context = {"reading": reading, "form": form}
    return render(request, "desk/review.html", context, status=422 if form.errors else 200)

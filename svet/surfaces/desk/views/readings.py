"""Readings that wait for a decision: a worklist by cause, then one after another."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.metering import actions as metering
from svet.domains.metering.rules import Verdict
from svet.flows import reading_reviews
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.charts import dial_chart
from svet.surfaces.desk.forms import ReviewForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@require_safe
@needs(Right.REVIEW_READINGS)
def held_readings(request: HttpRequest) -> HttpResponse:
    """Show what waits by cause, the oldest first: a page of it, and how much there is in all."""
    return render(request, "desk/held_readings.html", {"page": reading_reviews.worklist(code=_cause(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.REVIEW_READINGS)
def review(request: HttpRequest, reading_id: int) -> HttpResponse:
    """Accept or refuse one held reading, with a reason; go on to the next of the same cause."""
    who, now, cause = person(request), clock.now(), _cause(request)
    page = reading_reviews.page(reading_id, user_id=who.user_id, roles=who.roles, code=cause, at=now)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            metering.review_reading(
                reading_id,
                account_id=page.reading.account_id,
                verdict=Verdict(form.cleaned_data["verdict"]),
                reason=form.cleaned_data["reason"],
                decided_by=who.user_id,
                at=now,
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Решение записано.", extra_tags="good")
            return _to_next(cause)
    context = {"page": page, "reading": page.reading, "chart": dial_chart(page.steps), "form": form, "cause": cause}
    return render(request, "desk/review.html", context, status=422 if form.errors else 200)


def _to_next(cause: str) -> HttpResponse:
    following = reading_reviews.next_of(code=cause)
    if following is None:
        return redirect("desk:held_readings")
    query = f"?{urlencode({'cause': cause})}" if cause else ""
    return redirect(reverse("desk:review", args=[following]) + query)


def _cause(request: HttpRequest) -> str:
    return request.GET.get("cause", "")[:40]

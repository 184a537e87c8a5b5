"""Charged months under which something changed: the engineer's list, and what came of each."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.billing import queries as bills
from svet.flows import case_recalculating
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.forms import OutcomeForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@never_cache
@require_safe
@needs(Right.RUN_BILLING)
def recalculations(request: HttpRequest) -> HttpResponse:
    """Show what waits, the oldest first."""
    return render(request, "desk/recalculations.html", {"waiting": bills.waiting_recalculations()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_BILLING)
def settle_recalculation(request: HttpRequest, recalculation_id: int) -> HttpResponse:
    """Show one and take down what came of it."""
    asked = bills.recalculation(recalculation_id)
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome, by = form.cleaned_data["outcome"], person(request).user_id
        try:
            case_recalculating.settle(recalculation_id, outcome=outcome, by=by, at=clock.now())
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Записано.", extra_tags="good")
            return redirect("desk:recalculations")
    context = {"asked": asked, "form": form}
    return render(request, "desk/recalculation.html", context, status=422 if form.errors else 200)

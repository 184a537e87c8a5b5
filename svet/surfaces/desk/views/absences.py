"""Who is away and who takes over his appeals."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import Right
from svet.domains.cases import actions, queries
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.absence_forms import AbsenceForm
from svet.surfaces.desk.views.cases import handlers
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_CASES)
def absences(request: HttpRequest) -> HttpResponse:
    """Show who is away now or soon, and write down an absence; one that begins today hands over at once."""
    who, now = person(request).user_id, clock.now()
    data = request.POST if request.method == "POST" else None
    form = AbsenceForm(data, handlers=handlers(), user_id=who, on=now.date())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.be_away(given["user"], period=form.period, deputy_id=given["deputy"], by=who, at=now)
        except DomainError as error:
            form.add_error("deputy" if error.code == "deputy_is_himself" else None, messages.of_error(error))
        else:
            flash.success(request, "Отсутствие записано.", extra_tags="good")
            return redirect("desk:absences")
    context = {"absences": queries.absences(now.date()), "form": form}
    return render(request, "desk/absences.html", context, status=422 if form.errors else 200)

"""Paper sheets with readings, typed row after row: each row is taken, asked about or kept with what is wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import Right
from svet.domains.offices.rules.channels import Deed, Way
from svet.flows import desk_readings
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.sheet_forms import SheetForm
from svet.surfaces.web.channels import served
from svet.surfaces.web.doors import needs, person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TAKE_READINGS)
@served(Way.OFFICE, Deed.READINGS)
def sheets(request: HttpRequest) -> HttpResponse:
    """Take the rows that are right, lock them, give the others back as typed with the reason at the field."""
    now = clock.now()
    form = SheetForm(request.POST or None, on=now.date())
    if request.method != "POST" or not form.is_valid():
        return render(request, "desk/sheets.html", {"form": form}, status=422 if form.is_bound else 200)
    for row in form.typed_rows():
        try:
            outcome = desk_readings.take_sheet_row(
                row.given,
                batch=form.cleaned_data["batch"],
                taken_on=form.cleaned_data["taken_on"],
                by=person(request).user_id,
                at=now,
            )
        except DomainError as error:
            row.refuse(error)
        else:
            row.tell(outcome)
    return render(request, "desk/sheets.html", {"form": form, "counts": form.counts})

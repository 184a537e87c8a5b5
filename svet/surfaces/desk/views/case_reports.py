"""The report on appeals for those who answer for service: terms kept, first replies, ratings, for days chosen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from svet.domains.access.rules import Right
from svet.domains.cases import queries
from svet.domains.cases.queries import CaseFigures
from svet.infra import clock
from svet.surfaces.desk.service_forms import DaysForm
from svet.surfaces.web.charts import Bar, Chart
from svet.surfaces.web.doors import needs, person

MOST_BARS = 31


@require_safe
@needs(Right.SEE_SERVICE_FIGURES)
def case_report(request: HttpRequest) -> HttpResponse:
    """Show the figures of appeals registered on the days asked for, of this month when none are."""
    form = DaysForm(request.GET or None, today=clock.today())
    first, last = form.days
    report = queries.case_report(person(request).user_id, from_on=first, to_on=last, at=clock.now())
    context = {"form": form, "report": report, "chart": _chart(report.days), "first": first, "last": last}
    return render(request, "desk/case_report.html", context, status=422 if form.errors else 200)


def _chart(days: tuple[CaseFigures, ...]) -> Chart | None:
    shown = days[-MOST_BARS:]
    if len(shown) < 2:
        return None
    bars = [
        Bar(
            label=str(date.fromisoformat(row.key).day),
            name=date.fromisoformat(row.key).strftime("%d.%m.%Y"),
            value=Decimal(row.cases),
            shown=str(row.cases),
        )
        for row in shown
    ]
    return Chart(title="Обращения по дням", description="Сколько зарегистрировано в каждый день", unit="", bars=bars)

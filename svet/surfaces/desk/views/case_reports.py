"""The report on appeals for those who answer for service: terms kept, first replies, ratings, for days chosen."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from svet.domains.access.rules import Right
from svet.domains.cases.queries import CaseFigures
from svet.flows import case_pages
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
    report = case_pages.report(person(request).user_id, from_on=first, to_on=last, at=clock.now())
    chart = _chart(report.days, first=first, last=min(last, clock.today()))
    context = {"form": form, "report": report, "chart": chart, "first": first, "last": last}
    return render(request, "desk/case_report.html", context, status=422 if form.errors else 200)


def _chart(days: tuple[CaseFigures, ...], *, first: date, last: date) -> Chart | None:
    """Return the bars of the last days, of those without an appeal too: they are no shorter a while."""
    counts = {date.fromisoformat(row.key): row.cases for row in days}
    first = max(first, last - timedelta(days=MOST_BARS - 1))
    shown = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    if len(shown) < 2:
        return None
    bars = [
        Bar(
            label=str(day.day),
            name=day.strftime("%d.%m.%Y"),
            value=Decimal(counts.get(day, 0)),
            shown=str(counts.get(day, 0)),
        )
        for day in shown
    ]
    return Chart(title="Обращения по дням", description="Сколько зарегистрировано в каждый день", unit="", bars=bars)

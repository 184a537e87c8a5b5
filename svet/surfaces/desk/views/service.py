"""Figures of service for those who answer for it: times, questions settled in one contact, people who came again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from svet.domains.access.rules import Right
from svet.domains.cases import queries as cases
from svet.domains.cases.queries import ServiceRow
from svet.domains.cases.rules.clocks import end_of
from svet.infra import clock
from svet.surfaces.desk.service_forms import DaysForm
from svet.surfaces.web.charts import Bar, Chart
from svet.surfaces.web.doors import needs

MOST_BARS = 31


@require_safe
@needs(Right.SEE_SERVICE_FIGURES)
def service(request: HttpRequest) -> HttpResponse:
    """Show the figures of the days asked for, of this month when none are."""
    today = clock.today()
    form = DaysForm(request.GET or None, today=today)
    first, last = form.days
    figures = cases.service_figures(from_on=first, to_on=last)
    since, until = end_of(first - timedelta(days=1)), end_of(last)
    contacts = cases.first_contacts(since=since, until=until)
    context = {
        "contacts": contacts,
        "form": form,
        "figures": figures,
        "chart": _chart(figures.days),
        "first": first,
        "last": last,
    }
    return render(request, "desk/service.html", context, status=422 if form.errors else 200)


def _chart(days: tuple[ServiceRow, ...]) -> Chart | None:
    shown = days[-MOST_BARS:]
    if len(shown) < 2:
        return None
    bars = [
        Bar(
            label=str(date.fromisoformat(row.key).day),
            name=date.fromisoformat(row.key).strftime("%d.%m.%Y"),
            value=Decimal(row.finished),
            shown=str(row.finished),
        )
        for row in shown
    ]
    return Chart(title="Обслужено по дням", description="Сколько контактов завершено в каждый день", unit="", bars=bars)

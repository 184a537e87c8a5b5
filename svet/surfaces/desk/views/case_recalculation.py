"""A recalculation asked for from the page of an appeal, and what came of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import Right
from svet.flows import case_recalculating
from svet.flows.case_recalculating import RecalculationPage
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.kernel.period import Month
from svet.surfaces.desk.operation_forms import reason_field
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person
from svet.surfaces.web.templatetags.svet import month_name


class RecalculationForm(forms.Form):
    """From which month on, and why."""

    first_month = forms.ChoiceField(label="С какого месяца", help_text="Этот и все следующие месяцы, уже начисленные")
    reason = reason_field("Что проверить", "Например: начислено по среднему, хотя показания передавали вовремя")

    def __init__(self, data: Any, *, page: RecalculationPage) -> None:
        first = page.bill_month if page.bill_month in page.months else next(iter(page.months), None)
        super().__init__(data, initial={"first_month": first.text if first else ""})
        self.fields["first_month"].choices = [(one.text, month_name(one).capitalize()) for one in page.months]  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_CASES)
def case_recalculation(request: HttpRequest, case_number: str) -> HttpResponse:
    """Show what was asked for and what came of it; ask an engineer to look at charged months."""
    who, now = person(request), clock.now()
    page = case_recalculating.page(case_number, user_id=who.user_id, roles=who.roles, at=now)
    form = RecalculationForm(request.POST if request.method == "POST" else None, page=page)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            case_recalculating.ask(
                page, first_month=Month(given["first_month"]), reason=given["reason"], user_id=who.user_id, at=now
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Инженер по расчётам увидит просьбу, его ответ появится здесь.", extra_tags="good")
            return redirect("desk:case_recalculation", case_number=case_number)
    context = {"page": page, "form": form}
    return render(request, "desk/case_recalculation.html", context, status=422 if form.errors else 200)

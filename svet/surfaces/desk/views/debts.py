"""Debts and penalties at the desk: of one account on any day, and the dated terms they are counted by."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.domains.debts import actions as debts
from svet.flows import account_pages, penalties
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.kernel.period import Month
from svet.surfaces.desk.door import customers_account
from svet.surfaces.desk.penalty_forms import DayForm, KeyRateForm, KnownForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@require_safe
@customers_account
def account_debts(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show what is owed for which month, how long it is overdue, penalties and how they came about, on any day."""
    today = clock.today()
    form = DayForm(request.GET or None, today=today)
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else today
    context = {"account": account, "form": form, "page": account_pages.debts(account.id, on=on)}
    return render(request, "desk/account_debts.html", context, status=422 if form.errors else 200)


@require_safe
@needs(Right.PUBLISH_TARIFFS)
def penalty_terms(request: HttpRequest) -> HttpResponse:
    """Show key rates, caps, moratoria, switches with their sources."""
    return render(request, "desk/penalty_terms.html", {"page": penalties.terms(on=clock.today())})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.PUBLISH_TARIFFS)
def new_key_rate(request: HttpRequest) -> HttpResponse:
    """Ask for a key rate of the Bank of Russia and write it down."""
    form = KeyRateForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        debts.set_key_rate(
            given["from_on"],
            percent=given["percent"],
            source=given["source"],
            by=person(request).user_id,
            at=clock.now(),
        )
        return "Ставка записана."

    return _asked(request, form, write, title="Новая ключевая ставка")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.PUBLISH_TARIFFS)
def confirm_key_rate(request: HttpRequest) -> HttpResponse:
    """Ask up to which day the rates are known and write it down."""
    form = KnownForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        debts.confirm_key_rates(
            given["known_until"], source=given["source"], by=person(request).user_id, at=clock.now()
        )
        return "Записано: до этого дня пени можно считать."

    return _asked(request, form, write, title="Ставка проверена")


@require_POST
@needs(Right.RUN_BILLING)
def accrue_again(request: HttpRequest, month: Month) -> HttpResponse:
    """Compute the penalties of a month once more; only differences are posted."""
    try:
        penalties.accrue_again(month, by=person(request).user_id, at=clock.now())
    except DomainError as error:
        flash.warning(request, messages.of_error(error), extra_tags="warn")
    else:
        flash.success(request, "Пени считаются снова. Будет записана только разница.", extra_tags="good")
    return redirect("desk:runs")


def _asked(request: HttpRequest, form: Any, write: Any, *, title: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            done = write(form.cleaned_data)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, done, extra_tags="good")
            return redirect("desk:penalty_terms")
    return render(request, "desk/penalty_form.html", {"form": form, "title": title}, status=422 if form.errors else 200)

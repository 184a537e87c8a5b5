"""Benefits on a customer's card: shown with what they change before they are recorded, ended, resumed, undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.domains.benefits import queries as entitled
from svet.domains.billing import queries as bills
from svet.flows import card_benefits
from svet.flows.card_benefits import ForetoldBenefit
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.kernel.period import Month
from svet.surfaces.desk.benefit_forms import BenefitForm, EndBenefitForm, ResumeBenefitForm, UndoBenefitForm
from svet.surfaces.desk.door import customers_account
from svet.surfaces.paper.benefit_book import workbook
from svet.surfaces.paper.downloads import XLSX, attached
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@require_safe
@customers_account
def card_benefits_page(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show the benefits of the card."""
    page = card_benefits.page(account, on=clock.today())
    return render(request, "desk/card_benefits.html", {"account": account, "page": page, "today": clock.today()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHANGE_CUSTOMERS)
@customers_account
def new_benefit(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Take a benefit: show what it would change, then record what was shown."""
    now = clock.now()
    made = entitled.entitlement_of_request(account.id, request_key=request.POST.get("request_key", "")[:64])
    if made is not None:
        return redirect("desk:benefit", number=account.number, entitlement_id=made.id)
    page = card_benefits.page(account, on=now.date())
    if not page.places:
        flash.warning(request, "По этому счёту сейчас ничего не поставляется.", extra_tags="warn")
        return redirect("desk:card_benefits", number=account.number)
    form = BenefitForm(request.POST or None, kinds=page.kinds, places=page.places, on=now.date())
    foretold: ForetoldBenefit | None = None
    if form.is_bound and form.is_valid():
        terms: dict[str, Any] = {"supply_point_id": form.place_id, "by": person(request).user_id, "at": now}
        try:
            foretold = card_benefits.foretell(account, form.paper(), **terms)
            if request.POST.get("confirmed") == foretold.token:
                made_id = card_benefits.record(account, form.paper(), **terms)
                flash.success(request, "Льгота записана.", extra_tags="good")
                return redirect("desk:benefit", number=account.number, entitlement_id=made_id)
        except DomainError as error:
            form.refuse(error)
    context = {"account": account, "form": form, "foretold": None if form.errors else foretold}
    context["is_stale"] = bool(foretold and request.POST.get("confirmed"))
    return render(request, "desk/new_benefit.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@customers_account
def benefit(request: HttpRequest, account: AccountView, entitlement_id: int) -> HttpResponse:
    """Show one benefit with the ways to end and undo it."""
    return _page(request, account, entitlement_id)


@never_cache
@require_POST
@needs(Right.CHANGE_CUSTOMERS)
@customers_account
def end_benefit(request: HttpRequest, account: AccountView, entitlement_id: int) -> HttpResponse:
    """End a benefit, with the reason."""
    form = EndBenefitForm(request.POST)

    def done() -> None:
        ended_on = form.cleaned_data["last_on"] + timedelta(days=1)
        card_benefits.end(account, entitlement_id, ended_on=ended_on, **_told(request, form))

    return _changed(request, account, entitlement_id, form, done, told="Записан последний день льготы.")


@never_cache
@require_POST
@needs(Right.UNDO_OPERATIONS)
@customers_account
def resume_benefit(request: HttpRequest, account: AccountView, entitlement_id: int) -> HttpResponse:
    """Undo the end of a benefit, with the reason."""
    form = ResumeBenefitForm(request.POST)

    def done() -> None:
        card_benefits.resume(account, entitlement_id, **_told(request, form))

    return _changed(request, account, entitlement_id, form, done, told="Льгота действует, как до окончания.")


@never_cache
@require_POST
@needs(Right.UNDO_OPERATIONS)
@customers_account
def undo_benefit(request: HttpRequest, account: AccountView, entitlement_id: int) -> HttpResponse:
    """Undo a benefit that never was, with the reason."""
    form = UndoBenefitForm(request.POST)

    def done() -> None:
        card_benefits.undo(account, entitlement_id, **_told(request, form))

    return _changed(request, account, entitlement_id, form, done, told="Льгота отменена.")


@never_cache
@require_safe
@needs(Right.RUN_BILLING)
def benefit_report(request: HttpRequest, month: Month | None = None) -> HttpResponse:
    """Show what benefits came to in a month, for the authority that pays for them."""
    chosen = month or Month.of(clock.today()).previous
    context = {"report": bills.benefit_report(chosen), "before": chosen.previous, "after": chosen.next}
    return render(request, "desk/benefit_report.html", context)


@require_safe
@needs(Right.RUN_BILLING)
def benefit_report_xlsx(request: HttpRequest, month: Month) -> HttpResponse:
    """Give that report as a spreadsheet."""
    return attached(workbook(bills.benefit_report(month)), name=f"benefits-{month.text}.xlsx", content_type=XLSX)


def _told(request: HttpRequest, form: forms.Form) -> dict[str, Any]:
    return {"reason": form.cleaned_data["reason"], "by": person(request).user_id, "at": clock.now()}


def _changed(
    request: HttpRequest,
    account: AccountView,
    entitlement_id: int,
    form: forms.Form,
    change: Callable[[], None],
    *,
    told: str,
) -> HttpResponse:
    if form.is_valid():
        try:
            change()
        except DomainError as error:
            if error.code == "not_found":
                raise
            if isinstance(form, EndBenefitForm):
                form.refuse(error)
            else:
                form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, told, extra_tags="good")
            return redirect("desk:benefit", number=account.number, entitlement_id=entitlement_id)
    return _page(request, account, entitlement_id, form)


def _page(
    request: HttpRequest, account: AccountView, entitlement_id: int, form: forms.Form | None = None
) -> HttpResponse:
    found, who = card_benefits.entitlement_page(account, entitlement_id)
    made = {type(form): form}
    end, resume, undo = (
        made.get(kind) or kind(initial={"last_on": clock.today()} if kind is EndBenefitForm else {})
        for kind in (EndBenefitForm, ResumeBenefitForm, UndoBenefitForm)
    )
    context = {"account": account, "one": found, "who": who, "form": form or end, "today": clock.today()}
    context |= {"end": end, "resume": resume, "undo": undo}
    return render(request, "desk/benefit.html", context, status=422 if form and form.errors else 200)

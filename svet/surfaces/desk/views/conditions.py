"""What is the matter with the meters of a card: failed, access refused, absent though possible; recorded and lifted."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.domains.metering.actions import ConditionRefused
from svet.domains.metering.rules import ConditionKind
from svet.flows import conditions
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.surfaces.desk.door import customers_account
from svet.surfaces.desk.outage_forms import ConditionForm, LiftForm
from svet.surfaces.web import messages, outage_words
from svet.surfaces.web.doors import needs, person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHANGE_SUPPLY)
@customers_account
def card_conditions(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show what holds and held, and record something new."""
    now = clock.now()
    page = conditions.page(account.id, on=now.date())
    form = ConditionForm(request.POST or None, places=page.choices, initial={"from_on": now.date()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            conditions.record(
                account.id, place=given["place"], kind=ConditionKind(given["kind"]), from_on=given["from_on"],
                act_number=given["act_number"], reason=given["reason"], by=person(request).user_id, at=now,
            )  # fmt: skip
        except DomainError as error:
            _refuse(form, error, day="from_on")
        else:
            flash.success(request, "Записано.", extra_tags="good")
            return redirect("desk:card_conditions", number=account.number)
    context = {"account": account, "page": page, "form": form}
    return render(request, "desk/card_conditions.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHANGE_SUPPLY)
@customers_account
def lift_condition(request: HttpRequest, account: AccountView, condition_id: int) -> HttpResponse:
    """Ask from which day it holds no more."""
    now = clock.now()
    page = conditions.page(account.id, on=now.date())
    found = next((one for one in page.conditions if one.condition_id == condition_id), None)
    if found is None:
        raise NotFound(condition=condition_id)
    form = LiftForm(request.POST or None, initial={"lifted_on": now.date()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            conditions.lift(
                account.id, condition_id, lifted_on=given["lifted_on"], act_number=given["act_number"],
                reason=given["reason"], by=person(request).user_id, at=now,
            )  # fmt: skip
        except DomainError as error:
            _refuse(form, error, day="lifted_on")
        else:
            flash.success(request, "Снято.", extra_tags="good")
            return redirect("desk:card_conditions", number=account.number)
    context = {"account": account, "condition": found, "form": form}
    return render(request, "desk/lift_condition.html", context, status=422 if form.errors else 200)


def _refuse(form: ConditionForm | LiftForm, error: DomainError, *, day: str) -> None:
    if isinstance(error, ConditionRefused):
        why = str(error.facts["why"])
        field = {"no_reason": "reason", "meter_needed": "place", "no_meter": "place"}.get(why, day)
        form.add_error(field, outage_words.CONDITION_REFUSED[why])
    elif error.code == "not_found":
        form.add_error(day, "В этот день счётчик здесь не стоял или по счёту не поставляли.")
    else:
        form.add_error(None, messages.of_error(error))

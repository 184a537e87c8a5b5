"""Prices, norms and the bill calculator: read from the records that billing uses, reckoned by its engine (clause W2).

The address of a page says what was asked, so it can be kept and sent; nothing typed is stored.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from svet.domains.billing import queries as billing
from svet.domains.tariffs import queries as tariff_queries
from svet.flows import site_prices
from svet.infra import clock
from svet.surfaces.website.price_forms import CalculatorForm, PricesForm


@require_safe
def tariffs(request: HttpRequest) -> HttpResponse:
    """Show the prices of a day with the orders that set them, what was before and what changes next."""
    names = tariff_queries.territories()
    form = PricesForm(request.GET or None, territories=names)
    is_wrong = form.is_bound and not form.is_valid()
    asked = form.cleaned_data if form.is_bound and not is_wrong else {}
    on = asked.get("on") or clock.today()
    where = {"territory": asked.get("territory", ""), "category": asked.get("category", "")}
    context = {
        "form": form,
        "on": on,
        "plan": asked.get("plan", ""),
        "lists": [] if is_wrong else site_prices.price_lists(on=on, names=names, **where),
    }
    return render(request, "website/tariffs.html", context, status=422 if is_wrong else 200)


@require_safe
def norms(request: HttpRequest) -> HttpResponse:
    """Show the social norm and the consumption norms of a day, with the orders that set them."""
    names = tariff_queries.territories()
    form = PricesForm(request.GET or None, territories=names)
    is_wrong = form.is_bound and not form.is_valid()
    asked = form.cleaned_data if form.is_bound and not is_wrong else {}
    on = asked.get("on") or clock.today()
    found = None if is_wrong else site_prices.norms(on=on, names=names, territory=asked.get("territory", ""))
    context = {"form": form, "on": on, "norms": found}
    return render(request, "website/norms.html", context, status=422 if is_wrong else 200)


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """Reckon the bill of a home that somebody describes, with the reasons of each line."""
    territories = tariff_queries.territories()
    initial = {"by": "meter", "plan": "1", "residents": 2, "rooms": 2}
    form = CalculatorForm(
        request.GET if "by" in request.GET else None,
        territories=territories,
        today=clock.today(),
        initial=initial,
    )
    tried = billing.try_bill(form.home, month=form.month_asked) if form.is_bound and form.is_valid() else None
    context = {"form": form, "tried": tried}
    return render(request, "website/calculator.html", context, status=422 if form.errors else 200)

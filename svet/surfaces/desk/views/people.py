"""Contacts and residents on a customer's card: added, ended, changed from a day on, each with its reason."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.domains.customers.rules import ContactKind
from svet.flows import card_people
from svet.flows.card_people import MonthsAreCharged
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.door import customers_account
from svet.surfaces.desk.people_forms import EndContactOnCardForm, NewContactOnCardForm, ResidentsForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs
from svet.surfaces.web.templatetags.svet import month_name


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHANGE_CUSTOMERS)
@customers_account
def card_people_page(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show how to reach the customer and who lives there; add a contact or change the residents."""
    now = clock.now()
    page = card_people.page(account, on=now.date())
    asked = request.POST.get("what") if request.method == "POST" else None
    contact = NewContactOnCardForm(request.POST if asked == "contact" else None)
    residents = ResidentsForm(
        request.POST if asked == "residents" else None, now=page.now, seen=page.seen, on=now.date()
    )
    form = contact if asked == "contact" else residents
    if form.is_bound and form.is_valid():
        try:
            if asked == "contact":
                _add(account, contact)
            else:
                _change(account, residents)
        except MonthsAreCharged as error:
            residents.ask_about(", ".join(month_name(month) for month in error.months))
            residents.add_error("charged_is_known", messages.of_error(error))
        except DomainError as error:
            about = {"contact_is_known": "value", "contact_is_wrong": "value"}
            about |= {"residents_before_the_account": "from_on"}
            form.add_error(about.get(error.code), messages.of_error(error))
        else:
            flash.success(request, "Записано.", extra_tags="good")
            return redirect("desk:card_people", number=account.number)
    context = {"account": account, "page": page, "contact": contact, "residents": residents, "form": form}
    return render(request, "desk/card_people.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHANGE_CUSTOMERS)
@customers_account
def end_card_contact(request: HttpRequest, account: AccountView, contact_id: int) -> HttpResponse:
    """End one contact of the customer, with the reason."""
    now = clock.now()
    ended = card_people.contact(account, contact_id=contact_id, on=now.date())
    form = EndContactOnCardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            card_people.end_contact(account, contact_id=contact_id, reason=form.cleaned_data["reason"], at=now)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Контакт больше не используется с завтрашнего дня.", extra_tags="good")
            return redirect("desk:card_people", number=account.number)
    context = {"account": account, "ended": ended, "form": form}
    return render(request, "desk/end_card_contact.html", context, status=422 if form.errors else 200)


def _add(account: AccountView, form: NewContactOnCardForm) -> None:
    given = form.cleaned_data
    card_people.add_contact(
        account, kind=ContactKind(given["kind"]), value=given["value"], reason=given["reason"], at=clock.now()
    )


def _change(account: AccountView, form: ResidentsForm) -> None:
    given = form.cleaned_data
    card_people.change_residents(
        account,
        residents=form.residents,
        from_on=given["from_on"],
        seen=given["seen"],
        reason=given["reason"],
        at=clock.now(),
        charged_is_known=form.charged_is_known,
    )

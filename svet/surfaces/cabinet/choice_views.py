"""The page «Контакты и уведомления»: my contacts, how I want to be told, what I agreed to. Only an owner changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages as notes
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from svet.domains.accounts.queries import AccountView
from svet.domains.accounts.rules import BillDelivery
from svet.domains.customers.rules import ConsentPurpose
from svet.flows import customer_choices
from svet.infra import clock
from svet.kernel.errors import DomainError, NotAllowed, NotFound
from svet.surfaces.cabinet.choice_forms import CONSENTS, ConsentForm, ContactForm, TellingForm
from svet.surfaces.cabinet.door import own_account
from svet.surfaces.web import messages


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def choices(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show all; take a new contact, ways of telling, or consents: the button pressed says which."""
    now, what = clock.now(), request.POST.get("what", "")
    if request.method != "POST" or what not in _TAKERS:
        return _page(request, account, now)
    form_class, take = _TAKERS[what]
    form = form_class(request.POST)
    if not form.is_valid():
        return _page(request, account, now, forms={what: form}, status=422)
    try:
        take(account, form, now)
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        form.add_error(None, messages.of_error(error))
        return _page(request, account, now, forms={what: form}, status=409)
    notes.success(request, "Сохранено")
    return redirect("cabinet:choices", number=account.number)


@require_POST
@own_account
def end_contact(request: HttpRequest, account: AccountView, contact_id: int) -> HttpResponse:
    """End a contact; a second press changes nothing."""
    try:
        customer_choices.end_contact(account, contact_id=contact_id, at=clock.now())
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        notes.warning(request, messages.of_error(error))
    return redirect("cabinet:choices", number=account.number)


def _page(
    request: HttpRequest,
    account: AccountView,
    now: datetime,
    *,
    forms: dict[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = customer_choices.page(account, at=now)
    shown: dict[str, Form] = {
        "contact": ContactForm(),
        "telling": TellingForm(initial={**page.ways, "bill_delivery": account.bill_delivery}),
        "consent": ConsentForm(initial=dict.fromkeys(page.given, True)),
        **(forms or {}),
    }
    history = [{"consent": one, "label": CONSENTS[ConsentPurpose(one.purpose)]} for one in page.consents]
    context = {"account": account, "page": page, "forms": shown, "history": history}
    context["wrong"] = next(iter(forms.values())) if forms else None
    return render(request, "cabinet/choices.html", context, status=status)


def _contact(account: AccountView, form: Form, at: datetime) -> None:
    customer_choices.add_contact(account, kind=form.kind, value=form.cleaned_data["value"], at=at)  # type: ignore[attr-defined]


def _telling(account: AccountView, form: Form, at: datetime) -> None:
    delivery = BillDelivery(form.cleaned_data["bill_delivery"])
    customer_choices.choose_ways(account, ways=form.ways, bill_delivery=delivery, at=at)  # type: ignore[attr-defined]


def _consent(account: AccountView, form: Form, at: datetime) -> None:
    given = {purpose: form.cleaned_data[purpose.value] for purpose in CONSENTS}
    customer_choices.state_consents(account, given=given, channel="cabinet", at=at)


_TAKERS: dict[str, tuple[type[Form], Callable[[AccountView, Form, datetime], None]]] = {
    "contact": (ContactForm, _contact),
    "telling": (TellingForm, _telling),
    "consent": (ConsentForm, _consent),
}

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
from svet.domains.accounts.rules import AccountRight, BillDelivery
from svet.domains.customers.rules import ConsentPurpose
from svet.flows import customer_choices
from svet.infra import clock
from svet.kernel.errors import DomainError, NotAllowed, NotFound
from svet.surfaces.cabinet.choice_forms import CONSENTS, ConsentForm, ContactForm, TellingForm
from svet.surfaces.cabinet.door import own_account
from svet.surfaces.web import codes, messages
from svet.surfaces.web.addresses import client_address
from svet.surfaces.web.codes import CodeForm
from svet.surfaces.web.doors import person


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
        added = take(account, form, now)
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        form.add_error(None, messages.of_error(error))
        return _page(request, account, now, forms={what: form}, status=409)
    if added is not None:
        _send_code(request, account, added, now)
        return redirect("cabinet:confirm_contact", number=account.number, contact_id=added)
    notes.success(request, "Сохранено")
    return redirect("cabinet:choices", number=account.number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_account(see=AccountRight.DECIDE)
def confirm_contact(request: HttpRequest, account: AccountView, contact_id: int) -> HttpResponse:
    """Send a code to a contact, and take the code that came there; what is confirmed already is told."""
    now = clock.now()
    try:
        contact = customer_choices.contact_to_confirm(account, contact_id=contact_id, at=now)
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        notes.info(request, messages.of_error(error))
        return redirect("cabinet:choices", number=account.number)
    if "send" in request.POST:
        _send_code(request, account, contact_id, now)
        return redirect("cabinet:confirm_contact", number=account.number, contact_id=contact_id)
    key = f"contact:{contact_id}"
    form = CodeForm(request.POST if request.method == "POST" else None)
    context = {"account": account, "contact": contact, "form": form, "is_sent": bool(codes.kept(request, key))}
    if not form.is_valid():
        return render(request, "cabinet/confirm_contact.html", context, status=422 if form.is_bound else 200)
    try:
        customer_choices.confirm_contact(
            account,
            contact_id=contact_id,
            challenge=codes.kept(request, key),
            typed=form.cleaned_data["code"],
            user_id=person(request).user_id,
            at=now,
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        form.add_error("code", messages.of_error(error))
        return render(request, "cabinet/confirm_contact.html", context, status=422)
    codes.drop(request, key)
    notes.success(request, f"Контакт подтверждён: {contact.value}")
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


def _send_code(request: HttpRequest, account: AccountView, contact_id: int, at: datetime) -> None:
    try:
        challenge = customer_choices.ask_contact_code(
            account, contact_id=contact_id, asked_from=client_address(request), at=at
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        notes.warning(request, messages.of_error(error))
    else:
        codes.keep(request, f"contact:{contact_id}", challenge)
        notes.success(request, "Код отправлен")


def _contact(account: AccountView, form: Form, at: datetime) -> int:
    return customer_choices.add_contact(account, kind=form.kind, value=form.cleaned_data["value"], at=at)  # type: ignore[attr-defined]


def _telling(account: AccountView, form: Form, at: datetime) -> None:
    delivery = BillDelivery(form.cleaned_data["bill_delivery"])
    customer_choices.choose_ways(account, ways=form.ways, bill_delivery=delivery, at=at)  # type: ignore[attr-defined]


def _consent(account: AccountView, form: Form, at: datetime) -> None:
    given = {purpose: form.cleaned_data[purpose.value] for purpose in CONSENTS}
    customer_choices.state_consents(account, given=given, channel="cabinet", at=at)


_TAKERS: dict[str, tuple[type[Form], Callable[[AccountView, Form, datetime], int | None]]] = {
    "contact": (ContactForm, _contact),
    "telling": (TellingForm, _telling),
    "consent": (ConsentForm, _consent),
}

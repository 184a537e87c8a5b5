"""A contact at the desk: it begins, the customer is identified or refuses, it ends with what it was about."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import Right, inner_purposes
from svet.domains.accounts import queries as accounts
from svet.domains.cases import actions as cases
from svet.domains.cases import queries as contacts
from svet.domains.cases.rules.contacts import ContactChannel, Settled, Subject
from svet.domains.cases.rules.identity import DocumentKind
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.surfaces.desk.contact_forms import (
    DocumentForm,
    EndContactForm,
    InnerWorkForm,
    NewContactForm,
    RefusalForm,
    SaidForm,
)
from svet.surfaces.desk.door import remember_identification
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person

WAYS = {"phone": "По телефону", "document": "В офисе", "inner": "Без клиента", "refusal": "Отказ"}
NO_MATCH = "Не совпало. Попросите назвать данные ещё раз или откажите в сведениях."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.OPEN_ACCOUNTS)
def why(request: HttpRequest, number: str) -> HttpResponse:
    """Ask who it is before an account is shown; nothing of the customer is on this page."""
    account = accounts.account_by_number(number)
    if account is None:
        raise Http404
    purposes = inner_purposes(person(request).roles)
    ways = {code: title for code, title in WAYS.items() if code != "inner" or purposes}
    way = request.GET.get("how", "phone")
    way = way if way in ways else "phone"
    form = _form(way, request)
    if request.method == "POST" and form.is_valid():
        answer = _IDENTIFY[way](request, number, form)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "number": number,
        "closed_on": account.closed_on,
        "way": way,
        "ways": ways.items(),
        "next": request.GET.get("next", ""),
    }
    return render(request, "desk/why.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.OPEN_ACCOUNTS)
def new_contact(request: HttpRequest) -> HttpResponse:
    """Begin a contact before it is known who it is, then go to the search."""
    form = NewContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cases.begin_contact(
                person(request).user_id,
                channel=ContactChannel(form.cleaned_data["channel"]),
                caller_name=form.cleaned_data["caller_name"],
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            return redirect("desk:find")
    return render(request, "desk/new_contact.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.OPEN_ACCOUNTS)
def end_contact(request: HttpRequest, service_id: int) -> HttpResponse:
    """Ask what the contact was about and whether it is settled, and end it; the card closes."""
    who = person(request).user_id
    contact = contacts.own_contact(service_id, operator_id=who)
    form = EndContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cases.end_contact(
                service_id,
                operator_id=who,
                subjects=[Subject(one) for one in form.cleaned_data["subjects"]],
                settled=Settled(form.cleaned_data["settled"]),
                note=form.cleaned_data["note"],
                at=clock.now(),
            )
        except NotFound:
            raise
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Обслуживание завершено.", extra_tags="good")
            return redirect(_back(request) or "desk:home")
    context = {"form": form, "contact": contact}
    return render(request, "desk/end_contact.html", context, status=422 if form.errors else 200)


def _form(way: str, request: HttpRequest) -> forms.Form:
    given = request.POST or None
    if way == "inner":
        return InnerWorkForm(given, purposes=inner_purposes(person(request).roles))
    kinds: dict[str, type[forms.Form]] = {"phone": SaidForm, "document": DocumentForm, "refusal": RefusalForm}
    return kinds[way](given)


def _by_words(request: HttpRequest, number: str, form: SaidForm) -> HttpResponse | None:
    who = person(request)
    try:
        found = cases.identify_by_words(
            number, operator_id=who.user_id, roles=who.roles, said=form.said, at=clock.now()
        )
    except DomainError as error:
        form.add_error(None, messages.of_error(error))
        return None
    if found is None:
        form.add_error(None, NO_MATCH)
        return None
    return _opened(request, number, found)


def _by_document(request: HttpRequest, number: str, form: DocumentForm) -> HttpResponse | None:
    given = form.cleaned_data
    try:
        found = cases.identify_by_document(
            number,
            operator_id=person(request).user_id,
            document=DocumentKind(given["document"]),
            document_tail=given["document_tail"],
            power_of_attorney=given["power_of_attorney"],
            at=clock.now(),
        )
    except DomainError as error:
        form.add_error(None, messages.of_error(error))
        return None
    return _opened(request, number, found)


def _for_inner_work(request: HttpRequest, number: str, form: InnerWorkForm) -> HttpResponse | None:
    who = person(request)
    purpose = form.cleaned_data["purpose"]
    try:
        found = cases.open_for_inner_work(
            number, operator_id=who.user_id, roles=who.roles, purpose=purpose, at=clock.now()
        )
    except DomainError as error:
        form.add_error(None, messages.of_error(error))
        return None
    return _opened(request, number, found)


def _by_refusal(request: HttpRequest, number: str, form: RefusalForm) -> HttpResponse | None:
    try:
        cases.refuse_to_open(
            number,
            operator_id=person(request).user_id,
            channel=ContactChannel(form.cleaned_data["channel"]),
            reason=form.cleaned_data["reason"],
            at=clock.now(),
        )
    except DomainError as error:
        form.add_error(None, messages.of_error(error))
        return None
    flash.success(request, f"Отказ записан, счёт {number} остался закрытым.", extra_tags="good")
    return redirect(_back(request) or "desk:home")


_IDENTIFY: dict[str, Callable[..., HttpResponse | None]] = {
    "phone": _by_words,
    "document": _by_document,
    "inner": _for_inner_work,
    "refusal": _by_refusal,
}


def _opened(request: HttpRequest, number: str, identification_id: int) -> HttpResponse:
    remember_identification(request, number, identification_id)
    back = _back(request)
    return redirect(back) if back else redirect("desk:account", number=number)


def _back(request: HttpRequest) -> str:
    """Return the page of ours from which the employee came and to which he goes on, empty for none."""
    back = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return back if safe else ""

"""Sign-up: prove that an account is yours, by its last bill or by a code, then say who you are.

What was proved is kept in this browser's session for `PROOF_LASTS`, never in its address or its forms.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import CodePurpose
from svet.domains.accounts import queries as accounts
from svet.flows import sign_up as flow
from svet.flows.sign_up import Newcomer, Proof
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.web import codes, messages
from svet.surfaces.web.addresses import client_address
from svet.surfaces.web.codes import CodeForm
from svet.surfaces.web.doors import person
from svet.surfaces.web.entry import let_in
from svet.surfaces.web.entry_forms import BillFactsForm, ContactForm, NewcomerForm, NumberForm

PROOF_LASTS = timedelta(minutes=30)
PROOF, NUMBER = "sign_up_proof", "sign_up_number"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_bill(request: HttpRequest) -> HttpResponse:
    """Ask for an account and the facts of its last bill."""
    form = BillFactsForm(request.POST or None)
    if form.is_valid():
        try:
            proof = flow.prove_by_bill(
                form.cleaned_data["number"],
                bill_number=form.cleaned_data["bill"],
                amount=form.cleaned_data["amount"],
                asked_from=client_address(request),
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            return _proved(request, proof)
    return render(request, "account/sign_up.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """Ask to which account a code is wanted."""
    form = NumberForm(request.POST or None)
    if form.is_valid():
        request.session[NUMBER] = form.cleaned_data["number"]
        return redirect("sign_up_contact")
    return render(request, "account/sign_up_number.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Ask to which of the known contacts, masked, the code is to go; send it."""
    number, at = str(request.session.get(NUMBER, "")), clock.now()
    if not number:
        return redirect("sign_up_by_code")
    form = ContactForm(request.POST or None, contacts=flow.known_contacts(number, at=at))
    if form.is_valid():
        try:
            challenge = flow.ask_code(
                number, place=form.cleaned_data["place"], asked_from=client_address(request), at=at
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            codes.keep(request, CodePurpose.SIGN_UP.value, challenge)
            return redirect("sign_up_code")
    context = {"form": form, "number": number}
    return render(request, "account/sign_up_contact.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take the code sent to a known contact."""
    challenge = codes.kept(request, CodePurpose.SIGN_UP.value)
    if not challenge:
        return redirect("sign_up_by_code")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            proof = flow.prove_by_code(challenge=challenge, typed=form.cleaned_data["code"], at=clock.now())
        except DomainError as error:
            form.add_error("code", messages.of_error(error))
        else:
            codes.drop(request, CodePurpose.SIGN_UP.value)
            return _proved(request, proof)
    return render(request, "account/sign_up_code.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest) -> HttpResponse:
    """Ask who signs up; whoever is signed in already gets one more account. Sent twice, nothing happens twice."""
    now = clock.now()
    proof = _proof(request, at=now)
    if proof is None:
        notes.warning(request, messages.ERRORS["proof_is_over"])
        return redirect("account_signup")
    if request.user.is_authenticated:
        return _one_more(request, proof, at=now)
    form = NewcomerForm(request.POST or None)
    if form.is_valid():
        who = Newcomer(**{name: form.cleaned_data[name] for name in Newcomer.__slots__})
        try:
            user_id = flow.sign_up(proof, who=who, at=now)
        except DomainError as error:
            return _refused(request, error)
        request.session.pop(PROOF, None)
        notes.success(request, "Личный кабинет открыт. Добавьте телефон или почту, чтобы входить по коду")
        answer = let_in(request, user_id, method="password")
        number = accounts.accounts_of(user_id, on=now.date())[0].number
        return redirect("cabinet:choices", number=number) if request.user.is_authenticated else answer
    number = accounts.account_by_id(proof.account_id).number
    context = {"form": form, "number": number}
    return render(request, "account/sign_up_finish.html", context, status=422 if form.errors else 200)


def _one_more(request: HttpRequest, proof: Proof, *, at: datetime) -> HttpResponse:
    number = accounts.account_by_id(proof.account_id).number
    if request.method != "POST":
        return render(request, "account/one_more.html", {"number": number})
    if request.user.is_staff:
        return redirect("desk:home")
    try:
        flow.own_one_more(proof, user_id=person(request).user_id, at=at)
    except DomainError as error:
        return _refused(request, error)
    request.session.pop(PROOF, None)
    notes.success(request, f"Лицевой счёт {number} добавлен")
    return redirect("cabinet:home", number=number)


def _proved(request: HttpRequest, proof: Proof) -> HttpResponse:
    try:
        flow.may_own(proof, at=clock.now())
    except DomainError as error:
        return _refused(request, error)
    request.session[PROOF] = [proof.account_id, proof.contact_id, clock.now().isoformat()]
    return redirect("sign_up_finish")


def _proof(request: HttpRequest, *, at: datetime) -> Proof | None:
    kept = request.session.get(PROOF)
    if not kept or datetime.fromisoformat(kept[2]) + PROOF_LASTS < at:
        return None
    return Proof(kept[0], kept[1])


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    request.session.pop(PROOF, None)
    return render(request, "account/sign_up_refused.html", {"text": messages.of_error(error)}, status=409)

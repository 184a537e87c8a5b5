"""Coming in without a password: signing in by a code, and a new password instead of a forgotten one.

The answers are the same whether the person exists or not.
"""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import CodePurpose
from svet.flows import entry
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.web import codes, messages
from svet.surfaces.web.addresses import client_address
from svet.surfaces.web.codes import CodeForm
from svet.surfaces.web.entry_forms import RecoveryForm, WhoForm

TYPED = "entry_typed"
"""Session key: who was asked about in this browser, to ask again for a code."""


def let_in(request: HttpRequest, user_id: int, *, method: str) -> HttpResponse:
    """Sign the person in, by way of the second factor if he has one; `method` says what he proved."""
    user = AuthenticationBackend().get_user(user_id)
    record_authentication(request, user, method=method)
    answer: HttpResponse = perform_login(request, user, redirect_url=get_next_redirect_url(request))
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_code(request: HttpRequest) -> HttpResponse:
    """Ask whom to send a code for signing in, and send it."""
    return _ask(request, CodePurpose.SIGN_IN, template="account/by_code.html", then="enter_code")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Take the code and sign in."""
    form = CodeForm(request.POST if request.method == "POST" and "send" not in request.POST else None)
    return _enter(request, CodePurpose.SIGN_IN, form=form, template="account/enter_code.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask whom to send a code for a new password, and send it."""
    return _ask(request, CodePurpose.RECOVERY, template="account/forgotten.html", then="recover")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """Take the code and the new password; sign in."""
    form = RecoveryForm(request.POST if request.method == "POST" and "send" not in request.POST else None)
    return _enter(request, CodePurpose.RECOVERY, form=form, template="account/recover.html")


def _ask(request: HttpRequest, purpose: CodePurpose, *, template: str, then: str) -> HttpResponse:
    form = WhoForm(request.POST or None)
    if form.is_valid():
        try:
            _send(request, purpose, form.cleaned_data["login"])
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            following = get_next_redirect_url(request)
            return redirect(reverse(then) + (f"?{urlencode({'next': following})}" if following else ""))
    return render(request, template, {"form": form}, status=422 if form.errors else 200)


def _enter(request: HttpRequest, purpose: CodePurpose, *, form: CodeForm, template: str) -> HttpResponse:
    challenge, refusal = codes.kept(request, purpose.value), ""
    if not challenge:
        return redirect("sign_in_by_code" if purpose is CodePurpose.SIGN_IN else "forgotten")
    if "send" in request.POST:
        try:
            _send(request, purpose, request.session.get(TYPED, ""))
        except DomainError as error:
            refusal = messages.of_error(error)
        else:
            return redirect(request.get_full_path())
    if form.is_valid():
        try:
            if isinstance(form, RecoveryForm):
                password = form.cleaned_data["password"]
                user_id = entry.recover(
                    challenge=challenge, typed=form.cleaned_data["code"], password=password, at=clock.now()
                )
            else:
                user_id = entry.take_code(purpose, challenge=challenge, typed=form.cleaned_data["code"], at=clock.now())
        except DomainError as error:
            form.add_error("code", messages.of_error(error))
        else:
            codes.drop(request, purpose.value)
            return let_in(request, user_id, method="code")
    context = {"form": form, "typed": request.session.get(TYPED, ""), "refusal": refusal}
    return render(request, template, context, status=422 if form.errors or refusal else 200)


def _send(request: HttpRequest, purpose: CodePurpose, typed: str) -> None:
    challenge = entry.ask_code(purpose, typed=typed, asked_from=client_address(request), at=clock.now())
    codes.keep(request, purpose.value, challenge)
    request.session[TYPED] = typed

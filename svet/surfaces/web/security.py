"""«Вход и безопасность»: password, second factor, passkeys and sessions; whatever changes is told to all addresses.

Passkeys are for customers; staff keep to a password and an application with codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.views import password_change
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import activate_totp, deactivate_totp
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from svet.domains.access import actions as access
from svet.domains.access import queries
from svet.flows import entry
from svet.infra import clock
from svet.surfaces.web.doors import person
from svet.surfaces.web.middleware import SECOND_FACTOR

View = Callable[..., HttpResponse]

_BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


class _WellFormed:
    """Refuses what no device would send, which the library takes for a fault of the program."""

    parse: Callable[[Any], object]

    def clean_credential(self) -> Any:
        """Return what the library makes of what the device sent: it verifies signatures in here or in `clean`."""
        credential = self.cleaned_data["credential"]  # type: ignore[attr-defined]
        verify = getattr(super(), "clean_credential", lambda: credential)
        try:
            type(self).parse(credential)
            return verify()
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise forms.ValidationError("Устройство не подтвердило ключ. Попробуйте ещё раз") from error


class PasskeyLoginForm(_WellFormed, LoginWebAuthnForm):
    """Signing in by a passkey alone."""

    parse = staticmethod(auth.parse_authentication_response)


class PasskeyStepForm(_WellFormed, AuthenticateWebAuthnForm):
    """A passkey as the second step of signing in."""

    parse = staticmethod(auth.parse_authentication_response)


class PasskeyAgainForm(_WellFormed, ReauthenticateWebAuthnForm):
    """A passkey asked for again."""

    parse = staticmethod(auth.parse_authentication_response)


class PasskeyForm(_WellFormed, AddWebAuthnForm):
    """A new passkey, named so that its owner knows it again."""

    parse = staticmethod(auth.parse_registration_response)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label, name.help_text, name.max_length = "Как назвать ключ", "Например, «Мой телефон»", 60
        name.widget.attrs["maxlength"] = "60"
        self.fields["passwordless"].label = "Входить этим ключом без пароля"
        self.fields["passwordless"].help_text = "Устройство спросит отпечаток, лицо или свой код"

    def clean_name(self) -> str:
        """Return the name, cut to what fits; a key made by the device already is not refused for it."""
        return str(super().clean_name())[:60]


def home(request: HttpRequest) -> HttpResponse:
    """Show a person's own sign-in matters: password, addresses, second factor, passkeys, sessions."""
    user_id = person(request).user_id
    context = {
        "second_factor": is_mfa_enabled(request.user, [Authenticator.Type.TOTP]),
        "passkeys": queries.passkeys_of(user_id),
        "addresses": [value for _, value in queries.addresses_of(user_id)],
        "sessions": len(queries.sessions_of(user_id)),
    }
    return render(request, "account/home.html", context)


def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's password; a first password, which another person knows, is then one's own."""
    user = request.user
    before = user.password if user.is_authenticated else ""
    response: HttpResponse = password_change(request)
    if user.is_authenticated and user.password != before:
        access.choose_own_password(user.pk, at=clock.now())
        access.end_sessions(user.pk, at=clock.now(), without=request.session.session_key or "")
        _tell(user.pk, "password_changed")
    return response


def activate_second_factor(request: HttpRequest) -> HttpResponse:
    """Set up the second factor; doing so proves it for this session."""
    before = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    response: HttpResponse = activate_totp(request)
    if not before and is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
        request.session[SECOND_FACTOR] = request.user.pk
        _tell(person(request).user_id, "second_factor_changed")
    return response


def remove_second_factor(request: HttpRequest) -> HttpResponse:
    """Take the application with codes away."""
    before = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    response: HttpResponse = deactivate_totp(request)
    if before and not is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
        _tell(person(request).user_id, "second_factor_changed")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in; end one session, or all others."""
    user_id, current = person(request).user_id, request.session.session_key or ""
    if request.method == "POST":
        only = request.POST.get("end", "")
        if only and not re.fullmatch(r"[0-9]{1,18}", only):
            raise Http404
        ended = access.end_sessions(user_id, at=clock.now(), without=current, only=int(only) if only else None)
        notes.success(request, "Вход завершён" if ended else "Этот вход уже завершён")
        return redirect("usersessions_list")
    shown = [
        {"session": one, "device": device(one.user_agent), "is_current": one.key == current}
        for one in queries.sessions_of(user_id)
    ]
    return render(request, "usersessions/usersession_list.html", {"sessions": shown})


def device(user_agent: str) -> str:
    """Return the browser and the system as people call them, as far as they are known.

    >>> device("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 YaBrowser/24.7 Safari/537.36")
    'Яндекс Браузер, Windows'
    """
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return ", ".join(part for part in (browser, system) if part) or user_agent[:60] or "неизвестно"


def customers_only(view: View) -> View:
    """Close a page of passkeys to staff."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_staff:
            raise Http404
        before = _passkeys(request)
        response = view(request, *args, **kwargs)
        if request.user.is_authenticated and _passkeys(request) != before:
            if _passkeys(request) > before:
                request.session[SECOND_FACTOR] = request.user.pk  # so that its spare codes are shown at once
            _tell(request.user.pk, "passkeys_changed")
        return response

    return guarded


def _passkeys(request: HttpRequest) -> int:
    return len(queries.passkeys_of(request.user.pk)) if request.user.is_authenticated else 0


def _tell(user_id: int, what: str) -> None:
    at = clock.now()
    entry.tell_of_sign_in(user_id, what=what, key=f"{what}:{user_id}:{at.isoformat(timespec='seconds')}", at=at)


list_passkeys = customers_only(passkeys.list_webauthn)
add_passkey = customers_only(passkeys.add_webauthn)
remove_passkey = customers_only(passkeys.remove_webauthn)

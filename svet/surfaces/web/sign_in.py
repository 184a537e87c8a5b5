"""How people sign in: allauth's adapters and forms. Staff use a second factor; sign-up is our own (`sign_up.py`).

Pages of allauth that Svet does not use are closed (`closed`): they answer 404.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.utils import is_mfa_enabled
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from svet.domains.access import actions as access
from svet.flows import entry
from svet.infra import boxes, clock
from svet.surfaces.web.entry_forms import LOGIN_HINT
from svet.surfaces.web.middleware import SECOND_FACTOR

FRESH_SECONDS = 300


class AccountAdapter(DefaultAccountAdapter):
    """Whoever is meant is found by us; allauth's own sign-up is closed; refusals tell nothing."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "Логин или пароль не подошли. Проверьте их или войдите по коду",
        "too_many_login_attempts": "Слишком много попыток. Попробуйте снова через 5 минут или войдите по коду",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse self-made accounts."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Send staff to the desk and customers to their accounts."""
        return reverse("desk:home" if request.user.is_staff else "cabinet:accounts")

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Do not ask for the password again of somebody who has just given it to set up the second factor."""
        user = self.request.user
        signed_in = user.last_login.timestamp() if user.is_authenticated and user.last_login else 0.0
        setting_up = not is_mfa_enabled(user) or self.request.session.get(SECOND_FACTOR) == user.pk
        if time.time() - signed_in < FRESH_SECONDS and setting_up:
            return False
        return bool(super().is_reauthentication_required(app=app))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: our pages tell what happened themselves."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: letters to people are the business of notifications."""


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of the second factor are kept encrypted by the installation's key (older keys still open them)."""

    def encrypt(self, text: str) -> str:
        """Return what is stored."""
        return boxes.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return what was encrypted."""
        return boxes.opened(encrypted_text)


class PasswordAgainForm(PasswordForm):
    """The password asked again; the way to a forgotten one is on the sign-in page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    """Account number, phone, e-mail or login, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, login.help_text = "Номер лицевого счёта, телефон или почта", f"{LOGIN_HINT}; сотрудникам — логин"
        login.error_messages["required"] = "Введите номер лицевого счёта, телефон или почту"
        password.label, password.help_text = "Пароль", ""
        password.error_messages["required"] = "Введите пароль"
        for field in (login, password):
            field.widget.attrs.pop("placeholder", None)
        self.fields["remember"].label = "Запомнить меня на этом устройстве"

    def user_credentials(self) -> dict[str, str]:
        """Return the login that is meant and the password."""
        login = entry.login_of(self.cleaned_data["login"], on=clock.today())
        return {"username": login[:150], "password": self.cleaned_data.get("password", "")}


class _Code:
    """The field of a code, worded and set up for telephones."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]  # type: ignore[attr-defined]
        code.label, code.error_messages["required"] = "Код", "Введите код"
        code.widget.attrs.pop("placeholder", None)
        code.widget.attrs |= {"class": "digits", "inputmode": "numeric", "autofocus": True}


class CodeForm(_Code, AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(_Code, ReauthenticateForm):
    """The second factor asked again."""


class SetUpForm(_Code, ActivateTOTPForm):
    """The first code of a new application."""


def set_up_authenticator(user_id: int, *, secret: str) -> None:
    """Give a person an authenticator application with this secret (base32): for demos and tests."""
    access.set_up_authenticator(user_id, secret=secret, at=clock.now())


def closed(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Answer that there is no such page."""
    raise Http404

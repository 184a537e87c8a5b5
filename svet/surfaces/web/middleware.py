"""What surrounds every request: its id, who acts, the doors, and the words for what the business refuses.

The doors are closed by default: a page is public only when its name is in `config/public.py`. Staff pass them
with a second factor alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import structlog
from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

from svet.infra.context import Actor, Context, acting
from svet.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from svet.surfaces.web import messages
from svet.surfaces.web.addresses import client_address

Handler = Callable[[HttpRequest], HttpResponse]

SECOND_FACTOR = "second_factor_was_set_up_here"
"""Session key: whose second factor was set up, and so proved, in this very session."""

BEFORE_SECOND_FACTOR = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_authenticate",
        "mfa_reauthenticate",
    }
)
"""What staff may reach before the second factor: only what sets it up or proves it, and the way out."""


BEFORE_OWN_PASSWORD = BEFORE_SECOND_FACTOR | {
    "account_change_password",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
}
"""What somebody with a first password, which another person knows, may reach before he has chosen his own."""


class RequestContextMiddleware:
    """Gives each request an id (the caller's, when it is one), names it in logs and in the answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the request for its whole way."""
        given = request.headers.get("X-Request-ID", "")
        usable = given.isascii() and given.replace("-", "").isalnum() and len(given) <= 64
        request_id = given if usable else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class StrangersGZipMiddleware(GZipMiddleware):
    """Sends pages to strangers compressed, for a slow phone.

    Whoever has a session gets his pages as they are: their length must not tell what is secret in them (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress unless there is a session, or one begins with this answer."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies:
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed


class ActorMiddleware:
    """Tells audit who is acting: the signed-in person or an unnamed visitor."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the actor for the block of the request."""
        actor = Actor("user", str(request.user.pk)) if request.user.is_authenticated else Actor("visitor", "")
        request_id: str = request.request_id  # type: ignore[attr-defined]
        with acting(Context(actor, request_id=request_id, address=client_address(request))):
            return self.get_response(request)


class DoorsMiddleware:
    """Lets a request through to its page: public by list, or signed in, for staff with the second factor."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Keep what people see behind doors out of every cache."""
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Decide at the door, before the page runs."""
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in settings.PUBLIC_URL_NAMES:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.user.is_staff and name not in BEFORE_SECOND_FACTOR and not _proved(request):
            return _to_second_factor(request)
        if request.user.password_is_temporary and name not in BEFORE_OWN_PASSWORD:
            return redirect("account_change_password")
        if match and {"desk", "admin"} & set(match.namespaces) and not request.user.is_staff:
            raise PermissionDenied
        return None


class RefusalMiddleware:
    """Turns what the business refuses into a page: 404, 403 or 409, in words of `messages.py`.

    Pages that expect a refusal (a form that can be mended) catch it themselves.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; only `process_exception` matters here."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a DomainError that no page caught."""
        if not isinstance(error, DomainError):
            return None
        if isinstance(error, NotFound):
            return render(request, "404.html", status=404)
        if isinstance(error, NotAllowed):
            return render(request, "403.html", status=403)
        status = 409 if isinstance(error, Conflict) else 400
        is_off = error.code == "channel_is_off"
        # That page is headed by what has happened; its words are only where to go.
        text = error.facts["redirect"] if is_off else messages.of_error(error)
        context = {"text": text, "is_channel_off": is_off}
        return render(request, "web/refusal.html", context, status=status)


def _proved(request: HttpRequest) -> bool:
    """Say whether this session passed the second factor; a session older than the factor did not."""
    if not is_mfa_enabled(request.user):
        return False
    methods = get_authentication_records(request, request.user)
    return request.session.get(SECOND_FACTOR) == request.user.pk or any(
        record.get("method") == "mfa" for record in methods
    )


def _to_second_factor(request: HttpRequest) -> HttpResponse:
    if not is_mfa_enabled(request.user):
        return redirect("mfa_activate_totp")
    query = {"next": request.get_full_path()} if request.method == "GET" else {}
    return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode(query)}")

"""Request id and actor for logs and audit."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from svet.infra.context import Actor, Context, acting

Handler = Callable[[HttpRequest], HttpResponse]


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


class ActorMiddleware:
    """Tells audit who is acting: the signed-in person or an unnamed visitor."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the actor for the block of the request."""
        actor = Actor("user", str(request.user.pk)) if request.user.is_authenticated else Actor("visitor", "")
        request_id: str = request.request_id  # type: ignore[attr-defined]
        with acting(Context(actor, request_id=request_id, address=request.META.get("REMOTE_ADDR", ""))):
            return self.get_response(request)

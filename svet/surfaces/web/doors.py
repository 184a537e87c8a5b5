"""Who has signed in, and the doors of the desk: a page says which right it needs, others get 403 before it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from svet.domains.access.rules import Right, may

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Person:
    """Who looks at a page that asked to sign in."""

    user_id: int
    roles: tuple[str, ...]


def person(request: HttpRequest) -> Person:
    """Return who has signed in; raise PermissionDenied where the middleware let an unnamed visitor through."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return Person(request.user.pk, tuple(request.user.roles))


def needs(right: Right) -> Callable[[View], View]:
    """Return the decorator of a desk page that asks for `right`; the page carries it as `right` for tests."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not (request.user.is_staff and may(request.user.roles, right)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]
        return guarded

    return decorate


def any_staff(view: View) -> View:
    """Mark a desk page that every member of staff may see (the middleware lets nobody else in)."""
    view.right = None  # type: ignore[attr-defined]
    return view

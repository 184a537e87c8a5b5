"""Public pages made once for all strangers (decision 0010).

A page is kept in the memory of the process under the token of `infra.site_changes` and the minute: a change of
anything that it shows, or a new minute ("open now"), makes it anew. What is of one visitor alone is never kept: an
answer that sets a cookie (so one with a form's token), that has a nonce, or that says it is not to be stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import re_accepts_gzip
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response

from svet.infra import clock, site_changes
from svet.surfaces.web import themes

Handler = Callable[[HttpRequest], HttpResponse]

CACHE = "pages"
LONGEST_QUERY = 200
OWN_COOKIES = frozenset({settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name})
"""With these a visitor is no stranger: a session, words to be shown to him."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it goes out, and for which token and minute it is true."""

    stamp: str
    content: bytes
    headers: tuple[tuple[str, str], ...]


class KeptPagesMiddleware:
    """Answers a stranger with the page that another stranger was answered with, while it is still true."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give the kept page or make it; the token is read before the page, so a change meanwhile outdates it."""
        if not _is_for_all(request):
            return self.get_response(request)
        pages, key = caches[CACHE], _key(request)
        stamp = f"{site_changes.token()} {clock.now():%Y-%m-%d %H:%M}"
        kept: Kept | None = pages.get(key)
        if kept is None or kept.stamp != stamp:
            response = self.get_response(request)
            if not _is_same_for_all(response):
                return response
            response["Cache-Control"] = "no-cache"
            response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
            kept = Kept(stamp, response.content, tuple(response.items()))
            pages.set(key, kept)
        answer = HttpResponse(kept.content, headers=dict(kept.headers))
        return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


def _is_for_all(request: HttpRequest) -> bool:
    """Say whether a stranger asks for a page of the list, and nothing but what may be asked of it."""
    if request.method != "GET" or OWN_COOKIES & request.COOKIES.keys() or "HX-Request" in request.headers:
        return False
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        return False
    asked = settings.KEPT_PAGES.get(name)
    short = len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY
    return asked is not None and short and request.GET.keys() <= asked


def _is_same_for_all(response: HttpResponse) -> bool:
    """Say whether nothing in the answer is of this visitor alone."""
    policy = response.get("Content-Security-Policy", "")
    stored = response.get("Cache-Control", "")
    is_whole = response.status_code == 200 and not response.streaming
    return is_whole and not response.cookies and "'nonce-" not in policy and not stored


def _key(request: HttpRequest) -> str:
    """Return the key of all that the page may differ by."""
    looks = [choice.chosen for choice in themes.choices_of(request)]
    packed = bool(re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))
    whole = (request.scheme, request.get_host(), request.get_full_path(), *looks, packed)
    return hashlib.sha256(repr(whole).encode()).hexdigest()

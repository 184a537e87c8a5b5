"""The look a person chose: colours, size of letters, spacing. Kept in cookies of the browser, without signing in; they
say nothing about the person. The version for the weak-sighted is this: the same pages, never a copy of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

COOKIE = "theme"
YEAR = 365 * 24 * 3600
THEMES: tuple[tuple[str, str], ...] = (
    ("auto", "как на устройстве"),
    ("light", "светлый"),
    ("dark", "тёмный"),
    ("contrast", "контрастный"),
)
SIZES: tuple[tuple[str, str], ...] = (("usual", "обычный"), ("large", "крупный"), ("largest", "очень крупный"))
SPACINGS: tuple[tuple[str, str], ...] = (("usual", "обычные"), ("wide", "широкие"))
CHOICES: dict[str, tuple[tuple[str, str], ...]] = {COOKIE: THEMES, "size": SIZES, "spacing": SPACINGS}
"""Each choice by the name of its cookie; the first of each is taken where nothing is chosen."""
FOR_WEAK_SIGHT = {COOKIE: "contrast", "size": "largest", "spacing": "wide"}
"""What one press at the top of a page chooses at once; each part of it is chosen apart at the foot."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of the look with what may be chosen and what is."""

    name: str
    title: str
    offered: tuple[tuple[str, str], ...]
    chosen: str


def choices_of(request: HttpRequest) -> list[Choice]:
    """Return what may be chosen and what is chosen in this browser."""
    titles = {COOKIE: "Вид страниц", "size": "Размер букв", "spacing": "Промежутки"}
    return [Choice(name, titles[name], offered, _chosen(request, name)) for name, offered in CHOICES.items()]


def classes_of(request: HttpRequest) -> str:
    """Return the classes of the page for the chosen size and spacing, empty for the usual ones."""
    named = [f"{name}-{_chosen(request, name)}" for name in ("size", "spacing")]
    return " ".join(one for one in named if not one.endswith("-usual"))


def theme_of(request: HttpRequest) -> str:
    """Return the theme chosen in this browser, "auto" where none is (or something else stands in the cookie)."""
    return _chosen(request, COOKIE)


def is_for_weak_sight(request: HttpRequest) -> bool:
    """Say whether the look is that of the version for the weak-sighted, or a part of it."""
    return any(_chosen(request, name) == value for name, value in FOR_WEAK_SIGHT.items())


@csrf_exempt  # a token in the footer would make every page of a stranger his own: see _is_from_here
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen of the look and go back to the page it was chosen on.

    Whoever chooses one thing comes back to the choice at the foot: there is mostly a second one to make.
    """
    if not _is_from_here(request):
        raise PermissionDenied
    back = request.POST.get("next", "")
    here = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=here, require_https=request.is_secure())
    at_once = request.POST.get("sight")
    response = redirect((back if safe else reverse("website:home")) + ("" if at_once else "#look"))
    for name, value in _asked(request, at_once).items():
        if value in dict(CHOICES[name]):
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    return response


def _asked(request: HttpRequest, at_once: str | None) -> dict[str, str]:
    if at_once == "weak":
        return FOR_WEAK_SIGHT
    if at_once == "usual":
        return {name: offered[0][0] for name, offered in CHOICES.items()}
    return {name: request.POST.get(name, "") for name in CHOICES}


def _is_from_here(request: HttpRequest) -> bool:
    """Say whether a page of ours sent the form: browsers say where a form comes from, and no page can forge it.

    What says nothing of it is no browser of these years, so no page of somebody else made it ask.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


def _chosen(request: HttpRequest, name: str) -> str:
    offered, chosen = CHOICES[name], request.COOKIES.get(name, "")
    return chosen if chosen in dict(offered) else offered[0][0]

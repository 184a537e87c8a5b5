"""The look a person chose: light, dark, high contrast, or as the device says. Kept in a cookie of the browser, without
signing in; it says nothing about the person.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "theme"
YEAR = 365 * 24 * 3600
THEMES: tuple[tuple[str, str], ...] = (
    ("auto", "как на устройстве"),
    ("light", "светлый"),
    ("dark", "тёмный"),
    ("contrast", "контрастный"),
)


def theme_of(request: HttpRequest) -> str:
    """Return the theme chosen in this browser, "auto" where none is (or something else stands in the cookie)."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in dict(THEMES) else "auto"


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme and go back to the page it was chosen on."""
    back, theme = request.POST.get("next", ""), request.POST.get("theme", "")
    here = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=here, require_https=request.is_secure())
    response = redirect(back if safe else reverse("website:home"))
    if theme in dict(THEMES):
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, theme, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    return response

"""What the devices of a hall show without the network: a page and the worker that keeps it in the browser.

The worker stands at the root of the hall, so it serves the pages of every device and none of the rest of the site.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

ASSETS = (
    "web/mark.svg",
    "web/tokens.css",
    "web/fonts/golos-text-cyrillic-wght-normal.woff2",
    "web/fonts/golos-text-latin-wght-normal.woff2",
    "web/svet.css",
    "hall/hall.css",
    "web/theme-dark.css",
    "web/theme-contrast.css",
    "hall/register.js",
    "hall/offline.js",
)
"""The files that the page is drawn with."""


@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Give the script of the worker; it changes with the names of what it keeps, and browsers then take the new one."""
    return render(request, "hall/worker.js", {"assets": ASSETS}, content_type="text/javascript; charset=utf-8")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show that there is no connection; the screen goes on by itself when it is back."""
    return render(request, "hall/offline.html")

"""The icon that browsers ask for by its old address on pages that name none (plain answers, files).

Without it they got the page of absent pages, whose form gave them another CSRF cookie in the middle of signing in.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(max_age=86400, public=True)
def icon(request: HttpRequest) -> HttpResponse:
    """Lead to the site's icon."""
    return redirect(static("web/mark.svg"))

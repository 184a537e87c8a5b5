"""What follows when a bill is not paid: the very terms by which penalties are reckoned (clause W2)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from svet.surfaces.web import live_parts


@require_safe
def consequences(request: HttpRequest) -> HttpResponse:
    """Show from which day after the term which share of the rate is charged for a day."""
    return render(request, "website/consequences.html", live_parts.consequences())

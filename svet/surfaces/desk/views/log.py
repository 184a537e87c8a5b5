"""The log of looks at personal data, for those who supervise."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from svet.domains.access.rules import Right
from svet.flows import looks
from svet.infra import clock
from svet.surfaces.web.doors import needs


@require_safe
@needs(Right.READ_ACCESS_LOG)
def access_log(request: HttpRequest) -> HttpResponse:
    """Show who looked at whose data and why, the latest first, of one account when named."""
    number = request.GET.get("number", "").strip()
    context = {"page": looks.page(at=clock.now(), number=number, limit=200), "number": number}
    return render(request, "desk/access_log.html", context)

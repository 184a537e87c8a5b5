"""The tablet at a window: who serves here, and one question when a visit has ended (clause O7).

It asks the server every second; without script the page comes anew by itself and each answer is a button of a form. A
tap is kept for the visit the page asked of, once; a tap that the network held back comes later.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.visits import actions as visits
from svet.domains.visits.queries import DeviceView
from svet.domains.visits.queries.tablet import ASKED_FOR
from svet.domains.visits.rules import DeviceKind
from svet.flows import hall
from svet.flows.hall import TabletPage
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.hall.devices import of_kind
from svet.surfaces.web import hall_words

THANKS, LATE = "thanks", "late"
TOLD_FOR = 6
"""So many seconds the thanks stand on the screen."""


@require_http_methods(["GET", "HEAD", "POST"])
@of_kind(DeviceKind.TABLET)
def tablet(request: HttpRequest, device: DeviceView, secret: str) -> HttpResponse:
    """Show the tablet; take a tap."""
    if request.method == "POST":
        return redirect(f"{reverse('hall:tablet', args=[secret])}?{_tapped(request, device)}")
    told = next((one for one in (THANKS, LATE) if one in request.GET), "")
    context = _context(hall.tablet(device, at=clock.now())) | {
        "secret": secret,
        "told": told,
        "told_for": TOLD_FOR,
        "asked_for": int(ASKED_FOR.total_seconds()),
    }
    return render(request, "hall/tablet.html", context)


@require_safe
@of_kind(DeviceKind.TABLET)
def now(request: HttpRequest, device: DeviceView, secret: str) -> HttpResponse:
    """Give what the tablet shows now, or 304 when it has it."""
    page = hall.tablet(device, at=clock.now())
    tag = f'"{page.asked.ticket_id if page.asked else 0}-{page.operator.user_id if page.operator else 0}"'
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is not None:
        return unchanged
    response = HttpResponse(render_to_string("hall/tablet_now.html", _context(page), request=request))
    response["ETag"] = tag
    return response


def _tapped(request: HttpRequest, device: DeviceView) -> str:
    """Keep a tap; return what to tell. Who tapped twice is thanked as who tapped once."""
    ticket, score = request.POST.get("ticket", ""), request.POST.get("score", "")
    try:
        visits.rate_at_window(
            int(ticket) if ticket.isdecimal() else 0,
            office_code=device.office_code,
            window_id=device.window_id or 0,
            score=int(score) if score.isdecimal() else 0,
            at=clock.now(),
        )
    except DomainError as error:
        return THANKS if error.code == "visit_is_rated" else LATE
    return THANKS


def _context(page: TabletPage) -> dict[str, object]:
    return {"page": page, "scores": hall_words.SCORES.items()}

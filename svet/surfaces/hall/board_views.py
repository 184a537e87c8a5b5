"""The board of the hall: called numbers with their windows, who waits, how long (clause O4).

The page asks every second for what is new and says which version it has; while nothing happened the answer is 304 and
costs one short statement. A board that was off shows what is now; old calls are not said aloud again.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.views.decorators.http import require_safe

from svet.domains.visits import queries
from svet.domains.visits.queries import DeviceView
from svet.domains.visits.rules import DeviceKind
from svet.flows import hall
from svet.infra import clock
from svet.surfaces.hall.devices import of_kind


@require_safe
@of_kind(DeviceKind.BOARD)
def board(request: HttpRequest, device: DeviceView, secret: str) -> HttpResponse:
    """Show the board."""
    now = clock.now()
    return render(
        request, "hall/board.html", {"page": hall.board(device.office_code, at=now), "secret": secret, "at": now}
    )


@require_safe
@of_kind(DeviceKind.BOARD)
def now(request: HttpRequest, device: DeviceView, secret: str) -> HttpResponse:
    """Give what the board shows now, or 304 when the board has it; the minute counts too, for the waits change."""
    at = clock.now()
    tag = f'"{queries.version(device.office_code)}-{at:%H%M}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    response = render(request, "hall/board_now.html", {"page": hall.board(device.office_code, at=at), "at": at})
    response["ETag"] = tag
    return response

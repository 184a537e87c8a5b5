"""The board of the hall: called numbers with their windows, who waits, how long (clause O4).

The page asks every second for what is new and says which version it has; while nothing happened the answer is 304 and
costs one short statement. What a version looks like is drawn once for all boards of an office (decision 0009). A board
that was off shows what is now; old calls are not said aloud again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
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
    minute, version = clock.now().replace(second=0, microsecond=0), queries.version(device.office_code)
    tag = f'"{version}-{minute:%H%M}"'
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is not None:
        return unchanged
    response = HttpResponse(_drawn(device.office_code, version, minute))
    response["ETag"] = tag
    return response


@lru_cache(maxsize=64)
def _drawn(office_code: str, version: int, minute: datetime) -> str:
    """Return what boards show in a version and minute: by its end, so that all who came in it count."""
    context = {"page": hall.board(office_code, at=minute + timedelta(minutes=1)), "at": minute}
    return str(render_to_string("hall/board_now.html", context))

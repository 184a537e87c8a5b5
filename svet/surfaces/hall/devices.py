"""The door of the hall's devices: the secret in the address says which device it is and in which office it stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from svet.domains.visits import actions as visits
from svet.domains.visits import queries
from svet.domains.visits.rules import DeviceKind
from svet.infra import clock
from svet.kernel.errors import NotFound

View = Callable[..., HttpResponse]


def of_kind(kind: DeviceKind) -> Callable[[View], View]:
    """Return the decorator of a device's page: the view gets the device instead of the secret, others get 404."""

    def decorate(view: View) -> View:
        @never_cache
        @wraps(view)
        def opened(request: HttpRequest, device: str, **kwargs: object) -> HttpResponse:
            try:
                found = queries.device(kind, device)
            except NotFound as error:
                raise Http404 from error
            visits.note_seen(found.device_id, at=clock.now())
            response = view(request, found, secret=device, **kwargs)
            # The address is the device's secret. "no-referrer" would make plain forms come without their origin.
            response["Referrer-Policy"] = "same-origin"
            return response

        return opened

    return decorate

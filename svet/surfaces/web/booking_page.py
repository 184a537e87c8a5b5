"""The page of a booking at the desk and on the site: opened by its signed address, moved and cancelled in one way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest

from svet.domains.visits.queries import BookingView
from svet.flows import booking as flow
from svet.infra.clock import MOSCOW
from svet.kernel.errors import DomainError, NotFound
from svet.surfaces.web import messages


@dataclass(frozen=True, slots=True)
class Place:
    """When and where somebody would come instead; no office or service: as before."""

    starts_at: datetime
    office_code: str
    series: str


def booking_of(signed: str) -> BookingView:
    """Return the booking of a signed address; raise Http404 for a forged one."""
    try:
        return flow.of_address(signed)
    except NotFound as error:
        raise Http404 from error


def chosen_time(text: str) -> datetime | None:
    """Return the time of an address ("2026-11-27T09:20"), None for what is none."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=MOSCOW)
    except ValueError:
        return None


def shown(request: HttpRequest, booking: BookingView, *, at: datetime) -> dict[str, Any]:
    """Return what the page shows: the booking, its office, its code in fours and, when asked for, other times."""
    context: dict[str, Any] = {
        "booking": booking,
        "office": flow.office_of(booking),
        "is_ahead": booking.is_ahead(at),
        "code": f"{booking.code[:4]} {booking.code[4:]}",
    }
    if booking.is_ahead(at) and ("move" in request.GET or booking.displaced_why):
        context["choice"] = flow.choices(
            booking,
            step=request.GET.get("move", ""),
            office_code=request.GET.get("office", ""),
            series=request.GET.get("service", ""),
            at=at,
        )
    return context


def change(request: HttpRequest, *, move: Callable[[Place], object], cancel: Callable[[], object]) -> None:
    """Move or cancel as the form asks; say what is not seen on the page. A time that is none changes nothing."""
    given = request.POST
    starts_at = chosen_time(given.get("time", ""))
    try:
        if given.get("do") == "cancel":
            cancel()
        elif starts_at is None:
            flash.warning(request, "Выберите время из списка.")
        else:
            move(Place(starts_at, given.get("office", ""), given.get("service", "")))
            flash.success(request, "Запись перенесена, код прежний.", extra_tags="good")
    except DomainError as error:
        flash.warning(request, messages.of_error(error))

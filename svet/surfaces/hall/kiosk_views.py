"""The kiosk: whom, for what, a ticket (clauses O4, O5). Large type for a touch screen; works without script too.

The request's key is made with the page, so a ticket asked for twice (a lost network, a second tap) is one ticket.
"""

from __future__ import annotations

import uuid

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.offices.rules import Audience
from svet.domains.visits import actions as visits
from svet.domains.visits.actions import Wanted
from svet.domains.visits.queries import DeviceView
from svet.domains.visits.rules import DeviceKind
from svet.flows import hall
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.hall.devices import of_kind
from svet.surfaces.paper import drawn_codes
from svet.surfaces.paper import ticket as paper
from svet.surfaces.web import messages

SHOWN_FOR = 20
"""So many seconds a taken ticket stands on the screen, then the kiosk is ready for the next visitor."""
IDLE_FOR = 60


class TicketForm(forms.Form):
    """A ticket for a chosen service."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    audience = forms.ChoiceField(choices=[(one.value, one.value) for one in Audience], widget=forms.HiddenInput)
    privilege = forms.CharField(required=False, max_length=20)


class BookedForm(forms.Form):
    """The code of a booking."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    code = forms.RegexField(
        regex=r"^\D*(?:\d\D*){8}$",
        label="Код записи",
        help_text="Восемь цифр из сообщения о записи",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "digits"}),
        error_messages={"required": "Введите восемь цифр кода", "invalid": "В коде записи восемь цифр"},
    )


@require_safe
@of_kind(DeviceKind.KIOSK)
def start(request: HttpRequest, device: DeviceView, secret: str) -> HttpResponse:
    """Show the services, large, with how long one waits."""
    page = hall.kiosk(device, _audience(request), at=clock.now())
    return render(request, "hall/kiosk.html", {"page": page, "secret": secret, "idle": IDLE_FOR})


@require_http_methods(["GET", "HEAD", "POST"])
@of_kind(DeviceKind.KIOSK)
def service(request: HttpRequest, device: DeviceView, secret: str, series: str) -> HttpResponse:
    """Give a ticket for one service: an ordinary one or out of turn."""
    audience, now = _audience(request), clock.now()
    problem = ""
    if request.method == "POST":
        form = TicketForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            wanted = Wanted(
                device.office_code,
                series,
                Audience(given["audience"]),
                given["request_key"],
                privilege=given["privilege"],
            )
            try:
                made = hall.take(wanted, at=now)
            except DomainError as error:
                problem = messages.of_error(error)
            else:
                return redirect("hall:kiosk_ticket", device=secret, ticket_code=made.follow_code)
        else:
            problem = "Начните сначала: выберите услугу."
    page = hall.kiosk(device, audience, at=now)
    chosen = next((one for one in page.services if one.service.code == series), None)
    if chosen is None:
        return redirect("hall:kiosk", device=secret)
    context = {
        "page": page,
        "secret": secret,
        "chosen": chosen,
        "key": uuid.uuid4().hex,
        "problem": problem,
        "idle": IDLE_FOR,
    }
    return render(request, "hall/kiosk_service.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@of_kind(DeviceKind.KIOSK)
def booked(request: HttpRequest, device: DeviceView, secret: str) -> HttpResponse:
    """Give the ticket of a booking by its code."""
    form = BookedForm(request.POST if request.method == "POST" else None, initial={"request_key": uuid.uuid4().hex})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = visits.check_in(
                given["code"], office_code=device.office_code, at=clock.now(), key=given["request_key"]
            )
        except DomainError as error:
            form.add_error("code", messages.of_error(error))
        else:
            return redirect("hall:kiosk_ticket", device=secret, ticket_code=made.follow_code)
    page = hall.kiosk(device, Audience.INDIVIDUALS, at=clock.now())
    context = {"page": page, "secret": secret, "form": form, "idle": IDLE_FOR}
    return render(request, "hall/kiosk_booked.html", context, status=422 if form.errors else 200)


@require_safe
@of_kind(DeviceKind.KIOSK)
def taken(request: HttpRequest, device: DeviceView, secret: str, ticket_code: str) -> HttpResponse:
    """Show and print a taken ticket, then make room for the next visitor."""
    page = hall.ticket_page(ticket_code, at=clock.now())
    address = request.build_absolute_uri(reverse("website:ticket", args=[ticket_code])) + f"?{paper.FROM_CODE}"
    context = {
        "page": page,
        "ticket": page.ticket,
        "secret": secret,
        "address": address,
        "qr": drawn_codes.qr_address(address),
        "shown_for": SHOWN_FOR,
        "taken_by_booking": page.ticket.booked_for is not None,
    }
    return render(request, "hall/kiosk_ticket.html", context)


def _audience(request: HttpRequest) -> Audience:
    wanted = request.GET.get("for") or request.POST.get("audience", "")
    return Audience.LEGAL_ENTITIES if wanted == Audience.LEGAL_ENTITIES else Audience.INDIVIDUALS

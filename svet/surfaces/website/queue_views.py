"""The queue from a phone: a ticket followed by the code printed on it; a time booked, looked up and cancelled.

A ticket names nobody, so its code is enough. A booking does: its address is signed. Steps of booking stand in the
address, so that each page works without script and "back" goes a step back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access import queries as access
from svet.domains.access.queries import Person
from svet.domains.offices.rules import Audience
from svet.domains.visits import actions as visits
from svet.domains.visits.actions import Booked
from svet.domains.visits.rules import Came, RatedBy
from svet.flows import booking as flow
from svet.flows import hall
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.surfaces.paper import ticket as paper
from svet.surfaces.web import booking_page, messages
from svet.surfaces.web.addresses import client_address
from svet.surfaces.website.queue_forms import OwnBookingForm, StrangersBookingForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: HttpRequest, ticket_code: str) -> HttpResponse:
    """Show where the ticket stands; take it back, its holder back into the line, or his rating."""
    now = clock.now()
    try:
        page = hall.ticket_page(ticket_code, at=now)
    except NotFound as error:
        raise Http404 from error
    if request.method == "POST":
        try:
            if request.POST.get("do") == "give_back":
                visits.give_back(ticket_code, at=now)
            elif "score" in request.POST:
                _rate(request, ticket_code, at=now)
            else:
                visits.come_back(ticket_code, at=now)
        except DomainError as error:
            flash.warning(request, messages.of_error(error))
        address = reverse("website:ticket", args=[ticket_code])
        return redirect(f"{address}?{paper.FROM_CODE}" if paper.FROM_CODE in request.GET else address)
    return render(request, "website/ticket.html", {"page": page, "ticket": page.ticket})


@never_cache
@require_safe
def ticket_pdf(request: HttpRequest, ticket_code: str) -> HttpResponse:
    """Give the ticket as a strip to print."""
    now = clock.now()
    try:
        page = hall.ticket_page(ticket_code, at=now)
    except NotFound as error:
        raise Http404 from error
    address = request.build_absolute_uri(reverse("website:ticket", args=[ticket_code])) + f"?{paper.FROM_CODE}"
    response = HttpResponse(paper.render(page, address=address, at=now), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="ticket-{page.ticket.ticket_id}.pdf"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    """Lead from the office over the service and the time to who comes, and book it once."""
    now = clock.now()
    audience = Audience.LEGAL_ENTITIES if request.GET.get("for") == Audience.LEGAL_ENTITIES else Audience.INDIVIDUALS
    context: dict[str, Any] = {"audience": audience, "audiences": list(Audience)}
    code, series = request.GET.get("office", ""), request.GET.get("service", "")
    offices = {one.code: one for one in hall.offices_to_book(audience)}
    if code not in offices:
        return render(request, "website/book.html", context | {"step": "office", "offices": offices.values()})
    services = {one.code: one for one in hall.bookable_services(code, audience, at=now)}
    context |= {"office": offices[code], "service": services.get(series)}
    if series not in services:
        return render(request, "website/book.html", context | {"step": "service", "services": services.values()})
    days = hall.bookable_days(code, series, audience, at=now)
    starts_at = booking_page.chosen_time(request.GET.get("time", ""))
    if starts_at is None or not any(one.starts_at == starts_at and one.free for day in days for one in day.slots):
        taken = starts_at is not None and request.method != "POST"
        if request.method != "POST" or starts_at is None:
            return render(request, "website/book.html", context | {"step": "time", "days": days, "taken": taken})
    who = _signed_in(request)
    given = request.POST if request.method == "POST" else None
    form = OwnBookingForm(given, who=who) if who else StrangersBookingForm(given, now=now)
    if form.is_bound and form.is_valid():
        wanted = Booked(
            office_code=code,
            series=series,
            audience=audience,
            starts_at=starts_at,
            key=form.key,
            user_id=who.user_id if who else None,
            came=Came.CABINET if who else Came.SITE,
            name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
            phone=form.cleaned_data["phone"],
        )
        try:
            made = flow.book(wanted, asked_from=client_address(request), at=now)
        except DomainError as error:
            if error.code == "time_is_taken":
                return render(
                    request, "website/book.html", context | {"step": "time", "days": days, "taken": True}, status=409
                )
            form.add_error(None, messages.of_error(error))
        else:
            return redirect("website:booking", booking=flow.address_of(made))
    context |= {"step": "who", "form": form, "starts_at": starts_at}
    return render(request, "website/book.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def booking(request: HttpRequest, booking: str) -> HttpResponse:
    """Show a booking with its code; cancel it or move it to another time, service or office."""
    now, one = clock.now(), booking_page.booking_of(booking)
    if request.method == "POST":
        booking_page.change(
            request,
            move=lambda to: flow.move(
                one,
                starts_at=to.starts_at,
                office_code=to.office_code,
                series=to.series,
                asked_from=client_address(request),
                at=now,
            ),
            cancel=lambda: visits.cancel_booking(one.code, at=now),
        )
        return redirect("website:booking", booking=booking)
    return render(request, "website/booking.html", booking_page.shown(request, one, at=now))


def _signed_in(request: HttpRequest) -> Person | None:
    """Return the customer who has signed in; staff book for nobody here."""
    if not request.user.is_authenticated or request.user.is_staff:
        return None
    return access.person(request.user.pk)


def _rate(request: HttpRequest, ticket_code: str, *, at: datetime) -> None:
    score, comment = request.POST["score"], request.POST.get("comment", "")
    way = RatedBy.QR if paper.FROM_CODE in request.GET else RatedBy.LINK
    visits.rate_visit(ticket_code, score=int(score) if score.isdecimal() else 0, comment=comment, way=way, at=at)

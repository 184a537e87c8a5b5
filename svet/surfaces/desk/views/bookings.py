"""Times in offices booked by an operator for who calls or stands there; found, moved and cancelled (clause O4).

Steps stand in the address, as on the site. Of a customer's card only who was identified is filled in.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.accounts import queries as accounts
from svet.domains.customers.rules import normal_phone
from svet.domains.offices import queries as offices
from svet.domains.offices.rules import Audience
from svet.domains.visits import actions as visits
from svet.domains.visits import queries
from svet.domains.visits.actions import Booked
from svet.domains.visits.rules import Came
from svet.flows import booking as flow
from svet.flows import hall
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.booking_forms import CallerForm
from svet.surfaces.desk.door import entry
from svet.surfaces.desk.forms import FindForm
from svet.surfaces.web import booking_page, messages
from svet.surfaces.web.doors import needs, person


@never_cache
@require_safe
@needs(Right.OPEN_ACCOUNTS)
def bookings(request: HttpRequest) -> HttpResponse:
    """Find a booking by its code or by the phone that was given."""
    text = request.GET.get("q", "").strip()[:40]
    found = queries.bookings_found(text, phone=normal_phone(text) or "", at=clock.now()) if text else []
    names = {one.code: one.name for one in offices.directory()} if found else {}
    rows = [(one, names.get(one.office_code, one.office_code), flow.address_of(one)) for one in found]
    return render(request, "desk/bookings.html", {"find": FindForm({"q": text}), "text": text, "rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.OPEN_ACCOUNTS)
def book_visit(request: HttpRequest) -> HttpResponse:
    """Lead from the office over the service and the time to who comes, and book it once."""
    now = clock.now()
    audience = Audience.LEGAL_ENTITIES if request.GET.get("for") == Audience.LEGAL_ENTITIES else Audience.INDIVIDUALS
    number = request.GET.get("account", "")[:10]
    account = accounts.account_by_number(number) if number.isdecimal() and entry(request, number) else None
    kept = f"for={audience.value}" + (f"&account={account.number}" if account else "")
    code, series = request.GET.get("office", ""), request.GET.get("service", "")
    able = {one.code: one for one in hall.offices_to_book(audience)}
    context: dict[str, Any] = {"audience": audience, "account": account, "kept": kept}
    if code not in able:
        return render(request, "desk/book_visit.html", context | {"step": "office", "offices": able.values()})
    services = {one.code: one for one in hall.bookable_services(code, audience, at=now)}
    context |= {"office": able[code], "service": services.get(series)}
    if series not in services:
        return render(request, "desk/book_visit.html", context | {"step": "service", "services": services.values()})
    starts_at = booking_page.chosen_time(request.GET.get("time", ""))
    if starts_at is None:
        days = hall.bookable_days(code, series, audience, at=now)
        return render(request, "desk/book_visit.html", context | {"step": "time", "days": days})
    known = flow.known_caller(account, at=now) if account else {}
    form = CallerForm(request.POST if request.method == "POST" else None, known=known)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        wanted = Booked(
            office_code=code,
            series=series,
            audience=audience,
            starts_at=starts_at,
            key=given["request_key"],
            name=given["name"],
            phone=given["phone"],
            email=given["email"],
            came=Came.PHONE,
        )
        try:
            made = visits.book(wanted, at=now)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            return redirect("desk:booking", booking=flow.address_of(made))
    context |= {"step": "who", "form": form, "starts_at": starts_at}
    return render(request, "desk/book_visit.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.OPEN_ACCOUNTS)
def booking(request: HttpRequest, booking: str) -> HttpResponse:
    """Show a booking with the code to be told; cancel it or give it another time, service or office."""
    now, one, by = clock.now(), booking_page.booking_of(booking), person(request).user_id
    if request.method == "POST":
        booking_page.change(
            request,
            move=lambda to: visits.move_booking(
                one.code, starts_at=to.starts_at, office_code=to.office_code, series=to.series, at=now, by=by
            ),
            cancel=lambda: visits.cancel_booking(one.code, at=now, by=by),
        )
        return redirect("desk:booking", booking=booking)
    return render(request, "desk/booking.html", booking_page.shown(request, one, at=now))

"""A customer leaves: what it comes to is shown first, then confirmed, and may be taken back. A customer comes."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.domains.billing.actions import CannotBeRated
from svet.domains.metering import queries as readings_of
from svet.flows import desk_readings, moving, moving_in
from svet.flows.moving import LastReadingRefused, Left
from svet.flows.moving_in import Came, FirstReadingRefused
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.door import customers_account
from svet.surfaces.desk.move_in_forms import ComingForm, WhereForm
from svet.surfaces.desk.operation_forms import LeavingForm, TakeBackForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHANGE_CUSTOMERS)
@customers_account
def move_out(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Close the account of who leaves, once what it comes to was seen; a closed account shows how it ended."""
    if account.closed_on is not None:
        page = moving.closed_account(account.id)
        context = {"account": account, "page": page, "form": TakeBackForm()}
        return render(request, "desk/moved_out.html", context)
    on = clock.now().date()
    form = LeavingForm(request.POST or None, meters=readings_of.form_for(account.id, on=on), on=on)
    left = _left(request, account, form) if request.method == "POST" and form.is_valid() else None
    if left is not None and request.POST.get("confirmed") == _token(form, left):
        flash.success(request, f"Счёт закрыт, последний счёт выставлен: № {left.bill.number}.", extra_tags="good")
        return redirect("desk:move_out", number=account.number)
    context = {"account": account, "form": form, "left": left, "token": _token(form, left) if left else ""}
    return render(request, "desk/move_out.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["POST"])
@needs(Right.UNDO_OPERATIONS)
@customers_account
def take_move_out_back(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Open a closed account again and reverse its last bill, with the reason."""
    form = TakeBackForm(request.POST)
    if form.is_valid():
        try:
            moving.take_leaving_back(account.id, at=clock.now(), reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Счёт снова открыт, последний счёт отменён.", extra_tags="good")
            return redirect("desk:account", number=account.number)
    context = {"account": account, "page": moving.closed_account(account.id), "form": form}
    return render(request, "desk/moved_out.html", context, status=422)


def _left(request: HttpRequest, account: AccountView, form: LeavingForm) -> Left | None:
    """Return what the move comes to, made when this very outcome was confirmed; None with errors in the form."""
    who, now = person(request).user_id, clock.now()
    channel = desk_readings.channel_at_the_desk(who, account_number=account.number)
    leaving = form.leaving(account.id, channel=channel)
    try:
        left = moving.foretell_leaving(leaving, by=who, at=now)
        if request.POST.get("confirmed") == _token(form, left):
            left = moving.leave(leaving, by=who, at=now)
    except LastReadingRefused as error:
        form.refuse_reading(error)
    except CannotBeRated as error:
        form.add_error(None, messages.of_error(error))
        for finding in error.facts["findings"]:  # type: ignore[attr-defined]
            form.add_error(None, messages.of_finding(finding))
    except DomainError as error:
        form.add_error(None, messages.of_error(error))
    else:
        return left
    return None


def _token(form: LeavingForm, left: Left) -> str:
    typed = [str(form.cleaned_data[name]) for name in form.fields if name.startswith("m")]
    return ";".join([left.token, str(form.cleaned_data["last_on"]), *typed])


@require_safe
@needs(Right.CHANGE_CUSTOMERS)
def move_in_where(request: HttpRequest) -> HttpResponse:
    """Find the place where somebody moves in; nothing of who lives there is shown."""
    form = WhereForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = moving_in.places(text, on=clock.today()) if text else []
    return render(request, "desk/move_in_where.html", {"form": form, "text": text, "found": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHANGE_CUSTOMERS)
def move_in(request: HttpRequest, point_id: int) -> HttpResponse:
    """Open an account for who moves in at this place, once what will be opened was seen."""
    now = clock.now()
    place, dials = moving_in.place(point_id, on=now.date())
    free_on = place.free_from or now.date()
    form = ComingForm(request.POST or None, dials=dials, on=now.date(), free_on=free_on)
    came = _came(request, point_id, form) if request.method == "POST" and form.is_valid() else None
    if came is not None and (came.is_repeat or request.POST.get("confirmed") == form.token):
        text = f"Открыт лицевой счёт {came.account.number}. Назовите номер клиенту."
        flash.success(request, text, extra_tags="good")
        return redirect("desk:account", number=came.account.number)
    context = {"place": place, "form": form, "came": came}
    return render(request, "desk/move_in.html", context, status=422 if form.errors else 200)


def _came(request: HttpRequest, point_id: int, form: ComingForm) -> Came | None:
    """Return what the move-in comes to, made when this very form was confirmed; None with errors in the form."""
    coming, who, now = form.coming(point_id), person(request).user_id, clock.now()
    confirmed = request.POST.get("confirmed") == form.token
    try:
        return (moving_in.move_in if confirmed else moving_in.foretell_coming)(coming, by=who, at=now)
    except FirstReadingRefused as error:
        form.refuse_reading(error)
    except DomainError as error:
        about = {
            "account_not_found": "known_account",
            "name_differs": "family_name",
            "supply_point_is_taken": "from_on",
        }
        form.add_error(about.get(error.code), messages.of_error(error))
    return None

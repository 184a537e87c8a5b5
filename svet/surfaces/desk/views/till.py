"""The till of a cashier: opening and closing a shift, cash put in and taken out, the way to a customer's payment."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import Right
from svet.domains.payments import actions as payments
from svet.domains.payments import queries as money
from svet.domains.payments.rules.tills import OperationKind
from svet.flows import till_pages
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.till_forms import AccountForm, CashForm, CloseShiftForm, OpenShiftForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person

FIELDS = {
    # The field beside which a refusal is shown.
    "difference_is_unexplained": "explanation",
    "not_enough_cash": "amount",
    "amount_is_wrong": "amount",
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TAKE_MONEY)
def till(request: HttpRequest) -> HttpResponse:
    """Show the cashier's shift; lead to the payment of an account."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        if money.account_id_of(number) is None:
            form.add_error("number", f"Лицевого счёта {number} нет")
        else:
            return redirect("desk:take_payment", number=number)
    page = till_pages.till_home(person(request).user_id, at=clock.now())
    context = {"page": page, "form": form, "without_device": settings.TILL_WITHOUT_DEVICE}
    return render(request, "desk/till.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TAKE_MONEY)
def open_shift(request: HttpRequest, till_id: int) -> HttpResponse:
    """Open a shift at a till."""
    one, taken_by = till_pages.till_for(person(request).user_id, till_id)
    form = OpenShiftForm(request.POST or None, initial={"opening_float": f"{one.left:.2f}".replace(".", ",")})
    if request.method == "POST" and form.is_valid():
        try:
            payments.open_shift(
                till_id,
                cashier_id=person(request).user_id,
                opening_float=form.cleaned_data["opening_float"],
                request_key=form.cleaned_data["key"],
                at=clock.now(),
                without_device=settings.TILL_WITHOUT_DEVICE,
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Смена открыта.", extra_tags="good")
            return redirect("desk:till")
    context = {"till": one, "taken_by": taken_by, "form": form, "without_device": settings.TILL_WITHOUT_DEVICE}
    return render(request, "desk/open_shift.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TAKE_MONEY)
def close_shift(request: HttpRequest) -> HttpResponse:
    """Close the cashier's own shift with the cash counted."""
    shift = money.open_shift_of(person(request).user_id)
    if shift is None:
        return redirect("desk:till")
    return _closing(request, shift.shift_id, back="desk:shift_report")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.UNDO_OPERATIONS)
def close_any_shift(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Close the shift of a cashier who left it open."""
    return _closing(request, shift_id, back="desk:any_shift_report", may_close_others=True)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TAKE_MONEY)
def till_cash(request: HttpRequest) -> HttpResponse:
    """Put cash into the drawer, or take it out."""
    shift = money.open_shift_of(person(request).user_id)
    if shift is None:
        return redirect("desk:till")
    form = CashForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            payments.move_cash(
                shift.shift_id,
                kind=OperationKind(form.cleaned_data["kind"]),
                amount=form.cleaned_data["amount"],
                reason=form.cleaned_data["reason"],
                request_key=form.cleaned_data["key"],
                by=person(request).user_id,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error(FIELDS.get(error.code), messages.of_error(error))
        else:
            flash.success(request, "Записано.", extra_tags="good")
            return redirect("desk:till")
    context = {"report": money.report(shift.shift_id), "form": form}
    return render(request, "desk/till_cash.html", context, status=422 if form.errors else 200)


def _closing(request: HttpRequest, shift_id: int, *, back: str, may_close_others: bool = False) -> HttpResponse:
    form = CloseShiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            payments.close_shift(
                shift_id,
                counted=form.cleaned_data["counted"],
                explanation=form.cleaned_data["explanation"],
                by=person(request).user_id,
                at=clock.now(),
                may_close_others=may_close_others,
            )
        except DomainError as error:
            form.add_error(FIELDS.get(error.code) if error.code in FIELDS else None, messages.of_error(error))
        else:
            flash.success(request, "Смена закрыта.", extra_tags="good")
            return redirect(back, shift_id=shift_id)
    context = {"page": till_pages.shift_report(shift_id, at=clock.now()), "form": form}
    return render(request, "desk/close_shift.html", context, status=422 if form.errors else 200)

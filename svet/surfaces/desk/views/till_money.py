"""A customer's money at the till: taken, shown with its receipt, given back whole."""

from __future__ import annotations

import base64

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.domains.offices.rules.channels import Deed, Way
from svet.domains.payments import actions as payments
from svet.domains.payments.rules.tills import Means
from svet.flows import till_pages
from svet.flows.till_pages import OperationPage
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.door import payers_account
from svet.surfaces.desk.till_forms import GiveBackForm, TakeForm
from svet.surfaces.paper.drawn_codes import qr_png
from svet.surfaces.web import messages
from svet.surfaces.web.channels import served
from svet.surfaces.web.doors import needs, person

FIELDS = {
    "amount_is_wrong": "amount",
    "amount_is_out_of_limits": "amount",
    "operation_differs": "amount",
    "more_than_was_paid": "amount",
    "refund_exceeds_credit": "amount",
    "cash_is_short": "cash_given",
    "slip_is_wrong": "slip",
    "slip_is_used": "slip",
}


@require_http_methods(["GET", "HEAD", "POST"])
@payers_account
@served(Way.OFFICE, Deed.PAYMENT)
def take_payment(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Take money for an account in the cashier's open shift."""
    page = till_pages.pay_page(account.id, user_id=person(request).user_id, at=clock.now())
    owed = f"{page.balance:.2f}".replace(".", ",") if page.balance > 0 else ""
    form = TakeForm(request.POST or None, initial={"amount": owed, "means": Means.CASH.value})
    if request.method == "POST" and form.is_valid():
        if page.shift is None:
            form.add_error(None, messages.of_error(DomainError("shift_is_closed")))
        else:
            try:
                done = _taken(request, form, account=account, shift_id=page.shift.shift_id)
            except DomainError as error:
                form.add_error(FIELDS.get(error.code), messages.of_error(error))
            else:
                return redirect("desk:till_operation", operation_id=done)
    context = {"account": account, "page": page, "form": form}
    return render(request, "desk/take_payment.html", context, status=422 if form.errors else 200)


@require_safe
@needs(Right.TAKE_MONEY)
def till_operation(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Show an operation: the change, the receipt, the way back."""
    return render(request, "desk/till_operation.html", _shown(request, operation_id))


@require_safe
@needs(Right.TAKE_MONEY)
def till_operation_state(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Say how far the receipt is, for a page that waits for it."""
    return render(request, "desk/till_receipt.html", _shown(request, operation_id))


@require_POST
@needs(Right.TAKE_MONEY)
def print_again(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Ask the device at once for a receipt that was not made."""
    page = till_pages.operation_page(operation_id, user_id=person(request).user_id)
    if page.task is not None:
        payments.try_again_now(page.task.task_id, at=clock.now())
    return redirect("desk:till_operation", operation_id=operation_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TAKE_MONEY)
def give_back(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Give back a payment of the cashier's own open shift, or a part of it."""
    page = till_pages.operation_page(operation_id, user_id=person(request).user_id)
    form = GiveBackForm(request.POST or None, by_card=page.row.means == Means.CARD)
    if request.method == "POST" and form.is_valid():
        try:
            done = payments.give_back(
                operation_id,
                reason=form.cleaned_data["reason"],
                slip=form.cleaned_data.get("slip", ""),
                amount=form.cleaned_data["amount"],
                request_key=form.cleaned_data["key"],
                by=person(request).user_id,
                at=clock.now(),
            )
        except DomainError as error:
            field = FIELDS.get(error.code)
            form.add_error(field if field in form.fields else None, messages.of_error(error))
        else:
            flash.success(request, "Возврат записан.", extra_tags="good")
            return redirect("desk:till_operation", operation_id=done.operation_id)
    context = {"page": page, "form": form}
    return render(request, "desk/give_back.html", context, status=422 if form.errors else 200)


def _taken(request: HttpRequest, form: TakeForm, *, account: AccountView, shift_id: int) -> int:
    given = form.cleaned_data
    return payments.take_payment(
        shift_id,
        account_number=account.number,
        amount=given["amount"],
        means=Means(given["means"]),
        cash_given=given["cash_given"],
        slip=given["slip"],
        receipt_to=given["receipt_to"],
        request_key=given["key"],
        by=person(request).user_id,
        at=clock.now(),
    ).operation_id


def _shown(request: HttpRequest, operation_id: int) -> dict[str, object]:
    page: OperationPage = till_pages.operation_page(operation_id, user_id=person(request).user_id)
    picture = base64.b64encode(bytes(qr_png(page.code))).decode() if page.code else ""
    return {"page": page, "picture": picture}

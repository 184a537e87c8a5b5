"""A payment on a customer's card: who moved it and why, and the way to move it to the account that was meant."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.domains.payments import actions as payments
from svet.flows import payment_moves
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.door import customers_account
from svet.surfaces.desk.forms import MoveForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MOVE_PAYMENTS)
@customers_account
def account_payment(request: HttpRequest, account: AccountView, payment_id: int) -> HttpResponse:
    """Show one payment of an account and move it to another; taking a mistaken move back is moving it back."""
    page = payment_moves.payment_on_account(payment_id, account_id=account.id)
    form = MoveForm(request.POST or None, here=account.number, initial={"number": request.GET.get("number", "")})
    if request.method == "POST" and form.is_valid():
        try:
            payments.reassign_payment(
                payment_id,
                account_number=form.cleaned_data["number"],
                from_account_id=account.id,
                reason=form.cleaned_data["reason"],
                by=person(request).user_id,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error("number" if error.code == "account_not_found" else None, messages.of_error(error))
        else:
            flash.success(request, f"Платёж перенесён на счёт {form.cleaned_data['number']}.", extra_tags="good")
            return redirect("desk:account_payment", number=account.number, payment_id=payment_id)
    context = {"account": account, "page": page, "form": form}
    return render(request, "desk/account_payment.html", context, status=422 if form.errors else 200)

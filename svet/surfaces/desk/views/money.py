"""Money whose owner is unknown."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.payments import actions as payments
from svet.domains.payments import queries as money
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.forms import AssignForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@require_safe
@needs(Right.ASSIGN_PAYMENTS)
def unidentified(request: HttpRequest) -> HttpResponse:
    """Show the payments that belong to nobody yet."""
    count, amount = money.unidentified_total()
    context = {"rows": money.unidentified(limit=200), "count": count, "amount": amount}
    return render(request, "desk/unidentified.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ASSIGN_PAYMENTS)
def assign(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Give one such payment to an account."""
    payment = money.payment(payment_id)
    form = AssignForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    if request.method == "POST" and form.is_valid():
        try:
            payments.assign_payment(
                payment_id,
                account_number=form.cleaned_data["number"],
                reason=form.cleaned_data["reason"],
                by=person(request).user_id,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error("number" if error.code == "account_not_found" else None, messages.of_error(error))
        else:
            flash.success(request, f"Платёж зачислен на счёт {form.cleaned_data['number']}.", extra_tags="good")
            return redirect("desk:unidentified")
    return render(request, "desk/assign.html", {"payment": payment, "form": form}, status=422 if form.errors else 200)

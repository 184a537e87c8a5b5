"""«Не может войти»: what counts against a customer who tries to come in, and letting him try again."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.flows import lifting
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.door import customers_account, entry
from svet.surfaces.desk.operation_forms import LiftForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHANGE_CUSTOMERS)
@customers_account
def lift_limits(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show how often the customer tried; let him try again, with the reason."""
    now, held = clock.now(), entry(request, account.number)
    purpose = held.purpose if held else ""
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, by = form.cleaned_data["reason"], person(request).user_id
        try:
            lifting.lift(account, purpose=purpose, by=by, reason=reason, at=now)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Клиент может попробовать снова прямо сейчас.", extra_tags="good")
            return redirect("desk:lift_limits", number=account.number)
    is_identified = purpose in lifting.OF_THE_CUSTOMER
    context = {"account": account, "state": lifting.state(account, at=now), "form": form, "identified": is_identified}
    return render(request, "desk/lift_limits.html", context, status=422 if form.errors else 200)

"""The journal of operations on a customer's card."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.flows import card_journal as journal
from svet.flows import card_undoing
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.door import customers_account
from svet.surfaces.desk.operation_forms import TakeBackForm, TakeReadingBackForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person

LONGEST = 18


@require_safe
@needs(Right.READ_JOURNAL)
@customers_account
def card_journal(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show who did what with the account, when and why, with the way to take it back where there is one."""
    before = request.GET.get("before", "")
    known = before.isascii() and before.isdecimal() and len(before) <= LONGEST
    page = journal.page(account.id, before_id=int(before) if known else None)
    return render(request, "desk/card_journal.html", {"account": account, "page": page})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.UNDO_OPERATIONS)
@customers_account
def undo_operation(request: HttpRequest, account: AccountView, record_id: int) -> HttpResponse:
    """Show what one operation changed and take it back, with the reason."""
    page = card_undoing.page(account.id, record_id)
    form = (TakeReadingBackForm if page.has_choice else TakeBackForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {"reason": form.cleaned_data["reason"], "by": person(request).user_id, "at": clock.now()}
        altogether = form.cleaned_data.get("instead") == TakeReadingBackForm.ALTOGETHER
        try:
            undone = card_undoing.undo(account, record_id, altogether=altogether, **told)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Операция отменена." if undone else "Операция уже отменена.", extra_tags="good")
            return redirect("desk:card_journal", number=account.number)
    context = {"account": account, "page": page, "form": form}
    return render(request, "desk/undo_operation.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.UNDO_OPERATIONS)
@customers_account
def withdraw_reading(request: HttpRequest, account: AccountView, receipt: str) -> HttpResponse:
    """Take back what was submitted, with the reason: also what came in a file and stands in no journal."""
    form, asked = TakeBackForm(request.POST or None), card_undoing.withdrawal(account.id, receipt)
    if asked is None:
        flash.success(request, "Это показание уже отозвано.", extra_tags="good")
        return redirect("desk:reading_receipt", number=account.number, receipt=receipt)
    context = {"account": account, "page": {"withdrawal": asked}, "form": form}
    if request.method == "POST" and form.is_valid():
        told = {"reason": form.cleaned_data["reason"], "by": person(request).user_id, "at": clock.now()}
        try:
            card_undoing.withdraw(account.id, receipt, **told)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Показание отозвано.", extra_tags="good")
            return redirect("desk:account", number=account.number)
    return render(request, "desk/withdraw_reading.html", context, status=422 if form.errors else 200)

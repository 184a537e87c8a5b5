"""Papers that staff give a customer over the counter: the reconciliation statement."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.flows import statements
from svet.infra import clock
from svet.surfaces.desk.door import customers_account
from svet.surfaces.paper.downloads import statement_file
from svet.surfaces.web.doors import needs
from svet.surfaces.web.period_form import PeriodForm


@require_safe
@needs(Right.PRINT_DOCUMENTS)
@customers_account
def statement(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Ask for the days, show what moved on them."""
    now = clock.now()
    form = PeriodForm(request.GET or None, on=now.date())
    page = statements.statement_of(account, period=form.period, at=now) if form.is_valid() else None
    context = {"account": account, "form": form, "page": page}
    return render(request, "desk/statement.html", context, status=422 if form.errors else 200)


@require_safe
@needs(Right.PRINT_DOCUMENTS)
@customers_account
def statement_pdf(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Give the statement to print and sign."""
    return _file(request, account, kind="pdf")


@require_safe
@needs(Right.PRINT_DOCUMENTS)
@customers_account
def statement_xlsx(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Give the statement as a spreadsheet."""
    return _file(request, account, kind="xlsx")


def _file(request: HttpRequest, account: AccountView, *, kind: str) -> HttpResponse:
    now = clock.now()
    form = PeriodForm(request.GET, on=now.date())
    if not form.is_valid():
        return redirect(f"{reverse('desk:statement', args=[account.number])}?{request.GET.urlencode()}")
    return statement_file(statements.statement_of(account, period=form.period, at=now), kind=kind)

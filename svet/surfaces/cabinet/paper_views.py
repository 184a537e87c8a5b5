"""Papers about my money: the reconciliation statement of any days, on the page, as PDF and as a spreadsheet."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from svet.domains.accounts.queries import AccountView
from svet.flows import statements
from svet.infra import clock
from svet.surfaces.cabinet.door import own_account
from svet.surfaces.paper.downloads import statement_file
from svet.surfaces.paper.engine import TypesettingFailed
from svet.surfaces.web.period_form import PeriodForm

log = structlog.get_logger("svet.cabinet")


@require_safe
@own_account
def statement(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Ask for the days, show what moved on them."""
    now = clock.now()
    form = PeriodForm(request.GET or None, on=now.date())
    page = statements.statement_of(account, period=form.period, at=now) if form.is_valid() else None
    context = {"account": account, "form": form, "page": page}
    return render(request, "cabinet/statement.html", context, status=422 if form.errors else 200)


@require_safe
@own_account
def statement_pdf(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Give the statement to print and sign."""
    return _file(request, account, kind="pdf")


@require_safe
@own_account
def statement_xlsx(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Give the statement as a spreadsheet."""
    return _file(request, account, kind="xlsx")


def _file(request: HttpRequest, account: AccountView, *, kind: str) -> HttpResponse:
    now = clock.now()
    form = PeriodForm(request.GET, on=now.date())
    if not form.is_valid():
        # The page says what is wrong with the days.
        return redirect(f"{_page(account)}?{request.GET.urlencode()}")
    page = statements.statement_of(account, period=form.period, at=now)
    try:
        return statement_file(page, kind=kind)
    except TypesettingFailed as error:
        log.error("statement_not_typeset", account=account.id, error=repr(error))
        back = f"{_page(account)}?{form.query}"
        return render(request, "cabinet/no_paper.html", {"account": account, "back": back}, status=503)


def _page(account: AccountView) -> str:
    return reverse("cabinet:statement", args=[account.number])

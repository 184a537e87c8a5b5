"""Papers about my money: the reconciliation statement of any days, certificates of what is owed."""

from __future__ import annotations

import structlog
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.accounts.queries import AccountView
from svet.flows import certificates as certificates_of
from svet.flows import statements
from svet.infra import clock
from svet.surfaces.cabinet.door import own_account
from svet.surfaces.paper.downloads import certificate_file, statement_file
from svet.surfaces.paper.engine import TypesettingFailed
from svet.surfaces.web import certificates as giving_certificates
from svet.surfaces.web.certificate_form import CertificateForm
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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def certificates(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show the certificates given out; give the owner one more."""
    now = clock.now()
    form = CertificateForm(request.POST or None, on=now.date())
    given = giving_certificates.give(request, account, form, by=None, at=now)
    if given is not None:
        notes.success(request, f"Справка № {given.number:06d} готова: файл в списке ниже", extra_tags="good")
        return redirect("cabinet:certificates", number=account.number)
    context = {"account": account, "form": form, "page": certificates_of.page(account)}
    return render(request, "cabinet/certificates.html", context, status=422 if form.errors else 200)


@require_safe
@own_account
def certificate_pdf(request: HttpRequest, account: AccountView, certificate: int) -> HttpResponse:
    """Give a certificate as it was given out, as often as it is asked for."""
    paper = certificates_of.paper(account, number=certificate)
    try:
        return certificate_file(paper)
    except TypesettingFailed as error:
        log.error("certificate_not_typeset", account=account.id, number=certificate, error=repr(error))
        back = reverse("cabinet:certificates", args=[account.number])
        return render(request, "cabinet/no_paper.html", {"account": account, "back": back}, status=503)


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

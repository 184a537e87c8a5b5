"""Papers that staff give a customer over the counter: the reconciliation statement, certificates of what is owed."""

from __future__ import annotations

import structlog
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.flows import certificates as certificates_of
from svet.flows import statements
from svet.infra import clock
from svet.surfaces.desk.door import customers_account
from svet.surfaces.paper.downloads import certificate_file, statement_file
from svet.surfaces.paper.engine import TypesettingFailed
from svet.surfaces.web import certificates as giving_certificates
from svet.surfaces.web.certificate_form import CertificateForm
from svet.surfaces.web.doors import needs, person
from svet.surfaces.web.period_form import PeriodForm

log = structlog.get_logger("svet.desk")


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


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.PRINT_DOCUMENTS)
@customers_account
def certificates(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show the certificates given out; give one more in the name of who is at the desk."""
    now = clock.now()
    form = CertificateForm(request.POST or None, on=now.date())
    given = giving_certificates.give(request, account, form, by=person(request).user_id, at=now)
    if given is not None:
        flash.success(request, f"Справка № {given.number:06d} готова: напечатайте её.", extra_tags="good")
        return redirect("desk:certificates", number=account.number)
    context = {"account": account, "form": form, "page": certificates_of.page(account, by_staff=True)}
    return render(request, "desk/certificates.html", context, status=422 if form.errors else 200)


@require_safe
@needs(Right.PRINT_DOCUMENTS)
@customers_account
def certificate_pdf(request: HttpRequest, account: AccountView, certificate: int) -> HttpResponse:
    """Give a certificate as it was given out."""
    paper = certificates_of.paper(account, number=certificate)
    try:
        return certificate_file(paper)
    except TypesettingFailed as error:
        return _no_file(request, account, error, back="desk:certificates")


def _file(request: HttpRequest, account: AccountView, *, kind: str) -> HttpResponse:
    now = clock.now()
    form = PeriodForm(request.GET, on=now.date())
    if not form.is_valid():
        return redirect(f"{reverse('desk:statement', args=[account.number])}?{request.GET.urlencode()}")
    page = statements.statement_of(account, period=form.period, at=now)
    try:
        return statement_file(page, kind=kind)
    except TypesettingFailed as error:
        return _no_file(request, account, error, back="desk:statement")


def _no_file(request: HttpRequest, account: AccountView, error: Exception, *, back: str) -> HttpResponse:
    log.error("paper_not_typeset", account=account.id, error=repr(error))
    flash.error(request, "Файл сейчас не собрать: ошибка записана. Суммы на странице верны.", extra_tags="bad")
    return redirect(back, number=account.number)

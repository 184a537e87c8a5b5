"""The account area: what I owe, readings, bills, payments. A page parses, makes one call, shows."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svet.domains.accounts.queries import AccountView
from svet.domains.accounts.rules import AccountRight
from svet.domains.metering import queries as readings_of
from svet.domains.metering.rules import Channel
from svet.flows import account_pages, card_benefits
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.kernel.period import Month
from svet.surfaces.cabinet.door import own_account
from svet.surfaces.paper import bill as paper_bill
from svet.surfaces.paper.engine import TypesettingFailed
from svet.surfaces.web import giving
from svet.surfaces.web.account_charts import consumption_chart
from svet.surfaces.web.doors import person

log = structlog.get_logger("svet.cabinet")


@require_safe
def accounts_list(request: HttpRequest) -> HttpResponse:
    """Show my accounts; a person with one goes straight to it, unless he asked for the list."""
    mine = account_pages.mine(person(request).user_id, on=clock.today())
    if len(mine) == 1 and "all" not in request.GET:
        return redirect("cabinet:home", number=mine[0].account.number)
    return render(request, "cabinet/accounts.html", {"accounts": mine})


@require_safe
@own_account
def home(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show what I owe, the next thing to do, the last bill, twelve months."""
    page = account_pages.home(account.id, on=clock.today(), opened=account)
    context = {"account": account, "page": page, "chart": consumption_chart(page.months)}
    return render(request, "cabinet/home.html", context)


@require_safe
@own_account
def readings(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show the readings given by every channel."""
    history = readings_of.history(account.id)
    return render(request, "cabinet/readings.html", {"account": account, "history": history})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_account(see=AccountRight.GIVE_READINGS, change=AccountRight.GIVE_READINGS)
def give_reading(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Ask for readings of a meter, take them, show the receipt."""
    return giving.give(request, account, space="cabinet", receipt_page="cabinet:receipt", channel=Channel.CABINET)


@never_cache
@require_POST
@own_account(see=AccountRight.GIVE_READINGS, change=AccountRight.GIVE_READINGS)
def count_reading(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show beside the form what the values typed so far would come to; nothing while they are not whole."""
    return giving.count(request, account, channel=Channel.CABINET)


@require_safe
@own_account
def receipt(request: HttpRequest, account: AccountView, receipt: str) -> HttpResponse:
    """Show what was taken, when, the verdict and why, and what it will cost."""
    page = account_pages.receipt(account.id, number=receipt)
    return render(request, "cabinet/receipt.html", {"account": account, "receipt": page.receipt, "page": page})


@require_safe
@own_account
def bills(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show the bills, the latest first."""
    context = {"account": account, "bills": account_pages.bills(account.id)}
    context["benefits"] = card_benefits.to_come(account.id, on=clock.today())
    return render(request, "cabinet/bills.html", context)


@require_safe
@own_account
def bill(request: HttpRequest, account: AccountView, month: Month) -> HttpResponse:
    """Show one bill and, for each amount, why it is so much."""
    page = account_pages.bill(account.id, month=month)
    return render(request, "cabinet/bill.html", {"account": account, "page": page})


@require_safe
@own_account
def bill_pdf(request: HttpRequest, account: AccountView, month: Month) -> HttpResponse:
    """Give the bill as a file to print or keep; say so when the file cannot be made now."""
    document = account_pages.document(account.id, month=month)
    try:
        file = paper_bill.render(document)
    except (DomainError, TypesettingFailed) as error:
        log.error("bill_not_typeset", account=account.id, month=month.text, error=repr(error))
        return render(request, "cabinet/no_file.html", {"account": account, "month": month}, status=503)
    response = HttpResponse(file, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="bill-{account.number}-{month}.pdf"'
    return response


@require_safe
@own_account
def payments(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show the payments, where each went, and the turnover by months."""
    asked = request.GET.get("payments", "")
    known = asked.isascii() and asked.isdecimal() and len(asked) <= 4
    limit = min(max(int(asked), account_pages.AT_ONCE), account_pages.MOST) if known else account_pages.AT_ONCE
    page = account_pages.money(account.id, on=clock.today(), limit=limit)
    return render(request, "cabinet/payments.html", {"account": account, "page": page})


@require_safe
@own_account
def debts(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show what is owed for which month, how long it is overdue, penalties and how they came about."""
    page = account_pages.debts(account.id, on=clock.today())
    return render(request, "cabinet/debts.html", {"account": account, "page": page})

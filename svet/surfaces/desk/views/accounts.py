"""Customers' accounts at the desk: found by what the caller says, opened to those identified, every look recorded."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.flows import account_card, account_pages, finding
from svet.infra import clock
from svet.kernel.period import Month
from svet.surfaces.desk.door import customers_account
from svet.surfaces.desk.forms import FindForm
from svet.surfaces.web.account_charts import consumption_chart
from svet.surfaces.web.doors import needs, person

MOST_FOUND, MOST_WHILE_TYPING = 20, 8
EVENTS_ON_A_PAGE = 50
KINDS = {
    "": "Всё",
    "contact": "Визиты и звонки",
    "case": "Обращения",
    "remark": "Прежние вопросы",
    "sms": "СМС от клиента",
    "reading": "Показания",
    "bill": "Счета",
    "payment": "Платежи",
    "message": "Сообщения",
}


@require_safe
@needs(Right.OPEN_ACCOUNTS)
def find(request: HttpRequest) -> HttpResponse:
    """Search for an account; a full number goes straight to it. While it is typed, only the lines are drawn."""
    form = FindForm(request.GET)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    is_typing = request.headers.get("HX-Request") == "true"
    page = finding.find(text, limit=MOST_WHILE_TYPING if is_typing else MOST_FOUND)
    if not is_typing and len(page.found) == 1 and page.found[0].number == text:
        return redirect("desk:account", number=text)
    return render(
        request,
        "desk/found_quickly.html" if is_typing else "desk/find.html",
        {"form": form, "text": text, "page": page},
        status=422 if form.errors and not is_typing else 200,
    )


@require_safe
@customers_account
def account(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show one account to staff: balance, readings, bills, payments."""
    card = account_card.card(account, user_id=person(request).user_id, at=clock.now())
    context = {
        "account": account,
        "page": card.account,
        "signs": card.signs,
        "events": card.events,
        "chart": consumption_chart(card.account.home.months),
    }
    return render(request, "desk/account.html", context)


@require_safe
@customers_account
def timeline(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show everything that happened with the account, all together or one kind."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    pages = Paginator(
        account_card.timeline(account.id, user_id=person(request).user_id, at=clock.now(), kind=kind), EVENTS_ON_A_PAGE
    )
    context = {
        "account": account,
        "page": pages.get_page(request.GET.get("page")),
        "kind": kind,
        "kinds": KINDS.items(),
    }
    return render(request, "desk/timeline.html", context)


@require_safe
@customers_account
def account_bill(request: HttpRequest, account: AccountView, month: Month) -> HttpResponse:
    """Show a bill to staff with the same explanation the customer sees."""
    page = account_pages.bill(account.id, month=month)
    return render(request, "desk/account_bill.html", {"account": account, "page": page})

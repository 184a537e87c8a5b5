"""What an operator does on a customer's card: takes a reading."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.domains.metering.rules import Channel
from svet.flows import account_pages, desk_readings
from svet.surfaces.desk.door import customers_account
from svet.surfaces.web import giving
from svet.surfaces.web.doors import needs, person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TAKE_READINGS)
@customers_account
def give_reading(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Take readings from the customer as his account area would: foretell, ask about odd ones, show the receipt."""
    return giving.give(
        request, account, space="desk", receipt_page="desk:reading_receipt", channel=_channel(request, account)
    )


@never_cache
@require_POST
@needs(Right.TAKE_READINGS)
@customers_account
def count_reading(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show beside the form what the values typed so far would come to."""
    return giving.count(request, account, channel=_channel(request, account))


@require_safe
@customers_account
def reading_receipt(request: HttpRequest, account: AccountView, receipt: str) -> HttpResponse:
    """Show what was taken, by whatever channel, with its number for the customer."""
    page = account_pages.receipt(account.id, number=receipt)
    return render(request, "desk/reading_receipt.html", {"account": account, "receipt": page.receipt, "page": page})


def _channel(request: HttpRequest, account: AccountView) -> Channel:
    return desk_readings.channel_at_the_desk(person(request).user_id, account_number=account.number)

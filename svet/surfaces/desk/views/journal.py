"""The journal of operations on a customer's card."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.flows import card_journal as journal
from svet.surfaces.desk.door import customers_account
from svet.surfaces.web.doors import needs

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

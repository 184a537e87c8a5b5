"""The meters of an account as its people see them: what hangs there, until when it is verified, by which act.

Scans of acts are papers with names and signatures: the owner alone gets them.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from svet.domains.accounts.queries import AccountView
from svet.domains.accounts.rules import AccountRight
from svet.domains.metering import queries as readings
from svet.flows import change_meter
from svet.infra import clock
from svet.surfaces.cabinet.door import own_account
from svet.surfaces.web.stored_files import attached_file


@require_safe
@own_account
def meters(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show the meters over time and the acts that changed them."""
    page = change_meter.page(account.id, on=clock.today())
    return render(request, "cabinet/meters.html", {"account": account, "page": page, "today": clock.today()})


@never_cache
@require_safe
@own_account(see=AccountRight.DECIDE)
def act_scan(request: HttpRequest, account: AccountView, act_id: int, file_id: int) -> HttpResponse:
    """Give the owner a scan of an act to be saved."""
    return attached_file(readings.scan(account.id, act_id=act_id, file_id=file_id))

"""The door to a customer's account at the desk: first who asks, then the page, and every page is a recorded look.

The session keeps only which identification opened which account; whether it still holds, the database says (T3).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from svet.domains.access.rules import LookPurpose, Right
from svet.domains.accounts import actions as accounts
from svet.domains.cases import queries as cases
from svet.domains.cases.queries import Entry
from svet.infra import clock
from svet.surfaces.web.doors import needs, person

View = Callable[..., HttpResponseBase]
IDENTIFIED = "identified"
MOST_KEPT = 50


def remember_identification(request: HttpRequest, number: str, identification_id: int) -> None:
    """Keep by which identification this account was opened in this session."""
    kept: dict[str, int] = {key: one for key, one in request.session.get(IDENTIFIED, {}).items() if key != number}
    request.session[IDENTIFIED] = dict(list(kept.items())[1 - MOST_KEPT :]) | {number: identification_id}


def entry(request: HttpRequest, number: str) -> Entry | None:
    """Return what holds this account open for the person in this session, None when it is closed."""
    identification_id = request.session.get(IDENTIFIED, {}).get(number)
    if identification_id is None:
        return None
    return cases.entry(identification_id, operator_id=person(request).user_id, number=number, at=clock.now())


def customers_account(view: View) -> View:
    """Open the account named in the address for the member of staff, recording the look; ask who it is for first."""

    @needs(Right.OPEN_ACCOUNTS)
    @wraps(view)
    def opened(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponseBase:
        held = entry(request, number)
        if held is None:
            back = urlencode({"next": request.get_full_path()}) if request.method in {"GET", "HEAD"} else ""
            return redirect(f"{reverse('desk:why', args=[number])}{'?' if back else ''}{back}")
        name = request.resolver_match.view_name if request.resolver_match else ""
        who = person(request)
        account = accounts.open_for_staff(
            who.user_id,
            who.roles,
            number,
            purpose=held.purpose,
            at=clock.now(),
            page=name,
            contact_id=held.contact_id,
        )
        return view(request, account, **kwargs)

    opened.door = "open_for_staff"  # type: ignore[attr-defined]
    return opened


def payers_account(view: View) -> View:
    """Open the account named in the address to take money for it, recording the look.

    Anybody may pay for any account, so nobody is asked who he is; such an entry opens no other page of the account.
    """

    @needs(Right.TAKE_MONEY)
    @wraps(view)
    def opened(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponseBase:
        name = request.resolver_match.view_name if request.resolver_match else ""
        who = person(request)
        account = accounts.open_for_staff(
            who.user_id, who.roles, number, purpose=LookPurpose.TAKING_PAYMENT, at=clock.now(), page=name
        )
        return view(request, account, **kwargs)

    opened.door = "open_for_staff"  # type: ignore[attr-defined]
    return opened

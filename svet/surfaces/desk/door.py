"""The door to a customer's account at the desk: first a purpose, then the page, and every page is a recorded look.

The purpose is asked once per account and holds for half an hour of the same session.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from svet.domains.access.rules import Right
from svet.domains.accounts import actions as accounts
from svet.infra import clock
from svet.surfaces.web.doors import needs, person

View = Callable[..., HttpResponse]
PURPOSES = "purposes"
MINUTES = 30


def remember_purpose(request: HttpRequest, number: str, purpose: str) -> None:
    """Keep why this account was opened, for half an hour."""
    kept: dict[str, list[Any]] = request.session.get(PURPOSES, {})
    limit = clock.now().timestamp() - MINUTES * 60
    kept = {account: entry for account, entry in kept.items() if entry[1] > limit}
    request.session[PURPOSES] = kept | {number: [purpose, clock.now().timestamp()]}


def customers_account(view: View) -> View:
    """Open the account named in the address for the member of staff, recording the look; ask for a purpose first."""

    @needs(Right.OPEN_ACCOUNTS)
    @wraps(view)
    def opened(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
        purpose, since = request.session.get(PURPOSES, {}).get(number, ("", 0))
        now = clock.now()
        if not purpose or now.timestamp() - since > MINUTES * 60:
            back = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('desk:why', args=[number])}?{back}")
        name = request.resolver_match.view_name if request.resolver_match else ""
        who = person(request)
        account = accounts.open_for_staff(who.user_id, who.roles, number, purpose=purpose, at=now, page=name)
        return view(request, account, **kwargs)

    opened.door = "open_for_staff"  # type: ignore[attr-defined]
    return opened

"""The door of the account area: a page gets an account that was opened for this very person, or nobody gets it.

A number of somebody else's account and a number that does not exist look the same: 404.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from svet.domains.accounts import queries as accounts
from svet.infra import clock
from svet.surfaces.web.doors import person

View = Callable[..., HttpResponse]


def own_account(view: View) -> View:
    """Open the account named in the address for the signed-in person and hand it to the page."""

    @wraps(view)
    def opened(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
        account = accounts.open_for(person(request).user_id, number, on=clock.today())
        return view(request, account, **kwargs)

    opened.door = "open_for"  # type: ignore[attr-defined]
    return opened

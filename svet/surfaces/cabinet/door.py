"""The door of the account area: a page gets an account that was opened for this very person, or nobody gets it.

What he may do there, his role on the account says. A number of somebody else's account and a number that does not
exist look the same: 404.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from svet.domains.accounts import queries as accounts
from svet.domains.accounts.rules import AccountRight
from svet.infra import clock
from svet.kernel.errors import NotAllowed
from svet.surfaces.web.doors import person

View = Callable[..., HttpResponse]


def own_account(
    view: View | None = None, *, see: AccountRight = AccountRight.SEE, change: AccountRight = AccountRight.DECIDE
) -> Any:
    """Open the account named in the address for the signed-in person and hand it to the page.

    `see` is the right the page asks for to be looked at, `change` the one to send it anything: the owner's unless the
    page says otherwise, so that a page that forgets to say is shut. Without the right 403.
    """

    def decorate(page: View) -> View:
        @wraps(page)
        def opened(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
            account = accounts.open_for(person(request).user_id, number, on=clock.today())
            right = see if request.method in {"GET", "HEAD", "OPTIONS"} else change
            if not account.may(right):
                raise NotAllowed(number=account.number)
            return page(request, account, **kwargs)

        opened.door, opened.see, opened.change = "open_for", see, change  # type: ignore[attr-defined]
        return opened

    return decorate if view is None else decorate(view)

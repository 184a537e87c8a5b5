"""What is held about me: everything as a file, made in the background, and who of the staff saw it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.accounts import actions as accounts
from svet.domains.accounts.queries import AccountView
from svet.domains.accounts.rules import AccountRight
from svet.flows import personal_data
from svet.infra import clock
from svet.surfaces.cabinet.door import own_account
from svet.surfaces.web.doors import person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: HttpRequest) -> HttpResponse:
    """Show what was asked for so far; ask for everything, which is one request however often it is pressed."""
    who, now = person(request), clock.now()
    if request.method == "POST":
        accounts.request_disclosure(who.user_id, at=now)
        return redirect("cabinet:my_data")
    return render(request, "cabinet/my_data.html", {"page": personal_data.page(who.user_id, on=now.date())})


@never_cache
@require_safe
def my_data_progress(request: HttpRequest) -> HttpResponse:
    """Show how far it is, for the page that waits."""
    page = personal_data.page(person(request).user_id, on=clock.today())
    return render(request, "cabinet/my_data_list.html", {"page": page})


@never_cache
@require_safe
def my_data_file(request: HttpRequest, disclosure: int) -> HttpResponse:
    """Hand the file to who asked for it, and nobody else."""
    file = accounts.take_disclosure(disclosure, user_id=person(request).user_id, at=clock.now())
    response = HttpResponse(file, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="my-data-{disclosure}.zip"'
    return response


@require_safe
@own_account(see=AccountRight.DECIDE)
def looks(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show the owner who of the staff saw the account, by role, when and why."""
    return render(request, "cabinet/looks.html", {"account": account, "looks": personal_data.looks_at(account)})

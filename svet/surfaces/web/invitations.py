"""The page behind the link of an invitation: accept with the login one has, or make one. The link is used once."""

from __future__ import annotations

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.accounts import queries as accounts
from svet.flows import account_people
from svet.flows.sign_up import Newcomer
from svet.infra import clock
from svet.kernel.errors import Conflict, NotFound
from svet.surfaces.web import messages
from svet.surfaces.web.doors import person
from svet.surfaces.web.entry import let_in
from svet.surfaces.web.entry_forms import NewcomerForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Show to what one is invited; accept."""
    try:
        invitation = accounts.waiting_invitation(token, at=clock.now())
        if request.user.is_authenticated:
            return _accept(request, token, invitation)
        return _join(request, token, invitation)
    except NotFound:
        return _over(request, messages.ERRORS["invitation_is_over"])
    except Conflict as error:
        return _over(request, messages.of_error(error))


def _accept(request: HttpRequest, token: str, invitation: accounts.InvitationView) -> HttpResponse:
    if request.method != "POST" or request.user.is_staff:
        return render(request, "account/invitation.html", {"invitation": invitation})
    number = account_people.accept(token, user_id=person(request).user_id, at=clock.now())
    return _welcome(request, number)


def _join(request: HttpRequest, token: str, invitation: accounts.InvitationView) -> HttpResponse:
    form = NewcomerForm(request.POST or None)
    if not form.is_valid():
        context = {"invitation": invitation, "form": form}
        return render(request, "account/invitation.html", context, status=422 if form.errors else 200)
    who = Newcomer(**{name: form.cleaned_data[name] for name in Newcomer.__slots__})
    user_id, number = account_people.join(token, who=who, at=clock.now())
    answer = let_in(request, user_id, method="password")
    return _welcome(request, number) if request.user.is_authenticated else answer


def _welcome(request: HttpRequest, number: str) -> HttpResponse:
    notes.success(request, "Приглашение принято")
    return redirect("cabinet:home", number=number)


def _over(request: HttpRequest, text: str) -> HttpResponse:
    return render(request, "account/invitation_over.html", {"text": text}, status=410)

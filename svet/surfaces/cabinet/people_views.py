"""The page «Люди»: who may come into the account, whom I invite, whom I remove. Only an owner sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from svet.domains.accounts.queries import AccountView
from svet.domains.accounts.rules import AccountRight, GrantRole
from svet.flows import account_people
from svet.infra import clock
from svet.kernel.errors import DomainError, NotAllowed, NotFound
from svet.surfaces.cabinet.choice_forms import ContactForm
from svet.surfaces.cabinet.door import own_account
from svet.surfaces.web import messages
from svet.surfaces.web.doors import person
from svet.surfaces.web.entry_words import ROLES


class InvitationForm(ContactForm):
    """Whom to invite, and what he may do."""

    role = forms.ChoiceField(
        label="Что он сможет делать?",
        choices=list(ROLES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, что он сможет делать", "invalid_choice": "Выберите из списка"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = "Телефон или почта человека"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_account(see=AccountRight.DECIDE)
def people(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show who may come in; send an invitation."""
    now = clock.now()
    form = InvitationForm(request.POST or None)
    if not form.is_valid():
        return _page(request, account, form, now, status=422 if form.is_bound else 200)
    try:
        account_people.invite(
            account,
            role=GrantRole(form.cleaned_data["role"]),
            kind=form.kind,
            address=form.cleaned_data["value"],
            by=person(request).user_id,
            link=lambda token: request.build_absolute_uri(reverse("invitation", args=[token])),
            at=now,
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        form.add_error(None, messages.of_error(error))
        return _page(request, account, form, now, status=409)
    notes.success(request, f"Приглашение отправлено: {form.cleaned_data['value']}")
    return redirect("cabinet:people", number=account.number)


@require_POST
@own_account
def remove(request: HttpRequest, account: AccountView, user_id: int) -> HttpResponse:
    """Close the account to a person at once; a second press tells that it is done."""
    try:
        account_people.remove(account, user_id=user_id, at=clock.now())
    except NotAllowed:
        raise
    except DomainError as error:
        notes.warning(request, messages.of_error(error))
    else:
        notes.success(request, "Доступ закрыт")
    if user_id == person(request).user_id:
        return redirect("cabinet:accounts")
    return redirect("cabinet:people", number=account.number)


@require_POST
@own_account
def withdraw(request: HttpRequest, account: AccountView, invitation_id: int) -> HttpResponse:
    """Withdraw an invitation; a second press tells that it is done."""
    try:
        account_people.withdraw(account, invitation_id=invitation_id, at=clock.now())
    except NotAllowed:
        raise
    except DomainError as error:
        notes.warning(request, messages.of_error(error))
    else:
        notes.success(request, "Приглашение отозвано")
    return redirect("cabinet:people", number=account.number)


def _page(
    request: HttpRequest, account: AccountView, form: InvitationForm, at: datetime, *, status: int
) -> HttpResponse:
    page = account_people.page(account, at=at)
    context = {"account": account, "page": page, "form": form, "me": person(request).user_id}
    return render(request, "cabinet/people.html", context, status=status)

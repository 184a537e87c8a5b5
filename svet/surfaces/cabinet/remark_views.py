"""Asking about a bill: what is wrong in it, and what was answered (clause B3)."""

from __future__ import annotations

import secrets

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.accounts.queries import AccountView
from svet.domains.cases import queries as cases
from svet.flows import remarks
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.kernel.period import Month
from svet.surfaces.cabinet.door import own_account
from svet.surfaces.web import messages
from svet.surfaces.web.doors import person

MOST_LETTERS = 2000


class RemarkForm(forms.Form):
    """What is wrong in the bill."""

    text = forms.CharField(
        label="Что в счёте не так?",
        help_text="Например: начислили за месяц, когда квартира была пустой",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": "Напишите, что не так",
            "max_length": f"Не больше {MOST_LETTERS} знаков: напишите главное",
        },
    )
    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def bill_remark(request: HttpRequest, account: AccountView, month: Month) -> HttpResponse:
    """Take a remark on the bill of the month; show those sent before with their answers."""
    form = RemarkForm(request.POST or None, initial={"request_key": secrets.token_urlsafe(12)})
    if request.method == "POST" and form.is_valid():
        try:
            remarks.remark_on_bill(
                account.id,
                user_id=person(request).user_id,
                month=month,
                text=form.cleaned_data["text"],
                request_key=form.cleaned_data["request_key"],
                at=clock.now(),
            )
        except NotFound:
            raise
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            return redirect("cabinet:bill_remark", number=account.number, month=month)
    context = {"account": account, "month": month, "form": form, "sent": cases.remarks_of(account.id, month=month)}
    return render(request, "cabinet/bill_remark.html", context, status=422 if form.errors else 200)

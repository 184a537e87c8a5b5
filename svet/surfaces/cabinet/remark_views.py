"""Asking about a bill beside it or by the code on it: an appeal of the one register, tied to that bill (clause B3)."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.accounts.queries import AccountView
from svet.domains.accounts.rules import AccountRight
from svet.domains.cases import queries as cases
from svet.domains.cases.actions import Incoming
from svet.domains.cases.rules.register import OPEN_STATES, CaseChannel
from svet.flows import account_appeals, case_intake
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.kernel.period import Month
from svet.surfaces.cabinet.door import own_account
from svet.surfaces.web import messages
from svet.surfaces.web.appeal_forms import MOST_LETTERS, text_field
from svet.surfaces.web.doors import person
from svet.surfaces.web.sent_once import key_of


class QuestionForm(forms.Form):
    """What is wrong in the bill."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    text = text_field(
        "Что в счёте не так?",
        "Например: начислили за месяц, когда квартира была пустой",
        most=MOST_LETTERS,
        required="Напишите, что не так",
        rows=5,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_account(see=AccountRight.GIVE_READINGS, change=AccountRight.GIVE_READINGS)
def bill_remark(request: HttpRequest, account: AccountView, month: Month) -> HttpResponse:
    """Take a question about the bill of the month; show those asked before, how they stand and what was answered.

    While appeals from the account area are turned off, earlier answers are shown and a question is not taken.
    """
    now, user_id = clock.now(), person(request).user_id
    form = QuestionForm(request.POST or None, initial={"request_key": uuid.uuid4().hex})
    if form.is_bound and form.is_valid():
        key = key_of(request, form, form.cleaned_data["request_key"], at=now)
        letter = Incoming(
            channel=CaseChannel.BILL,
            text=form.cleaned_data["text"],
            received_at=now,
            key=f"bill:{user_id}:{key}",
            user_id=user_id,
        )
        try:
            case_intake.check_way(letter.channel, at=now)
            made = account_appeals.ask_about_bill(account, letter=letter, month=month, at=now)
        except NotFound:
            raise
        except DomainError as error:
            form.add_error("text" if error.code == "letter_is_empty" else None, messages.of_error(error))
        else:
            flash.success(request, f"Вопрос принят, его номер — {made.number}.", extra_tags="good")
            return redirect("cabinet:bill_remark", number=account.number, month=month)
    asked = account_appeals.cases_about_bill(account, month=month, user_id=user_id)
    context = {
        "account": account,
        "month": month,
        "today": clock.today(),
        "form": form,
        "asked": asked,
        "going_on": next((one for one in asked if one.state in OPEN_STATES), None),
        "remarks": cases.remarks_of(account.id, month=month) if account.may_decide else [],
    }
    return render(request, "cabinet/bill_remark.html", context, status=422 if form.errors else 200)

"""Remarks on bills: those that wait for an answer, one with its bill, the answer."""

from __future__ import annotations

from django import forms
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.domains.cases import actions as cases
from svet.domains.cases import queries as remarks
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.surfaces.desk.door import customers_account
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


class AnswerForm(forms.Form):
    """What the customer is answered."""

    answer = forms.CharField(
        label="Ответ",
        help_text="Клиент увидит его в личном кабинете с вашим именем",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Напишите ответ", "max_length": "Не больше 2000 знаков"},
    )


@require_safe
@needs(Right.ANSWER_CASES)
def waiting_remarks(request: HttpRequest) -> HttpResponse:
    """Show the remarks without an answer, the oldest first; what they say is behind each account's door."""
    return render(request, "desk/waiting_remarks.html", {"remarks": remarks.waiting_remarks(limit=200)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_CASES)
@customers_account
def answer_remark(request: HttpRequest, account: AccountView, remark_id: int) -> HttpResponse:
    """Show a remark beside its bill and take the answer."""
    remark = remarks.remark(remark_id, account_id=account.id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cases.answer_remark(
                remark_id,
                account_id=account.id,
                by=person(request).user_id,
                answer=form.cleaned_data["answer"],
                at=clock.now(),
            )
        except NotFound:
            raise
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, f"Ответ на {remark.number} отправлен.", extra_tags="good")
            return redirect("desk:waiting_remarks")
    context = {"account": account, "remark": remark, "form": form}
    return render(request, "desk/answer_remark.html", context, status=422 if form.errors else 200)

"""Appeals in the account area: the person's own and, for an owner, his customer's; written, followed, opened again.

Who only looks at an account does not write for it. What strangers wrote naming the account is not shown here.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

import structlog
from django import forms
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.accounts.queries import AccountView
from svet.domains.accounts.rules import AccountRight
from svet.domains.cases import queries as cases
from svet.domains.cases.actions import Details, Incoming
from svet.domains.cases.rules.applicants import Quality
from svet.domains.cases.rules.register import CaseChannel, CaseKind
from svet.domains.offices.rules.channels import Deed, Way
from svet.flows import account_appeals, answering
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.kernel.period import Month
from svet.surfaces.cabinet.door import own_account
from svet.surfaces.paper.downloads import letter_file
from svet.surfaces.paper.engine import TypesettingFailed
from svet.surfaces.web import messages
from svet.surfaces.web.appeal_forms import MOST_FILES, AboutForm, email_field, text_field
from svet.surfaces.web.channels import served
from svet.surfaces.web.doors import person
from svet.surfaces.web.followed_case import LETTER_FAILED, Writer, file_of, write
from svet.surfaces.web.scans import GivenScans, scans_of
from svet.surfaces.web.sent_once import key_of

log = structlog.get_logger("svet.cabinet")

MONTH_CODE = r"^[12][0-9]{3}-(?:0[1-9]|1[0-2])$"
WRITES = AccountRight.GIVE_READINGS
"""The right of those who act for the account: its owner and whoever was let in to pay and give readings."""


class AppealForm(AboutForm):
    """An appeal about one's account: what is known of the account is not asked for."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    bill = forms.RegexField(regex=MONTH_CODE, required=False, widget=forms.HiddenInput)
    violated_at = text_field("Когда это было", "Для жалоб на качество и перерывы", most=200)
    demands = text_field("Чего вы просите", most=1000)
    email = email_field("Сюда придёт ответ; он будет виден и здесь")


@never_cache
@require_safe
@own_account(see=WRITES)
def appeals(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show the appeals that this person may follow, and the questions about bills."""
    context = {
        "account": account,
        "today": clock.today(),
        "cases": account_appeals.cases_of(account, user_id=person(request).user_id),
        "remarks": cases.remarks_of(account.id, limit=20) if account.may_decide else [],
    }
    return render(request, "cabinet/appeals.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_account(see=WRITES, change=WRITES)
@served(Way.CABINET, Deed.APPEALS)
def new_appeal(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Take an appeal with the account's data filled in; the same form sent twice is one case."""
    now, user_id = clock.now(), person(request).user_id
    who = account_appeals.applicant(account, user_id=user_id, at=now)
    first: dict[str, Any] = {"request_key": uuid.uuid4().hex, "kind": CaseKind.QUESTION, "email": who.email}
    about = _month(request.POST.get("bill", "") or request.GET.get("bill", ""))
    if about is not None:
        first |= {"bill": about.text, "subject": "bill_amount"}
    form = AppealForm(
        request.POST if request.method == "POST" else None, subjects=cases.subjects(now.date()), initial=first
    )
    scans = GivenScans(request, by=user_id, at=now, most=MOST_FILES)
    if form.is_bound:
        scans.blame(form)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        key = key_of(request, form, given["request_key"], at=now, files=scans.files)
        try:
            made = account_appeals.send(
                account,
                letter=Incoming(
                    channel=CaseChannel.CABINET,
                    text=given["text"],
                    received_at=now,
                    key=f"cabinet:{user_id}:{key}",
                    file_ids=scans.ids,
                    user_id=user_id,
                ),
                kind=CaseKind(given["kind"]),
                subject_code=given["subject"],
                email=given["email"],
                details=Details(quality=Quality(given["violated_at"], given["demands"])),
                bill_month=about,
                at=now,
            )
        except NotFound:
            raise
        except DomainError as error:
            form.add_error("text" if error.code == "letter_is_empty" else None, messages.of_error(error))
        else:
            flash.success(request, messages.registered(made.number, is_new=made.is_new), extra_tags="good")
            return redirect("cabinet:appeal", number=account.number, case_number=made.number)
    context = {"account": account, "form": form, "who": who, "month": about, "scans": scans_of(scans.files)}
    return render(request, "cabinet/new_appeal.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_account(see=WRITES, change=WRITES)
def appeal(request: HttpRequest, account: AccountView, case_number: str) -> HttpResponse:
    """Show an appeal; take a message to it, or the word that nothing was solved."""
    now, user_id = clock.now(), person(request).user_id
    followed = account_appeals.case_of(account, case_number, user_id=user_id, at=now)
    is_done, context = write(request, followed, writer=Writer(CaseChannel.CABINET, user_id, user_id), at=now)
    if is_done:
        return redirect("cabinet:appeal", number=account.number, case_number=case_number)
    context |= {"account": account, "file_url": "cabinet:appeal_file", "letter_url": "cabinet:appeal_letter"}
    form = context["form"]
    return render(request, "cabinet/appeal.html", context, status=422 if form and form.errors else 200)


@never_cache
@require_safe
@own_account(see=WRITES)
def appeal_file(request: HttpRequest, account: AccountView, case_number: str, file_id: int) -> HttpResponse:
    """Give a file of one of the appeal's letters to be saved."""
    followed = account_appeals.case_of(account, case_number, user_id=person(request).user_id, at=clock.now())
    return file_of(followed, file_id)


@never_cache
@require_safe
@own_account(see=WRITES)
def appeal_letter(request: HttpRequest, account: AccountView, case_number: str, letter_id: int) -> HttpResponse:
    """Give an answer to the appeal on letterhead."""
    now = clock.now()
    followed = account_appeals.case_of(account, case_number, user_id=person(request).user_id, at=now)
    paper = answering.paper_for_applicant(followed, letter_id, by_way=CaseChannel.CABINET, at=now)
    try:
        return letter_file(paper, at=now)
    except TypesettingFailed:
        log.exception("letter_failed", letter=letter_id)
        flash.error(request, LETTER_FAILED, extra_tags="bad")
        return redirect("cabinet:appeal", number=account.number, case_number=case_number)


def _month(text: str) -> Month | None:
    return Month(text) if re.fullmatch(MONTH_CODE, text, re.ASCII) else None

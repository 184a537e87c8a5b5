"""The phone desk (clauses T1, T3): the lines' hours, the caller found and identified, a reading, a bill, an appeal.

A call is a contact like one at the window. Until its customer was identified only masked lines of the search show.
"""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import Right, may
from svet.domains.cases import actions as contacts
from svet.domains.cases import queries as cases
from svet.domains.cases.actions import Details, Incoming
from svet.domains.cases.rules.contacts import ContactChannel
from svet.domains.cases.rules.register import CaseChannel, CaseKind
from svet.domains.content import queries as content
from svet.domains.supply import queries as places
from svet.flows import case_intake, finding, phone_desk
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.case_forms import in_words, subject_choices, text_field
from svet.surfaces.desk.contact_forms import AboutForm
from svet.surfaces.desk.door import entry
from svet.surfaces.desk.forms import FindForm
from svet.surfaces.web import messages
from svet.surfaces.web.channels import DEEDS, told
from svet.surfaces.web.doors import needs, person
from svet.surfaces.web.sent_once import key_of

MOST_FOUND, MOST_ARTICLES = 8, 5


class CallAppealForm(forms.Form):
    """An appeal said by phone: who calls is known already."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="Что это", choices=in_words(CaseKind))
    subject = forms.ChoiceField(label="О чём")
    text = text_field("Что сказано", most=20_000, rows=3, required=True)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.OPEN_ACCOUNTS)
def phone_page(request: HttpRequest) -> HttpResponse:
    """Show the call that runs; take a new call, or an appeal from the caller who was identified."""
    now, who = clock.now(), person(request)
    if request.method == "POST" and "take_call" in request.POST:
        return _take_call(request)
    contact = cases.running(who.user_id)
    number = contact.number if contact else ""
    held = entry(request, number) if number else None
    form = None
    if held is not None and may(who.roles, Right.ANSWER_CASES):
        form = _appeal_form(request)
        if form.is_bound and form.is_valid() and _registered(request, form, number):
            return redirect("desk:phone")
    text = request.GET.get("q", "").strip()[:120]
    about = AboutForm({"about": request.GET.get("about", "")})
    chosen = about.cleaned_data["about"] if about.is_valid() else ""
    context = {
        "contact": contact,
        "lines": phone_desk.lines(now),
        "turned_off": [(DEEDS[one.deed], told(one)) for one in phone_desk.turned_off(now)],
        "failing": places.all_ongoing(),
        "caller": phone_desk.caller(number, held=held, user_id=who.user_id, roles=who.roles, at=now, page="desk:phone")
        if held is not None
        else None,
        "about": about,
        "chosen": chosen,
        "articles": content.knowledge_about([chosen], limit=MOST_ARTICLES),
        "form": form,
        "find": FindForm({"q": text}),
        "text": text,
        "found": finding.find(text, limit=MOST_FOUND) if text and held is None else None,
    }
    return render(request, "desk/phone.html", context, status=422 if form is not None and form.errors else 200)


def _take_call(request: HttpRequest) -> HttpResponse:
    try:
        contacts.begin_contact(person(request).user_id, channel=ContactChannel.CALL, at=clock.now())
    except DomainError as error:
        flash.warning(request, messages.of_error(error))
    return redirect("desk:phone")


def _appeal_form(request: HttpRequest) -> CallAppealForm:
    form = CallAppealForm(
        request.POST if request.method == "POST" else None,
        initial={"request_key": uuid.uuid4().hex, "subject": "other"},
    )
    form.fields["subject"].choices = subject_choices(cases.subjects(clock.now().date()))  # type: ignore[attr-defined]
    return form


def _registered(request: HttpRequest, form: CallAppealForm, number: str) -> bool:
    now, given = clock.now(), form.cleaned_data
    applicant = cases.applicant_of_number(number, at=now)
    key = key_of(request, form, given["request_key"], at=now, about=number)
    letter = Incoming(channel=CaseChannel.PHONE, text=given["text"], received_at=now, key=f"desk:{key}")
    if applicant is None:
        return False
    try:
        made = case_intake.take_at_desk(
            letter,
            applicant=applicant,
            kind=CaseKind(given["kind"]),
            subject_code=given["subject"],
            by=person(request).user_id,
            at=now,
            details=Details(),
        )
    except DomainError as error:
        form.add_error("text" if error.code == "letter_is_empty" else None, messages.of_error(error))
        return False
    said = f"{messages.registered(made.number, is_new=made.is_new)} Назовите номер клиенту."
    flash.success(request, said, extra_tags="good")
    return True

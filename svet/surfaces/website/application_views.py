"""Applying for a contract on-line (clause W2). The application is a case: its state is read by number and code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.cases.rules.applications import SUBJECT
from svet.domains.cases.rules.register import CaseKind
from svet.domains.offices.rules.channels import Deed, Way
from svet.flows import site_appeals
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.web import messages
from svet.surfaces.web.addresses import client_address
from svet.surfaces.web.appeal_forms import MOST_FILES
from svet.surfaces.web.channels import served
from svet.surfaces.web.scans import GivenScans, scans_of
from svet.surfaces.web.sent_once import key_of
from svet.surfaces.website.appeal_forms import CONSENT
from svet.surfaces.website.appeal_views import remember, visitor
from svet.surfaces.website.application_forms import CITIZENS_PAPERS, COMPANY_PAPERS, ApplicationForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@served(Way.SITE, Deed.APPEALS)
def apply(request: HttpRequest) -> HttpResponse:
    """Take an application; the same form sent twice is one, what was typed is kept on errors."""
    now = clock.now()
    form = ApplicationForm(request.POST if request.method == "POST" else None, now=now)
    scans = None
    if form.is_bound and form.is_from_a_person:
        scans = GivenScans(request, by=visitor(request), at=now, most=MOST_FILES)
        scans.blame(form)
    elif form.is_bound and request.FILES:
        form.add_error("scans", "Файлы не сохранены: приложите их ещё раз")
    if form.is_bound and form.is_valid() and scans is not None:
        try:
            made = site_appeals.send(
                form.letter(scans.ids, key=key_of(request, form, form.key, at=now, files=scans.files)),
                applicant=form.applicant,
                kind=CaseKind.REQUEST,
                subject_code=SUBJECT,
                details=form.details,
                consent=CONSENT,
                asked_from=client_address(request),
                at=now,
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            remember(request, made.number, made.case_id)
            return redirect("website:appeal_sent", case_number=made.number)
    context = {"form": form, "scans": scans_of(scans.files) if scans else []}
    context |= {"citizens": CITIZENS_PAPERS, "companies": COMPANY_PAPERS}
    return render(request, "website/apply.html", context, status=422 if form.errors else 200)

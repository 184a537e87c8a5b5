"""Appeals without signing in: sent by the form, followed by number and receipt code (clauses W1, A2).

The session remembers which cases this browser sent or opened by their code; any other address of a case leads to the
form that asks for number and code, whether there is such a case or not.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.cases import queries as cases
from svet.domains.cases.queries import Followed
from svet.domains.cases.rules.applicants import Needed
from svet.domains.cases.rules.register import CaseChannel, CaseKind, shown_receipt_code
from svet.domains.offices.rules.channels import Deed, Way
from svet.flows import answering, site_appeals
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.paper.downloads import letter_file
from svet.surfaces.paper.engine import TypesettingFailed
from svet.surfaces.web import messages
from svet.surfaces.web.addresses import client_address
from svet.surfaces.web.appeal_forms import MOST_FILES
from svet.surfaces.web.channels import served
from svet.surfaces.web.followed_case import LETTER_FAILED, Writer, file_of, write
from svet.surfaces.web.scans import GivenScans, scans_of
from svet.surfaces.web.sent_once import key_of
from svet.surfaces.website.appeal_forms import CONSENT, AppealForm, StatusForm

log = structlog.get_logger("svet.website")

OPENED, MOST_OPENED = "appeals", 20
UNTOLD = {Needed.SUPPLY_ADDRESS.value}
"""Missing only where the named account is not known: strangers are not told which accounts there are."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@served(Way.SITE, Deed.APPEALS)
def new_appeal(request: HttpRequest) -> HttpResponse:
    """Take an appeal; the same form sent twice is one case, what was typed is kept on errors."""
    now = clock.now()
    form = AppealForm(
        request.POST if request.method == "POST" else None, subjects=site_appeals.subjects(now.date()), now=now
    )
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
                kind=CaseKind(form.cleaned_data["kind"]),
                subject_code=form.cleaned_data["subject"],
                details=form.details,
                consent=CONSENT if form.cleaned_data["consent"] else "",
                asked_from=client_address(request),
                at=now,
            )
        except DomainError as error:
            form.add_error("text" if error.code == "letter_is_empty" else None, messages.of_error(error))
        else:
            remember(request, made.number, made.case_id)
            return redirect("website:appeal_sent", case_number=made.number)
    context = {"form": form, "scans": scans_of(scans.files) if scans else []}
    return render(request, "website/new_appeal.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def appeal_sent(request: HttpRequest, case_number: str) -> HttpResponse:
    """Show number and receipt code of an appeal that this browser sent, to be printed or written down."""
    followed = _opened(request, case_number, at=clock.now())
    if followed is None:
        return redirect("website:appeal_status")
    code = shown_receipt_code(cases.receipt_code(followed.case.case_id))
    return render(request, "website/appeal_sent.html", {"followed": followed, "case": followed.case, "code": code})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal_status(request: HttpRequest) -> HttpResponse:
    """Ask for number and code and open the case; wrong ones are answered alike."""
    form = StatusForm(request.POST or None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            case_id = site_appeals.look_up(
                given["number"], code=given["code"], asked_from=client_address(request), at=clock.now()
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            number = cases.followed(case_id, at=clock.now()).case.number
            remember(request, number, case_id)
            return redirect("website:appeal", case_number=number)
    return render(request, "website/appeal_status.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, case_number: str) -> HttpResponse:
    """Show a case that was opened by its code; take a message to it, or the word that nothing was solved."""
    now = clock.now()
    followed = _opened(request, case_number, at=now)
    if followed is None:
        return redirect("website:appeal_status")
    is_done, context = write(request, followed, writer=Writer(CaseChannel.SITE, visitor(request)), at=now)
    if is_done:
        return redirect("website:appeal", case_number=case_number)
    context |= {
        "missing": [one for one in context["missing"] if one not in UNTOLD],
        "file_url": "website:appeal_file",
        "letter_url": "website:appeal_letter",
    }
    form = context["form"]
    return render(request, "website/appeal.html", context, status=422 if form and form.errors else 200)


@never_cache
@require_safe
def appeal_file(request: HttpRequest, case_number: str, file_id: int) -> HttpResponse:
    """Give a file of a case that was opened by its code."""
    followed = _opened(request, case_number, at=clock.now())
    return redirect("website:appeal_status") if followed is None else file_of(followed, file_id)


@never_cache
@require_safe
def appeal_letter(request: HttpRequest, case_number: str, letter_id: int) -> HttpResponse:
    """Give an answer on letterhead to who opened its case by the code."""
    now = clock.now()
    followed = _opened(request, case_number, at=now)
    if followed is None:
        return redirect("website:appeal_status")
    paper = answering.paper_for_applicant(followed, letter_id, by_way=CaseChannel.SITE, at=now)
    try:
        return letter_file(paper, at=now)
    except TypesettingFailed:
        log.exception("letter_failed", letter=letter_id)
        flash.error(request, LETTER_FAILED, extra_tags="bad")
        return redirect("website:appeal", case_number=case_number)


def remember(request: HttpRequest, number: str, case_id: int) -> None:
    """Keep in this browser's session that it may open the case."""
    kept = [one for one in request.session.get(OPENED, []) if one[0] != number]
    request.session[OPENED] = [*kept, [number, case_id]][-MOST_OPENED:]


def _opened(request: HttpRequest, number: str, *, at: datetime) -> Followed | None:
    case_id = dict(request.session.get(OPENED, [])).get(number)
    return None if case_id is None else cases.followed(case_id, at=at)


def visitor(request: HttpRequest) -> int:
    """Return the name under which a visitor's files are kept: of his network address, below all people's."""
    return -(int.from_bytes(salted_hmac("svet.website.visitor", client_address(request)).digest()[:7]) + 1)

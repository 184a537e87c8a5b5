"""Acts of unmetered use on a customer's card: looked at with kWh and roubles first, recorded as shown, taken back."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.domains.billing import actions as billing
from svet.domains.billing import queries as bills
from svet.domains.billing.actions.unmetered import MOST_SCANS
from svet.flows import card_unmetered, change_meter
from svet.flows.card_unmetered import ForetoldAct
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.benefit_forms import UnmeteredForm
from svet.surfaces.desk.door import customers_account
from svet.surfaces.desk.operation_forms import TakeBackForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person
from svet.surfaces.web.scans import GivenScans, scans_of
from svet.surfaces.web.stored_files import attached_file


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHANGE_SUPPLY)
@customers_account
def new_unmetered(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Take an act: show what it comes to, then record what was shown."""
    now, who = clock.now(), person(request).user_id
    made = bills.unmetered_act_of_request(account.id, request_key=request.POST.get("request_key", "")[:64])
    if made is not None:
        return redirect("desk:unmetered_act", number=account.number, unmetered_id=made.id)
    places = () if account.closed_on else change_meter.places(account.id, on=now.date())
    if not places:
        flash.warning(request, "По этому счёту сейчас ничего не поставляется.", extra_tags="warn")
        return redirect("desk:card_meters", number=account.number)
    scans = GivenScans(request, by=who, at=now, most=MOST_SCANS)
    form = UnmeteredForm(request.POST or None, places=places, on=now.date())
    if form.is_bound:
        scans.blame(form)
    foretold: ForetoldAct | None = None
    confirmed = request.POST.get("confirmed", "")
    if form.is_bound and form.is_valid():
        asked = form.asked(scans=scans.ids)
        try:
            foretold = card_unmetered.foretell(account, asked, by=who, at=now)
            if confirmed == foretold.token:
                unmetered_id = card_unmetered.record(account, asked, token=confirmed, by=who, at=now)
                flash.success(request, "Акт записан.", extra_tags="good")
                return redirect("desk:unmetered_act", number=account.number, unmetered_id=unmetered_id)
        except DomainError as error:
            form.refuse(error)
    context = {"account": account, "form": form, "scans": scans_of(scans.files)}
    context |= {"foretold": None if form.errors else foretold, "is_stale": bool(foretold and confirmed)}
    return render(request, "desk/new_unmetered.html", context, status=422 if form.errors else 200)


@require_safe
@customers_account
def unmetered_act(request: HttpRequest, account: AccountView, unmetered_id: int) -> HttpResponse:
    """Show an act as it was recorded."""
    return _act(request, account, unmetered_id, TakeBackForm())


@never_cache
@require_POST
@needs(Right.UNDO_OPERATIONS)
@customers_account
def undo_unmetered(request: HttpRequest, account: AccountView, unmetered_id: int) -> HttpResponse:
    """Take an act back, with the reason."""
    form = TakeBackForm(request.POST)
    if form.is_valid():
        reason, who = form.cleaned_data["reason"], person(request).user_id
        try:
            billing.undo_unmetered(unmetered_id, account_id=account.id, reason=reason, by=who, at=clock.now())
        except DomainError as error:
            if error.code == "not_found":
                raise
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Акт отменён.", extra_tags="good")
            return redirect("desk:unmetered_act", number=account.number, unmetered_id=unmetered_id)
    return _act(request, account, unmetered_id, form, status=422)


@require_safe
@customers_account
def unmetered_scan(request: HttpRequest, account: AccountView, unmetered_id: int, file_id: int) -> HttpResponse:
    """Give a scan of an act to be saved."""
    return attached_file(bills.unmetered_scan(account.id, act_id=unmetered_id, file_id=file_id))


def _act(
    request: HttpRequest, account: AccountView, unmetered_id: int, form: TakeBackForm, status: int = 200
) -> HttpResponse:
    found, who = card_unmetered.act_page(account.id, act_id=unmetered_id)
    context = {"account": account, "act": found, "who": who, "form": form, "scans": scans_of(found.scans)}
    return render(request, "desk/unmetered_act.html", context, status=status)

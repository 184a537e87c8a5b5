"""Meters on a customer's card: what hung and hangs there, the acts with scans; a meter changes by an act.

An act is looked at before it is recorded: the same request once shown, then confirmed as it was shown.
"""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svet.domains.access.rules import Right
from svet.domains.accounts.queries import AccountView
from svet.domains.metering import actions as metering
from svet.domains.metering import queries as readings
from svet.domains.metering.queries import MeterForm
from svet.domains.metering.rules.acts import MOST_SCANS, ActKind
from svet.flows import card_unmetered, change_meter
from svet.flows.change_meter import Foretold
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.act_forms import ActForm
from svet.surfaces.desk.door import customers_account
from svet.surfaces.desk.operation_forms import TakeBackForm
from svet.surfaces.web import act_words, messages
from svet.surfaces.web.doors import needs, person
from svet.surfaces.web.scans import GivenScans, scans_of
from svet.surfaces.web.stored_files import attached_file


@require_safe
@customers_account
def card_meters(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show the meters of the card over time and its acts."""
    page = change_meter.page(account.id, on=clock.today())
    context = {"account": account, "page": page, "unmetered": card_unmetered.acts_of(account.id)}
    return render(request, "desk/card_meters.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHANGE_SUPPLY)
@customers_account
def new_act(request: HttpRequest, account: AccountView, act_kind: str) -> HttpResponse:
    """Take an act: show what it would come to, then record what was shown."""
    if act_kind not in set(ActKind):
        raise Http404
    kind = ActKind(act_kind)
    now, who = clock.now(), person(request).user_id
    made = readings.act_of_request(account.id, request_key=request.POST.get("request_key", "")[:64])
    if made is not None:
        return redirect("desk:act", number=account.number, act_id=made.id)
    meter = _meter(request, account, kind)
    places = change_meter.places(account.id, on=now.date())
    if (meter is None and kind is not ActKind.INSTALLATION) or not places:
        told = "Выберите, с каким счётчиком это сделано." if places else "По этому счёту сейчас ничего не поставляется."
        flash.warning(request, told, extra_tags="warn")
        return redirect("desk:card_meters", number=account.number)
    scans = GivenScans(request, by=who, at=now, most=MOST_SCANS)
    form = ActForm(request.POST or None, kind=kind, meter=meter, places=places, on=now.date())
    if form.is_bound:
        scans.blame(form)
    foretold = _foretold(request, account, form, scans) if form.is_bound and form.is_valid() else None
    if foretold is not None and request.POST.get("confirmed") == foretold.token:
        act = readings.act_of_request(account.id, request_key=form.cleaned_data["request_key"])
        if act is not None:
            flash.success(request, "Акт записан.", extra_tags="good")
            return redirect("desk:act", number=account.number, act_id=act.id)
    context = {"account": account, "kind": kind, "title": act_words.KINDS[kind], "form": form, "meter": meter}
    context |= {"scans": scans_of(scans.files), "foretold": foretold, "token": foretold.token if foretold else ""}
    return render(request, "desk/new_act.html", context, status=422 if form.errors else 200)


@require_safe
@customers_account
def act(request: HttpRequest, account: AccountView, act_id: int) -> HttpResponse:
    """Show an act as it was recorded, to be read to the customer or printed."""
    return _act(request, account, act_id, TakeBackForm())


@never_cache
@require_POST
@needs(Right.UNDO_OPERATIONS)
@customers_account
def undo_act(request: HttpRequest, account: AccountView, act_id: int) -> HttpResponse:
    """Take an act back, with the reason."""
    form = TakeBackForm(request.POST)
    if form.is_valid():
        who = person(request).user_id
        try:
            metering.undo_meter_act(
                act_id, account_id=account.id, reason=form.cleaned_data["reason"], by=who, at=clock.now()
            )
        except DomainError as error:
            if error.code == "not_found":
                raise
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Акт отменён: счётчики и показания как до него.", extra_tags="good")
            return redirect("desk:act", number=account.number, act_id=act_id)
    return _act(request, account, act_id, form, status=422)


@require_safe
@customers_account
def act_scan(request: HttpRequest, account: AccountView, act_id: int, file_id: int) -> HttpResponse:
    """Give a scan of an act to be saved."""
    return attached_file(readings.scan(account.id, act_id=act_id, file_id=file_id))


def _act(
    request: HttpRequest, account: AccountView, act_id: int, form: TakeBackForm, status: int = 200
) -> HttpResponse:
    found, who = change_meter.act_page(account.id, act_id=act_id)
    context = {"account": account, "act": found, "who": who.get(found.recorded_by or 0, ""), "form": form}
    if found.undone:
        context["undone_by"] = who.get(found.undone.by or 0, "")
    context |= {"title": act_words.KINDS[found.kind], "scans": scans_of(found.scans)}
    return render(request, "desk/act.html", context, status=status)


def _meter(request: HttpRequest, account: AccountView, kind: ActKind) -> MeterForm | None:
    """Return the meter that the address names, or the only one that hangs there."""
    if kind is ActKind.INSTALLATION:
        return None
    meters = readings.form_for(account.id, on=clock.today())
    named = request.GET.get("meter", "")
    if named:
        return next((one for one in meters if one.meter_serial == named), None)
    return meters[0] if len(meters) == 1 else None


def _foretold(request: HttpRequest, account: AccountView, form: ActForm, scans: GivenScans) -> Foretold | None:
    """Return what the act comes to, recorded when this very outcome was confirmed; None with errors in the form."""
    asked, who, now = form.asked(account.id, scans=scans.ids), person(request).user_id, clock.now()
    try:
        foretold = change_meter.foretell(asked, by=who, at=now)
        if request.POST.get("confirmed") == foretold.token:
            change_meter.record(asked, by=who, at=now)
    except DomainError as error:
        form.refuse(error)
        return None
    return foretold

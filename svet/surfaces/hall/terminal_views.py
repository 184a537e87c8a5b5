"""The self-service terminal: a reading and a payment on a touch screen without signing in (clause O4).

By the same rules as on the site: the account is proved by the facts of its last bill, nothing is told of the person.
Every answer of a visitor is answered by a redirect to the same address, and what he typed is kept on the server until
he ends or the time is over; so neither history nor cache of the device holds anything of him. Works without script.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.metering.queries import MeterForm
from svet.domains.offices import queries as offices
from svet.domains.offices.rules.channels import Deed, Way
from svet.domains.visits.queries import DeviceView
from svet.domains.visits.rules import DeviceKind
from svet.flows import cash_desks
from svet.flows import without_sign_in as flow
from svet.infra import clock
from svet.infra.clock import MOSCOW
from svet.kernel.errors import DomainError
from svet.surfaces.hall.devices import of_kind
from svet.surfaces.hall.terminal_visit import (
    CONFIRM,
    DONE,
    ERASE,
    FACTS,
    KEPT,
    LASTS,
    METER,
    OVER,
    Step,
    Visit,
    before,
    following,
    register_steps,
)
from svet.surfaces.paper.payment_codes import bank_code
from svet.surfaces.web import messages, reading_words
from svet.surfaces.web.channels import way_rows
from svet.surfaces.web.entry_forms import BillFactsForm

TAIL = 4
DIGITS = "1234567890"


@require_safe
@of_kind(DeviceKind.TERMINAL)
def start(request: HttpRequest, device: DeviceView, secret: str) -> HttpResponse:
    """Show what can be done here; whoever comes here leaves nothing of the visitor before."""
    was_there = KEPT in request.session
    deeds = [one for kind in (Deed.READINGS, Deed.PAYMENT) for one in way_rows(kind) if one["code"] == Way.TERMINAL]
    context = {"deeds": deeds, "secret": secret, "office": offices.office(device.office_code)}
    response = render(request, "hall/terminal.html", context | {"is_over": OVER in request.GET})
    if was_there:
        request.session.flush()
        response.delete_cookie(settings.CSRF_COOKIE_NAME)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@of_kind(DeviceKind.TERMINAL)
def deed(request: HttpRequest, device: DeviceView, secret: str, deed: str) -> HttpResponse:
    """Ask the next question, take its answer, show what came of it; all at one address."""
    if deed not in {Deed.READINGS, Deed.PAYMENT}:
        raise Http404
    wanted, now = Deed(deed), clock.now()
    try:
        offices.check_channel(Way.TERMINAL, wanted, at=now)
        return _step(request, device, secret, wanted, now)
    except DomainError as error:
        if error.code != "channel_is_off":
            raise
        context = {"text": error.facts["redirect"], "secret": secret}
        return render(request, "hall/terminal_off.html", context, status=409)


def _step(request: HttpRequest, device: DeviceView, secret: str, wanted: Deed, now: datetime) -> HttpResponse:
    visit = Visit.found(request.session, device_id=device.device_id, deed=wanted, at=now)
    if request.method != "POST":
        if visit is None:
            visit = Visit.begun(device.device_id, wanted, source_id=uuid.uuid4().hex, at=now)
            request.session.flush()
            _keep(request, visit)
        return _shown(request, visit, device, secret, now)
    if visit is None:
        return redirect(f"{reverse('hall:terminal', args=[secret])}?{OVER}")
    visit.goes_on(now)
    _taken(request, visit, device, now)
    _keep(request, visit)
    return redirect("hall:terminal_deed", device=secret, deed=wanted.value)


def _keep(request: HttpRequest, visit: Visit) -> None:
    """Keep the visit as long as it lasts: then the cookie and what it names are gone by themselves."""
    request.session[KEPT] = visit.as_kept()
    request.session.set_expiry(LASTS)


def _taken(request: HttpRequest, visit: Visit, device: DeviceView, now: datetime) -> None:
    """Put what a button or a key says into the visit."""
    meters = _meters(visit, now)
    steps = _steps(visit, meters)
    asked = next((one for one in steps if one.name == visit.step), None)
    if asked is not None and "value" in request.POST:
        visit.typed[asked.name] = request.POST["value"].strip()[:40]
    key, does = request.POST.get("key", ""), request.POST.get("do", "next")
    if asked is not None and key in {ERASE, *DIGITS, *asked.more_keys}:
        visit.press(key)
        return
    if does == "more":
        return
    visit.told = []
    if does == "back":
        _back(visit, steps, meters)
    elif visit.step == METER:
        _choose(visit, request.POST.get("meter", ""), meters)
    elif visit.step == CONFIRM:
        _give(visit, device, now, meters, is_confirmed=True)
    elif visit.step == DONE and does == "again":
        _once_more(visit, meters)
    elif asked is not None:
        _answered(visit, asked, device, now, meters)


def _answered(visit: Visit, asked: Step, device: DeviceView, now: datetime, meters: Sequence[MeterForm]) -> None:
    if visit.account_id is None:
        problems = BillFactsForm(visit.typed).errors.get(asked.name)
        if problems:
            visit.told = [str(one) for one in problems]
            return
        step = following(FACTS, asked.name)
        if step is None:
            _prove(visit, device, now)
        else:
            visit.step = step
        return
    if not visit.typed.get(asked.name):
        visit.told = ["Введите показание"]
        return
    step = following(register_steps(meters[visit.meter]), asked.name)
    if step is None:
        _give(visit, device, now, meters, is_confirmed=False)
    else:
        visit.step = step


def _prove(visit: Visit, device: DeviceView, now: datetime) -> None:
    form = BillFactsForm(visit.typed)
    if not form.is_valid():
        visit.step = FACTS[0].name
        return
    try:
        visit.account_id = flow.prove(
            form.cleaned_data["number"],
            deed=Deed(visit.deed),
            bill_number=form.cleaned_data["bill"],
            amount=form.cleaned_data["amount"],
            asked_from=f"device:{device.device_id}",
            at=now,
            way=Way.TERMINAL,
        )
    except DomainError as error:
        _refused(visit, error, back_to=FACTS[0].name)
        return
    visit.typed = {}
    _to_meter(visit, _meters(visit, now))


def _refused(visit: Visit, error: DomainError, *, back_to: str) -> None:
    """Tell what is refused and ask again from this step; a way that is off is a matter of the whole page."""
    if error.code == "channel_is_off":
        raise error
    visit.told, visit.step = [messages.of_error(error)], back_to


def _to_meter(visit: Visit, meters: Sequence[MeterForm]) -> None:
    if len(meters) == 1:
        visit.step = register_steps(meters[0])[0].name
    else:
        visit.step = METER if meters else DONE


def _choose(visit: Visit, place: str, meters: Sequence[MeterForm]) -> None:
    if place.isdigit() and int(place) < len(meters):
        visit.meter, visit.typed = int(place), {}
        visit.step = register_steps(meters[visit.meter])[0].name


def _give(visit: Visit, device: DeviceView, now: datetime, meters: Sequence[MeterForm], *, is_confirmed: bool) -> None:
    meter = meters[visit.meter]
    names = [one.name for one in register_steps(meter)]
    try:
        given = flow.give(
            visit.account_id or 0,
            values={name.removeprefix("t"): visit.typed.get(name, "") for name in names},
            taken_on=now.astimezone(MOSCOW).date(),
            meter_serial=meter.meter_serial,
            source_id=visit.source_id,
            is_confirmed=is_confirmed,
            asked_from=f"device:{device.device_id}",
            at=now,
            way=Way.TERMINAL,
        )
    except DomainError as error:
        _refused(visit, error, back_to=names[0])
        return
    if given.receipt is not None:
        visit.receipt, visit.step, visit.typed = given.receipt.number, DONE, {}
        return
    visit.told = [reading_words.KINDS.get(one.code) or messages.of_finding(one) for one in given.findings]
    visit.step = CONFIRM if given.may_confirm else names[0]
    if not given.may_confirm:
        visit.source_id = uuid.uuid4().hex


def _once_more(visit: Visit, meters: Sequence[MeterForm]) -> None:
    visit.receipt, visit.typed, visit.source_id = "", {}, uuid.uuid4().hex
    _to_meter(visit, meters)


def _back(visit: Visit, steps: Sequence[Step], meters: Sequence[MeterForm]) -> None:
    if visit.step == CONFIRM:
        visit.step = register_steps(meters[visit.meter])[0].name
    elif visit.step in {one.name for one in steps}:
        earlier = before(steps, visit.step)
        if earlier is not None:
            visit.step = earlier
        elif len(meters) > 1:
            visit.step = METER


def _meters(visit: Visit, now: datetime) -> list[MeterForm]:
    """Return the meters of a proved account when readings are given."""
    if visit.account_id is None or visit.deed != Deed.READINGS:
        return []
    return flow.meters_of(visit.account_id, at=now, way=Way.TERMINAL)


def _steps(visit: Visit, meters: Sequence[MeterForm]) -> Sequence[Step]:
    if visit.account_id is None:
        return FACTS
    return register_steps(meters[visit.meter]) if meters else ()


def _shown(request: HttpRequest, visit: Visit, device: DeviceView, secret: str, now: datetime) -> HttpResponse:
    """Show where the visitor is."""
    meters = _meters(visit, now)
    context: dict[str, Any] = {
        "visit": visit,
        "secret": secret,
        "left": visit.seconds_left(now),
        "is_payment": visit.deed == Deed.PAYMENT,
        "title": "Оплатить" if visit.deed == Deed.PAYMENT else "Передать показания",
    }
    if visit.step == METER:
        context["meters"] = [one.meter_serial[-TAIL:] for one in meters]
        return render(request, "hall/terminal_meter.html", context)
    if visit.step == CONFIRM:
        rows = register_steps(meters[visit.meter])
        context["rows"] = [(one.label, visit.typed.get(one.name, "")) for one in rows]
        return render(request, "hall/terminal_confirm.html", context)
    if visit.step == DONE:
        return _done(request, visit, device, context, meters, now)
    steps = _steps(visit, meters)
    asked = next(one for one in steps if one.name == visit.step)
    context |= {
        "asked": asked,
        "value": visit.typed.get(asked.name, ""),
        "keys": [*DIGITS[:-1], *(asked.more_keys or ("",)), DIGITS[-1]],
        "erase": ERASE,
        "place": [one.name for one in steps].index(asked.name) + 1,
        "count": len(steps),
        "tail": meters[visit.meter].meter_serial[-TAIL:] if meters else "",
        "has_before": before(steps, asked.name) is not None or len(meters) > 1,
    }
    return render(request, "hall/terminal_question.html", context)


def _done(
    request: HttpRequest,
    visit: Visit,
    device: DeviceView,
    context: dict[str, Any],
    meters: Sequence[MeterForm],
    now: datetime,
) -> HttpResponse:
    account_id = visit.account_id or 0
    if visit.deed == Deed.PAYMENT:
        owed = flow.to_pay(account_id, at=now, way=Way.TERMINAL)
        code = None
        if owed.balance > 0:
            code = bank_code(owed.balance, company=owed.company, account_number=owed.number, month=owed.month)
        context |= {"owed": owed, "code": code, "till": cash_desks.service_of(device.office_code, at=now)}
        return render(request, "hall/terminal_sum.html", context)
    context["has_more"] = len(meters) > 1
    if visit.receipt:
        context["receipt"] = flow.receipt_of(account_id, number=visit.receipt, way=Way.TERMINAL)
    return render(request, "hall/terminal_receipt.html", context)

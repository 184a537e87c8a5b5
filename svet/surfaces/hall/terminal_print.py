"""What a terminal prints without script: a page that shows the strip in the viewer of the browser, and the strip.

Both belong to the visit that goes on: when it ends, nobody gets the strip any more.
"""

from __future__ import annotations

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from svet.domains.offices import queries as offices
from svet.domains.offices.rules.channels import Deed, Way
from svet.domains.visits.queries import DeviceView
from svet.domains.visits.rules import DeviceKind
from svet.flows import without_sign_in as flow
from svet.infra import clock
from svet.surfaces.hall.devices import of_kind
from svet.surfaces.hall.terminal_visit import DONE, OVER, Visit
from svet.surfaces.paper import terminal_slip
from svet.surfaces.paper.payment_codes import bank_text
from svet.surfaces.paper.terminal_slip import Slip
from svet.surfaces.web import words
from svet.surfaces.web.templatetags.svet import moment, number, rub


@require_safe
@of_kind(DeviceKind.TERMINAL)
def page(request: HttpRequest, device: DeviceView, secret: str, deed: str) -> HttpResponse:
    """Show the strip in the browser's own viewer, whose button prints it."""
    visit = _visit(request, device, deed)
    if visit is None:
        return redirect(f"{reverse('hall:terminal', args=[secret])}?{OVER}")
    context = {"secret": secret, "deed": deed, "left": visit.seconds_left(clock.now()), "title": "Печать"}
    return render(request, "hall/terminal_print.html", context)


@require_safe
@csp_update({"frame-ancestors": ["'self'"]})
@xframe_options_sameorigin
@of_kind(DeviceKind.TERMINAL)
def strip(request: HttpRequest, device: DeviceView, secret: str, deed: str) -> HttpResponse:
    """Give the strip as a PDF; 404 when the visit is over."""
    visit = _visit(request, device, deed)
    if visit is None:
        raise Http404
    made = _paid(visit) if visit.deed == Deed.PAYMENT else _given(visit)
    if made is None:
        raise Http404
    response = HttpResponse(terminal_slip.render(made, at=clock.now()), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="slip.pdf"'
    return response


def _visit(request: HttpRequest, device: DeviceView, deed: str) -> Visit | None:
    """Return the visit that has come to its end at this device."""
    if deed not in {Deed.READINGS, Deed.PAYMENT}:
        raise Http404
    visit = Visit.found(request.session, device_id=device.device_id, deed=Deed(deed), at=clock.now())
    return visit if visit is not None and visit.step == DONE and visit.account_id is not None else None


def _given(visit: Visit) -> Slip | None:
    if not visit.receipt:
        return None
    receipt = flow.receipt_of(visit.account_id or 0, number=visit.receipt, way=Way.TERMINAL)
    told = "приняты" if receipt.verdict == "accepted" else "получены и ждут проверки"
    lines = [f"Показания {told} {moment(receipt.received_at)}"]
    lines += [f"{words.of(row.band).capitalize()}: {number(row.value) or '—'}" for row in receipt.rows]
    company = offices.company(clock.today())
    return Slip("Номер передачи показаний", receipt.number, company.short_name or company.name, lines)


def _paid(visit: Visit) -> Slip | None:
    owed = flow.to_pay(visit.account_id or 0, at=clock.now(), way=Way.TERMINAL)
    if owed.balance <= 0:
        return None
    text = bank_text(owed.balance, company=owed.company, account_number=owed.number, month=owed.month)
    lines = [f"Лицевой счёт {owed.number}", f"Получатель {owed.company.name}"]
    if owed.company.inn:
        lines.append(f"ИНН {owed.company.inn}")
    return Slip("К оплате", rub(owed.balance), owed.company.short_name or owed.company.name, lines, text or "")

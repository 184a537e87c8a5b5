"""Giving a reading on a page: the account area and the desk ask, foretell, confirm and take it in one and the same way.

A surface has templates `give_reading.html` and `no_meter.html`, and names its page of receipts.
"""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date

from svet.domains.accounts.queries import AccountView
from svet.domains.metering import actions as metering
from svet.domains.metering import queries as readings_of
from svet.domains.metering.rules import Channel, Verdict
from svet.domains.metering.rules.receipts import Receipt
from svet.domains.offices import queries as offices
from svet.domains.offices.rules.channels import Deed
from svet.flows import account_pages
from svet.infra import clock
from svet.kernel.energy import TimeBand
from svet.kernel.errors import DomainError, NotFound
from svet.surfaces.web import messages
from svet.surfaces.web.channels import READING_WAYS
from svet.surfaces.web.doors import person
from svet.surfaces.web.reading_form import ReadingForm

REGISTERS = ("t1", "t2", "t3")


def give(
    request: HttpRequest, account: AccountView, *, space: str, receipt_page: str, channel: Channel
) -> HttpResponse:
    """Ask for readings of the meter (of the first one, unless another is named); take them; show the receipt.

    Raises Conflict("channel_is_off") while the channel is turned off.
    """
    now = clock.now()
    if channel in READING_WAYS:
        offices.check_channel(READING_WAYS[channel], Deed.READINGS, at=now)
    receipt = _taken_at_once(request, account, channel=channel, now=now) if request.method == "POST" else None
    if receipt is not None:
        return redirect(receipt_page, number=account.number, receipt=receipt.number)
    meters = readings_of.form_for(account.id, on=now.date())
    asked = request.POST.get("meter") or request.GET.get("meter")
    meter = next((one for one in meters if one.meter_serial == asked), meters[0] if meters else None)
    if meter is None:
        return render(request, f"{space}/no_meter.html", {"account": account})
    page, form = f"{space}/give_reading.html", ReadingForm(request.POST or None, meter=meter, on=now.date())
    context = {"account": account, "meter": meter, "meters": meters, "form": form, "receipt_page": receipt_page}
    if request.method != "POST" or not form.is_valid():
        return render(request, page, context, status=422 if form.is_bound else 200)
    if "count" in request.POST:
        return render(request, page, {**context, "told": _foretold(account, form, on=now.date(), channel=channel)})
    try:
        receipt = metering.submit_reading(
            account_id=account.id,
            values=form.values,
            taken_on=form.cleaned_data["taken_on"],
            received_at=now,
            channel=channel,
            source_id=form.cleaned_data["source_id"],
            meter_serial=meter.meter_serial,
            raw={"user": person(request).user_id},
            unless=() if request.POST.get("confirmed") == form.typed else (Verdict.HELD,),
        )
    except metering.OddReading:
        return render(request, page, {**context, "told": _foretold(account, form, on=now.date(), channel=channel)})
    except NotFound:
        raise
    except DomainError as error:
        form.add_error(None, messages.of_error(error))
        return render(request, page, context, status=409)
    if receipt.verdict is Verdict.REFUSED:
        form.refuse(receipt.findings)
        return render(request, page, {**context, "refused": receipt}, status=422)
    return redirect(receipt_page, number=account.number, receipt=receipt.number)


def _taken_at_once(request: HttpRequest, account: AccountView, *, channel: Channel, now: datetime) -> Receipt | None:
    """Take values that are plainly right, without reading first what the form asks; None: they need a closer look."""
    given = request.POST
    values: dict[str | int | TimeBand, str] = {key[1:]: given[key] for key in REGISTERS if key in given}
    meter, source_id = given.get("meter"), given.get("source_id", "")
    is_plain = meter and values and 8 <= len(source_id) <= 64 and "count" not in given and "confirmed" not in given
    try:
        taken_on = parse_date(given.get("taken_on", ""))
    except ValueError:
        return None
    if not is_plain or taken_on is None:
        return None
    try:
        return metering.submit_reading(
            account_id=account.id,
            values=values,
            taken_on=taken_on,
            received_at=now,
            channel=channel,
            source_id=source_id,
            meter_serial=meter,
            raw={"user": person(request).user_id},
            unless=(Verdict.HELD, Verdict.REFUSED),
        )
    except DomainError:
        return None  # the long way says what is wrong


def count(request: HttpRequest, account: AccountView, *, channel: Channel) -> HttpResponse:
    """Show what the values typed so far would come to; nothing while they are not whole."""
    on = clock.now().date()
    meters = readings_of.form_for(account.id, on=on)
    meter = next((one for one in meters if one.meter_serial == request.POST.get("meter")), None)
    form = None if meter is None else ReadingForm(request.POST, meter=meter, on=on)
    told = _foretold(account, form, on=on, channel=channel) if form is not None and form.is_valid() else None
    return render(request, "web/told.html", {"account": account, "told": told, "form": form})


def _foretold(account: AccountView, form: ReadingForm, *, on: date, channel: Channel) -> account_pages.ForetoldReading:
    return account_pages.foretell_reading(
        account.id,
        values=form.values,
        taken_on=form.cleaned_data["taken_on"],
        on=on,
        meter_serial=form.meter_form.meter_serial,
        channel=channel,
    )

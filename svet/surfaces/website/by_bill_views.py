"""Giving a reading and paying without signing in, by the facts of the last bill (clauses W2, R1).

Which account was proved is kept in this browser's session for half an hour, never in an address or a form.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svet.domains.metering.queries import MeterForm
from svet.domains.offices.rules.channels import Deed, Way
from svet.flows import without_sign_in as flow
from svet.flows.without_sign_in import ToPay
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.paper.payment_codes import bank_code
from svet.surfaces.web import messages, reading_words
from svet.surfaces.web.addresses import client_address
from svet.surfaces.web.channels import served
from svet.surfaces.web.entry_forms import BillFactsForm
from svet.surfaces.web.reading_form import ReadingForm

PROOF, PROOF_LASTS = "proved_by_bill", timedelta(minutes=30)
TAIL = 4


class GivenForm(ReadingForm):
    """Values of a meter of which this page tells nothing but the end of its number."""

    def again(self) -> None:
        """Make the next try a new submission: the one before has its refusal already."""
        self.data = {name: self.data[name] for name in self.data} | {"source_id": uuid.uuid4().hex}

    def __init__(self, *args: Any, meter: MeterForm, **kwargs: Any) -> None:
        super().__init__(*args, meter=meter, **kwargs)
        self.fields["meter"].initial = self.initial["meter"] = meter.meter_serial[-TAIL:]
        for field in self.fields.values():
            field.help_text = ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@served(Way.SITE, Deed.READINGS)
def give_reading(request: HttpRequest) -> HttpResponse:
    """Ask for the account and the facts of its last bill, then go on to the meter."""
    return _prove(request, Deed.READINGS, following="website:give_reading_of_meter")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give_reading_of_meter(request: HttpRequest) -> HttpResponse:
    """Ask for the values of a meter of the proved account and take them; what is odd is asked about first."""
    now = clock.now()
    account_id = _proved(request, at=now)
    if account_id is None:
        return redirect("website:give_reading")
    meters = flow.meters_of(account_id, at=now)
    asked = request.POST.get("meter") or request.GET.get("meter")
    meter = next((one for one in meters if one.meter_serial[-TAIL:] == asked), meters[0] if meters else None)
    if meter is None:
        return render(request, "website/give_reading_of_meter.html", {"meters": []})
    form = GivenForm(request.POST or None, meter=meter, on=now.date())
    context: dict[str, Any] = {"form": form, "meter": meter, "meters": [one.meter_serial[-TAIL:] for one in meters]}
    context["tail"] = meter.meter_serial[-TAIL:]
    if form.is_bound and form.is_valid():
        try:
            given = flow.give(
                account_id,
                values=form.values,
                taken_on=form.cleaned_data["taken_on"],
                meter_serial=meter.meter_serial,
                source_id=form.cleaned_data["source_id"],
                is_confirmed=request.POST.get("confirmed") == form.typed,
                asked_from=client_address(request),
                at=now,
            )
        except DomainError as error:
            if error.code == "channel_is_off":
                raise
            form.add_error(None, messages.of_error(error))
        else:
            if given.receipt is not None:
                return redirect("website:reading_given", receipt=given.receipt.number)
            texts = [reading_words.KINDS.get(one.code) or messages.of_finding(one) for one in given.findings]
            context |= {"told": texts, "may_confirm": given.may_confirm}
            if not given.may_confirm:
                form.again()
    status = 422 if form.errors or context.get("told") else 200
    return render(request, "website/give_reading_of_meter.html", context, status=status)


@never_cache
@require_safe
def reading_given(request: HttpRequest, receipt: str) -> HttpResponse:
    """Show the receipt of a reading that was given here."""
    account_id = _proved(request, at=clock.now())
    if account_id is None:
        return redirect("website:give_reading")
    return render(request, "website/reading_given.html", {"receipt": flow.receipt_of(account_id, number=receipt)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@served(Way.SITE, Deed.PAYMENT)
def pay(request: HttpRequest) -> HttpResponse:
    """Ask for the account and the facts of its last bill, then go on to the sum."""
    return _prove(request, Deed.PAYMENT, following="website:pay_sum")


@never_cache
@require_safe
def pay_sum(request: HttpRequest) -> HttpResponse:
    """Show what the proved account owes, and the code that pays it in a bank's app."""
    now = clock.now()
    account_id = _proved(request, at=now)
    if account_id is None:
        return redirect("website:pay")
    owed = flow.to_pay(account_id, at=now)
    return render(request, "website/pay_sum.html", {"owed": owed, "code": _code(owed)})


@require_POST
def forget_bill(request: HttpRequest) -> HttpResponse:
    """Forget which account was proved: for whoever sits at a computer of others."""
    request.session.pop(PROOF, None)
    return redirect("website:home")


def _prove(request: HttpRequest, deed: Deed, *, following: str) -> HttpResponse:
    now = clock.now()
    if request.method != "POST" and _proved(request, at=now) is not None:
        return redirect(following)
    form = BillFactsForm(request.POST or None)
    if form.is_valid():
        try:
            account_id = flow.prove(
                form.cleaned_data["number"],
                deed=deed,
                bill_number=form.cleaned_data["bill"],
                amount=form.cleaned_data["amount"],
                asked_from=client_address(request),
                at=now,
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            request.session[PROOF] = [account_id, now.isoformat()]
            return redirect(following)
    context = {"form": form, "is_payment": deed is Deed.PAYMENT}
    return render(request, "website/by_bill.html", context, status=422 if form.errors else 200)


def _proved(request: HttpRequest, *, at: datetime) -> int | None:
    kept = request.session.get(PROOF)
    if not kept or datetime.fromisoformat(kept[1]) + PROOF_LASTS < at:
        return None
    return int(kept[0])


def _code(owed: ToPay) -> str | None:
    """Return the payment code without payer and address; None where nothing is owed."""
    if owed.balance <= 0:
        return None
    return bank_code(owed.balance, company=owed.company, account_number=owed.number, month=owed.month)

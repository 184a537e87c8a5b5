"""Paying from home: a code for the app of a bank with the sum, the account and the payer, and where else one pays."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from svet.domains.accounts.queries import AccountView
from svet.domains.accounts.rules import AccountRight
from svet.domains.offices.rules.channels import Deed, Way
from svet.flows import account_pages
from svet.flows.account_pages import Payable
from svet.infra import clock
from svet.surfaces.cabinet.door import own_account
from svet.surfaces.paper.payment_codes import bank_code
from svet.surfaces.web.channels import served

LEAST, MOST = Decimal("1.00"), Decimal("1000000.00")


class SumForm(forms.Form):
    """How much to pay."""

    amount = forms.DecimalField(
        label="Сколько заплатить, ₽",
        min_value=LEAST,
        max_value=MOST,
        max_digits=9,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "digits", "autocomplete": "off"}),
        error_messages={
            "required": "Введите сумму",
            "invalid": "Введите сумму, например 1234,50",
            "min_value": "Введите сумму не меньше 1 рубля",
            "max_value": "Введите сумму не больше миллиона рублей",
            "max_digits": "Введите сумму не больше миллиона рублей",
            "max_whole_digits": "Введите сумму не больше миллиона рублей",
            "max_decimal_places": "Копеек бывает только две цифры",
        },
    )


@never_cache
@require_safe
@own_account(see=AccountRight.PAY)
@served(Way.CABINET, Deed.PAYMENT)
def pay(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show the code for what is owed, or for the sum asked for."""
    payable = account_pages.payable(account.id, on=clock.today())
    owed = max(payable.balance, Decimal("0.00"))
    form = SumForm(request.GET if "amount" in request.GET else None, initial={"amount": owed or None})
    if form.is_bound and form.is_valid():
        owed = form.cleaned_data["amount"]
    code = None if form.errors or owed < LEAST else _code(account, payable, owed)
    context = {"account": account, "page": payable, "form": form, "amount": owed, "code": code}
    return render(request, "cabinet/pay.html", context, status=422 if form.errors else 200)


def _code(account: AccountView, payable: Payable, amount: Decimal) -> str | None:
    return bank_code(
        amount,
        company=payable.company,
        account_number=account.number,
        month=payable.month,
        payer=account.customer_name,
        address=payable.address,
    )

"""What a payment code says: whom to pay, for whom and for which month; the code as a picture in a page."""

from __future__ import annotations

from decimal import Decimal

import structlog

from svet.domains.offices.queries import CompanyView
from svet.kernel.money import to_kopecks
from svet.kernel.period import Month
from svet.surfaces.paper import drawn_codes
from svet.surfaces.paper.payment_qr import Payee, PaymentCodeRefused, payment_text

log = structlog.get_logger("svet.paper")
SERVICE = "электроэнергия"


def payee_of(company: CompanyView) -> Payee:
    """Return the company as the bank knows it; raise PaymentCodeRefused."""
    return Payee(
        name=company.name,
        settlement_account=company.settlement_account,
        bank_name=company.bank_name,
        bic=company.bic,
        correspondent_account=company.correspondent_account,
        inn=company.inn,
        kpp=company.kpp,
    )


def payer_details(*, payer: str, address: str, account_number: str, month: Month) -> list[tuple[str, str]]:
    """Return the keys of a payment code that say for whom, for what and for which month it is."""
    family, _, rest = payer.strip().partition(" ")
    given, _, patronymic = rest.strip().partition(" ")
    return [
        ("Purpose", f"Оплата электроэнергии за {month.first_on:%m.%Y}, лицевой счёт {account_number}"),
        ("LastName", family),
        ("FirstName", given),
        ("MiddleName", patronymic),
        ("PayerAddress", address),
        ("PersAcc", account_number),
        ("PaymPeriod", f"{month.first_on:%m%Y}"),
        ("ServiceName", SERVICE),
    ]


def bank_text(
    amount: Decimal, *, company: CompanyView, account_number: str, month: Month, payer: str = "", address: str = ""
) -> str | None:
    """Return what a code for a bank's app says; None where the company's bank details make none."""
    try:
        details = payer_details(payer=payer, address=address, account_number=account_number, month=month)
        return payment_text(payee_of(company), kopecks=to_kopecks(amount), details=details)
    except PaymentCodeRefused as error:
        log.error("no_payment_code", account=account_number, error=repr(error))
        return None


def bank_code(
    amount: Decimal, *, company: CompanyView, account_number: str, month: Month, payer: str = "", address: str = ""
) -> str | None:
    """Return the code for a bank's app as the address of an image; None where the company's bank details make none."""
    text = bank_text(amount, company=company, account_number=account_number, month=month, payer=payer, address=address)
    return None if text is None else drawn_codes.qr_address(text)

"""What every paper begins with: the company's details and the customer's, as clean texts. Computes nothing."""

from __future__ import annotations

from typing import Any

from svet.domains.offices.queries import CompanyView
from svet.domains.offices.rules import Audience
from svet.surfaces.paper.text import printable
from svet.surfaces.web.templatetags.svet import NBSP, phone_hours


def company_texts(company: CompanyView) -> dict[str, Any]:
    """Return the company's names, bank details, site and phones for citizens."""
    taxpayer = [f"ИНН{NBSP}{company.inn}" if company.inn else "", f"КПП{NBSP}{company.kpp}" if company.kpp else ""]
    bank = [
        f"Расчётный счёт{NBSP}{company.settlement_account}" if company.settlement_account else "",
        company.bank_name,
        f"БИК{NBSP}{company.bic}" if company.bic else "",
        f"корр. счёт{NBSP}{company.correspondent_account}" if company.correspondent_account else "",
    ]
    return {
        "name": company.name,
        "short_name": company.short_name or company.name,
        "address": company.postal_address,
        "taxpayer": ", ".join(filter(None, taxpayer)),
        "bank": [detail for detail in bank if detail],
        "phones": phone_texts(company, Audience.INDIVIDUALS),
        "site": site(company.website),
        "email": company.email,
    }


def phone_texts(company: CompanyView, audience: Audience) -> list[dict[str, str]]:
    """Return the phones for one kind of customer with their hours."""
    return [{"number": unbroken(phone.number), "hours": phone_hours(phone)} for phone in company.phones_for(audience)]


def customer_texts(*, name: str, address: str, account: str) -> dict[str, str]:
    """Return who the paper is for."""
    return {"name": name, "address": address, "account": account_in_groups(account)}


def account_in_groups(number: str) -> str:
    """Write an account number in groups that are easy to copy: 33 0000 0019."""
    return f"{number[:2]}{NBSP}{number[2:6]}{NBSP}{number[6:]}" if len(number) == 10 else number


def site(url: str) -> str:
    """Write an address as people say it."""
    return url.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


def unbroken(phone: str) -> str:
    """Write a phone that stays on one line."""
    return phone.replace(" ", NBSP)


def cleaned(value: Any) -> Any:
    """Return the same structure with every text made printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: cleaned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    return value

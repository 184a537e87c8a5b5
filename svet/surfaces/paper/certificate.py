"""A certificate on paper: of no debt, or of the balance. The same certificate always gives the same bytes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from svet.domains.ledger.rules import CertificateKind, Service
from svet.flows.certificates import CertificatePaper
from svet.surfaces.paper import drawn_codes, engine
from svet.surfaces.paper.heads import account_in_groups, cleaned, company_texts, customer_texts, site
from svet.surfaces.web.statement_words import CERTIFICATES, code_in_groups, number_of_certificate
from svet.surfaces.web.templatetags.svet import day, moment, month_name, rub

TEMPLATE = "certificate.typ"
SERVICES = {Service.ENERGY: "Электроэнергия", Service.PENALTY: "Пени", Service.COSTS: "Расходы"}


def render(paper: CertificatePaper) -> bytes:
    """Return the certificate as an accessible PDF (PDF/UA-1); raise TypesettingFailed."""
    one = paper.certificate
    number = number_of_certificate(one.number)
    texts: dict[str, Any] = {
        "title": f"Справка {CERTIFICATES[one.kind]} № {number}",
        "name": f"Справка {CERTIFICATES[one.kind]}",
        "under": f"№ {number} от {day(one.issued_at)}",
        "company": company_texts(paper.company),
        "customer": customer_texts(name=paper.customer_name, address=paper.address, account=paper.account_number),
        "statement": _statement(paper),
        "rows": [] if one.kind is CertificateKind.NO_DEBT else [
            {"name": SERVICES[service], "amount": _owed(amount)} for service, amount in one.amounts.items()
        ],
        "counted": f"Учтены начисления по {month_name(one.charged_until)} включительно и все платежи по этот день."
        if one.charged_until
        else "Начислений по этот день не было, учтены все платежи.",
        "issued": f"Сформирована в личном кабинете {moment(one.issued_at)} (мск). Действительна без подписи и печати."
        if not paper.author
        else "",
        "author": ", ".join(filter(None, (paper.position, paper.author))),
        "check": {"number": number, "code": code_in_groups(one.code), "place": site(paper.check_url)},
    }  # fmt: skip
    address = f"{paper.check_url}?number={number}&code={one.code}"
    return engine.pdf(TEMPLATE, {**cleaned(texts), "qr": drawn_codes.qr_png(address)}, made_at=one.issued_at)


def _statement(paper: CertificatePaper) -> str:
    one, account = paper.certificate, account_in_groups(paper.account_number)
    if one.kind is CertificateKind.NO_DEBT:
        return f"По лицевому счёту {account} на конец {day(one.stated_on)} задолженности нет, в том числе по пеням."
    return f"По лицевому счёту {account} на конец {day(one.stated_on)}: {_owed(one.amount).lower()}."


def _owed(amount: Decimal) -> str:
    if amount > 0:
        return f"Долг {rub(amount)}"
    return f"Переплата {rub(-amount)}" if amount < 0 else "Долга и переплаты нет"

"""The payment document on paper (clauses B1, B2, R2): one for a customer, or many in one file for the print shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from svet.domains.billing.rules.documents import BillDocument
from svet.domains.offices import queries as offices
from svet.domains.offices.queries import CompanyView
from svet.infra import clock
from svet.infra.clock import MOSCOW
from svet.surfaces.paper import engine
from svet.surfaces.paper.bill_view import bill_texts, title

TEMPLATE = "bill.typ"


def render(document: BillDocument, *, company: CompanyView | None = None) -> bytes:
    """Return one bill as an accessible PDF (PDF/UA-1); the same document always gives the same bytes.

    Without `company` the record in force on the day of issue is read, and which channels are off now. Raise
    PaymentCodeRefused when money is due and the company's bank details do not make a payment code.
    """
    if company is None:
        off = offices.turned_off(at=clock.now())
        company = replace(offices.company(document.issued_on), turned_off=off)
    data = {"title": title(document), "bills": [bill_texts(document, company=company)]}
    return engine.pdf(TEMPLATE, data, made_at=datetime.combine(document.issued_on, time(12), tzinfo=MOSCOW))


def render_many(documents: Sequence[BillDocument], *, company: CompanyView, title: str) -> bytes:
    """Return many bills in one file for printing, each from a new sheet; without tags, four times smaller per bill."""
    data = {"title": title, "bills": [bill_texts(document, company=company) for document in documents]}
    made_at = max(document.issued_on for document in documents)
    return engine.pdf(TEMPLATE, data, made_at=datetime.combine(made_at, time(12), tzinfo=MOSCOW), tagged=False)

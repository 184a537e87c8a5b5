"""Forms of the library on paper (clauses O3, R2): empty and filled samples, A4, with a code to the site.

The forms are data (`content.queries.blanks`); the company's names and contacts come from its one record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from svet.domains.content.queries import Blank
from svet.domains.offices.queries import CompanyView
from svet.domains.offices.rules import Audience
from svet.surfaces.paper import drawn_codes, engine
from svet.surfaces.paper.heads import cleaned, company_texts, phone_texts
from svet.surfaces.web.templatetags.svet import short_day

FORM, CONTACTS = "blank.typ", "contacts.typ"
_FOR = {Audience.INDIVIDUALS: "Для граждан", Audience.LEGAL_ENTITIES: "Для организаций"}


def render(form: Blank, *, company: CompanyView, is_sample: bool, page: str, made_at: datetime) -> bytes:
    """Return the form as an accessible PDF (PDF/UA-1), filled when `is_sample`; `page` is what its code opens.

    Raises TypesettingFailed.
    """
    texts: dict[str, Any] = {
        "title": form.title,
        "company": company_texts(company),
        "sample": is_sample,
        "version": f"Версия {form.version} с {short_day(form.from_on)}. {form.source}",
        "blocks": [_shown(one, is_sample=is_sample) for one in form.blocks],
    }
    data = cleaned(texts) | {"qr": drawn_codes.qr_png(page)}
    return engine.pdf(FORM, data, made_at=made_at)


@dataclass(frozen=True, slots=True)
class OfficeOnLeaflet:
    """An office with its hours for each kind of customer, line by line, in the order of `Audience`."""

    name: str
    hours: tuple[tuple[str, ...], ...]


def contact_leaflet(company: CompanyView, *, offices: list[OfficeOnLeaflet], page: str, made_at: datetime) -> bytes:
    """Return the leaflet of contacts: phones, site, mail, offices with their hours; raise TypesettingFailed."""
    texts = {
        "title": "Как с нами связаться",
        "company": company_texts(company),
        "phones": [[_FOR[one], phone_texts(company, one)] for one in Audience],
        "audiences": [_FOR[one] for one in Audience],
        "offices": [[one.name, *map(list, one.hours)] for one in offices],
    }
    return engine.pdf(CONTACTS, cleaned(texts) | {"qr": drawn_codes.qr_png(page)}, made_at=made_at)


def _shown(block: dict[str, Any], *, is_sample: bool) -> dict[str, Any]:
    if "field" in block:
        value = str(block["sample"]) if is_sample else ""
        return {"kind": "field", "label": block["field"], "value": value, "rows": block.get("rows", 1)}
    if "check" in block:
        chosen = block["sample"] if is_sample else -1
        return {"kind": "check", "options": [[text, place == chosen] for place, text in enumerate(block["check"])]}
    kind = "head" if "head" in block else "text"
    return {"kind": kind, "text": block[kind]}

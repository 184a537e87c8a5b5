"""The library of forms for stands and handouts (clauses O3, R2): empty and filled samples, A4, with a code to the site.

The forms are data (`data/blanks.yaml`); the company's names and contacts come from its one record. A version is in
force on a day; those before it stay in the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from svet.domains.offices.queries import CompanyView
from svet.kernel.errors import NotFound
from svet.surfaces.paper import drawn_codes, engine
from svet.surfaces.paper.heads import cleaned, company_texts
from svet.surfaces.web.templatetags.svet import short_day

DATA = Path(__file__).parent / "data" / "blanks.yaml"
FORM, CONTACTS = "blank.typ", "contacts.typ"


@dataclass(frozen=True, slots=True)
class Blank:
    """A form in the version of a day; `blocks` are what it prints, `source` is what asks for it."""

    code: str
    subject: str
    title: str
    version: int
    from_on: date
    source: str
    blocks: tuple[dict[str, Any], ...]


def library(on: date) -> tuple[Blank, ...]:
    """Return the forms in force on a day, by subject in the order of the data."""
    return tuple(one for one, until_on in _all() if one.from_on <= on and (until_on is None or on < until_on))


def blank(code: str, *, on: date) -> Blank:
    """Return one form in the version of a day; raise NotFound("no_such_form")."""
    found = next((one for one in library(on) if one.code == code), None)
    if found is None:
        raise NotFound("no_such_form", value=code)
    return found


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


def contact_leaflet(company: CompanyView, *, offices: list[tuple[str, str]], page: str, made_at: datetime) -> bytes:
    """Return the leaflet of contacts: phones, site, mail, offices with their hours; raise TypesettingFailed."""
    texts = {
        "title": "Как с нами связаться",
        "company": company_texts(company),
        "offices": [list(one) for one in offices],
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


@cache
def _all() -> tuple[tuple[Blank, date | None], ...]:
    document = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return tuple(
        (
            Blank(
                code=form["code"],
                subject=subject["name"],
                title=form["title"],
                version=one["version"],
                from_on=one["from"],
                source=one["source"],
                blocks=tuple(one["blocks"]),
            ),
            one.get("until"),
        )
        for subject in document["subjects"]
        for form in subject["forms"]
        for one in form["versions"]
    )

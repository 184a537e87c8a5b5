"""The leaflet for stands and handouts: how to send readings by SMS (clauses M3, R2), on one sheet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from svet.domains.offices.queries import CompanyView
from svet.surfaces.paper import engine
from svet.surfaces.paper.heads import cleaned, company_texts
from svet.surfaces.web import sms_instruction

TEMPLATE = "sms_leaflet.typ"


def render(company: CompanyView, *, sms_number: str, made_at: datetime, turned_off: str = "") -> bytes:
    """Return the leaflet as an accessible PDF (PDF/UA-1); raise TypesettingFailed.

    `turned_off`: what to do instead while no SMS are taken; then the number is not printed.
    """
    texts: dict[str, Any] = {
        "title": sms_instruction.TITLE,
        "company": company_texts(company),
        "lead": sms_instruction.LEAD,
        "number": "" if turned_off else sms_number,
        "turned_off": f"По СМС показания сейчас не принимаем. {turned_off}" if turned_off else "",
        "steps": list(sms_instruction.STEPS),
        "rules": list(sms_instruction.RULES),
        "rows": [[one.text, one.meter, one.understood] for one in sms_instruction.examples()],
    }
    return engine.pdf(TEMPLATE, cleaned(texts), made_at=made_at)

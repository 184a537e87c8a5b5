"""The live parts of pages: each name of `content.rules.LivePart` with what it shows now, from the records of billing.

A part with nothing to show says so in words; it never leaves a hole in the page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from svet.domains.benefits import queries as benefits
from svet.domains.cases import queries as cases
from svet.domains.content.rules import LivePart
from svet.domains.offices import queries as offices
from svet.domains.offices.rules.channels import Deed
from svet.domains.supply import queries as supply
from svet.domains.tariffs import queries as tariffs
from svet.surfaces.web.channels import way_rows

PARTS: dict[LivePart, Callable[[date], dict[str, Any]]] = {
    LivePart.TARIFFS: lambda on: {"tables": tariffs.tariff_table(on)},
    LivePart.NORMS: lambda on: {"norms": tariffs.consumption_norms(on)},
    LivePart.SOCIAL_NORMS: lambda on: {"norms": tariffs.social_norms(on)},
    LivePart.OFFICES: lambda on: {"offices": offices.directory()},
    LivePart.PHONES: lambda on: {"company": offices.company(on)},
    LivePart.COMPANY: lambda on: {"company": offices.company(on)},
    LivePart.READING_WAYS: lambda on: {"company": offices.company(on), "ways": way_rows(Deed.READINGS)},
    LivePart.GRID_COMPANIES: lambda on: {"operators": supply.network_operators()},
    LivePart.APPEAL_TERM: lambda on: {"terms": cases.answer_terms(on)},
    LivePart.BENEFITS: lambda on: {"kinds": benefits.kinds(on=on)},
}


def shown(name: str, *, on: date) -> tuple[str, dict[str, Any]]:
    """Return the template of a live part and what it shows; an unknown name (of a part taken away) shows nothing."""
    if name not in {part.value for part in PARTS}:
        return "content/live/none.html", {}
    part = LivePart(name)
    return f"content/live/{part}.html", PARTS[part](on) | {"today": on}

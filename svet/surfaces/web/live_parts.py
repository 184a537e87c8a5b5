"""The live parts of pages: each name of `content.rules.LivePart` with what it shows now, from the records of billing.

A part with nothing to show says so in words; it never leaves a hole in the page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from svet.domains.benefits import queries as benefits
from svet.domains.cases import queries as cases
from svet.domains.content import queries as content
from svet.domains.content.rules import LivePart
from svet.domains.debts.rules.penalty import FREE_DAYS, STAGES
from svet.domains.offices import queries as offices
from svet.domains.offices.rules.channels import Deed
from svet.domains.supply import queries as supply
from svet.domains.tariffs import queries as tariffs
from svet.flows import payment_places
from svet.infra import clock
from svet.surfaces.web.channels import ways_apart


def consequences() -> dict[str, Any]:
    """Return the days without penalties, then from which day to which what share of the rate is charged for a day."""
    stages = [
        {"first": first, "last": None if after is None else after - 1, "share": share} for first, after, share in STAGES
    ]
    return {"free_days": FREE_DAYS, "stages": stages}


PARTS: dict[LivePart, Callable[[date], dict[str, Any]]] = {
    LivePart.TARIFFS: lambda on: {"tables": tariffs.tariff_table(on)},
    LivePart.NORMS: lambda on: {"norms": tariffs.consumption_norms(on)},
    LivePart.SOCIAL_NORMS: lambda on: {"norms": tariffs.social_norms(on)},
    LivePart.OFFICES: lambda on: {"offices": offices.directory()},
    LivePart.PHONES: lambda on: {"company": offices.company(on)},
    LivePart.COMPANY: lambda on: {"company": offices.company(on)},
    LivePart.PAYMENT_WAYS: lambda on: ways_apart(Deed.PAYMENT) | {"agents": payment_places.agents()},
    LivePart.PAYMENT_PLACES: lambda on: {"places": payment_places.near("", at=clock.now())},
    LivePart.APPEAL_WAYS: lambda on: ways_apart(Deed.APPEALS) | {"company": offices.company(on)},
    LivePart.CONSEQUENCES: lambda on: consequences(),
    LivePart.FORMS: lambda on: {"forms": content.blanks(on)},
    LivePart.READING_WAYS: lambda on: ways_apart(Deed.READINGS) | {"company": offices.company(on)},
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

"""Search over everything public: pages of the editors, services of the site, forms, offices, tariffs.

Surfaces say what services they have; the rest is read as it is now, so no index of it grows old.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from svet.domains.content import queries as content
from svet.domains.content.queries import Extra, Found
from svet.domains.offices import queries as offices
from svet.domains.tariffs import queries as tariffs


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses of the pages on which forms, offices and tariffs are shown."""

    forms: str
    offices: str
    tariffs: str


def search(query: str, *, services: Sequence[Extra], places: Places, on: date) -> Found:
    """Return what a query finds among services, forms, offices, tariffs in force on a day, and pages."""
    forms = [
        Extra(one.title, f"Бланк и образец заполнения, {one.subject.lower()}", f"{places.forms}#{one.code}")
        for one in content.blanks(on)
    ]
    offices_found = [
        Extra(f"Офис: {one.settlement}", one.address, f"{places.offices}#{one.code}", "часы приёма адрес")
        for one in offices.directory()
    ]
    prices = {
        table.name: Extra(table.name, table.territory_name, f"{places.tariffs}#t-{table.version_id}", "тариф цена")
        for table in tariffs.tariff_table(on)
    }
    return content.search(query, extras=[*services, *forms, *offices_found, *prices.values()])

"""Search over everything public: pages of the editors, services of the site, offices, tariffs.

Surfaces say what services they have; offices and tariffs are read as they are now, so no index of them grows old.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from svet.domains.content import queries as content
from svet.domains.content.queries import Extra, Found
from svet.domains.offices import queries as offices
from svet.domains.tariffs import queries as tariffs


def search(query: str, *, services: Sequence[Extra], offices_url: str, tariffs_url: str, on: date) -> Found:
    """Return what a query finds among services, offices, tariffs in force on a day, and pages."""
    places = [
        Extra(f"Офис: {one.settlement}", one.address, f"{offices_url}#{one.code}", "часы приёма адрес")
        for one in offices.directory()
    ]
    prices = {
        table.name: Extra(table.name, table.territory_name, f"{tariffs_url}#t-{table.version_id}", "тариф цена")
        for table in tariffs.tariff_table(on)
    }
    return content.search(query, extras=[*services, *places, *prices.values()])

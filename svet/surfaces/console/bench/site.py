"""How fast the public pages are on one core: pages a second of the home page, tariffs, offices and the calculator.

Each page is asked for as by a stranger whose browser keeps nothing: as it is answered (made once for all, decision
0010) and made from the records anew each time. The floor is the shortest page that the same stack answers (/healthz).
The calculator with figures of somebody's home is never kept, so it is made each time, of another reading each time.
"""

from __future__ import annotations

import time
from datetime import datetime

from django.test import Client

from svet.domains.content import actions as content
from svet.domains.offices import actions as offices
from svet.domains.tariffs import actions as tariffs
from svet.domains.tariffs import queries as prices
from svet.surfaces.console.bench import Figure

SECONDS, WARM = 4.0, 5
ALIVE = "/healthz"
OF_NOBODY_ELSE = {"HX-Request": "true"}
"""A header with which no page is kept or taken from what is kept."""


def run(size: int, *, at: datetime) -> dict[str, Figure]:
    """Return pages a second of each page and its weight; `size` does not matter to pages without an account."""
    tariffs.load_reference(at=at)
    offices.load_reference(at=at)
    content.load_reference(at=at)
    known = next(one for one in prices.published_tariffs() if one.until_on is None)
    where = f"month={at:%Y-%m}&territory={known.territory}&category={known.category}"
    home = f"?{where}&residents=2&rooms=2&by=meter&plan=1&now_1={{}}"
    places = {"home": "/", "tariffs": "/tariffs/", "offices": "/offices/", "calculator": f"/calculator/{home}"}
    floor, _ = _pages_a_second(ALIVE)
    figures = {"the shortest answer": Figure(floor, "pages/s")}
    for name, place in places.items():
        speed, weight = _pages_a_second(place)
        figures[name] = Figure(speed, "pages/s", floor=floor, ratio=floor / speed)
        if "?" not in place:
            made, _ = _pages_a_second(place, **OF_NOBODY_ELSE)
            figures[f"{name}, made anew"] = Figure(made, "pages/s", floor=floor, ratio=floor / made)
        figures[f"{name}, weight of the page"] = Figure(weight / 1024, "KB")
    return figures


def _pages_a_second(place: str, **headers: str) -> tuple[float, int]:
    window = Client(headers=headers)
    for _ in range(WARM):
        answer = window.get(place.format(WARM))
    if answer.status_code != 200:
        raise RuntimeError(f"{place} answers {answer.status_code}")
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < SECONDS:
        window.get(place.format(WARM + count))
        count += 1
    return count / (time.perf_counter() - started), len(answer.content)

"""The shipped map of the region: its outline and its settlements, read once from the data file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from svet.domains.offices.rules.places import Point, Settlement

DATA = Path(__file__).resolve().parents[1] / "data" / "region.yaml"


@dataclass(frozen=True, slots=True)
class Region:
    """The outline as points in order, the settlements by population, and where both come from."""

    outline: tuple[Point, ...]
    outline_source: str
    settlements: tuple[Settlement, ...]
    settlements_source: str


@cache
def region() -> Region:
    """Return the map of the region that is shipped with the project."""
    document: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    outline, settlements = document["outline"], document["settlements"]
    return Region(
        outline=tuple(Point(*point) for point in outline["points"]),
        outline_source=outline["source"],
        settlements=tuple(Settlement(one["name"], Point(*one["at"])) for one in settlements["places"]),
        settlements_source=settlements["source"],
    )

"""The map of the region as lines and points of one drawing: no tiles, no script, every point a link. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

from svet.domains.offices.queries import OfficeView, Region
from svet.domains.offices.rules.places import Point

WIDTH, MARGIN = 800.0, 30.0
LETTER, LINE = 14.5, 30.0
"""About how wide a letter and how high a line of a label is, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place with offices: where it is drawn, where its label begins or ends, what it is called."""

    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    name: str
    offices: tuple[OfficeView, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to place a label by the dot at `x`, `y`: how far to the right and down, and between which sides."""

    anchor: str
    right: float
    down: float
    sides: tuple[float, float]
    x: float
    y: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The room of the label: left, top, right, bottom."""
        base = self.y + self.down
        return (self.sides[0] + self.right, base - 0.75 * LINE, self.sides[1] + self.right, base + 0.2 * LINE)

    @property
    def is_inside(self) -> bool:
        """Whether the whole label is on the drawing."""
        return self.box[0] >= 0 and self.box[2] <= WIDTH


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing: its size, the outline as points of a polygon, the marks."""

    width: int
    height: int
    outline: str
    marks: tuple[Mark, ...]


def drawing(region: Region, offices: Iterable[OfficeView]) -> Drawing:
    """Draw the outline and the offices; offices at one point are one mark. Offices without a place are left out."""
    north, south = max(p.latitude for p in region.outline), min(p.latitude for p in region.outline)
    west, east = min(p.longitude for p in region.outline), max(p.longitude for p in region.outline)
    narrow = cos(radians((north + south) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * narrow)

    def place(point: Point) -> tuple[float, float]:
        x = MARGIN + (point.longitude - west) * narrow * scale
        return round(x, 1), round(MARGIN + (north - point.latitude) * scale, 1)

    together: dict[Point, list[OfficeView]] = {}
    for office in offices:
        if office.point is not None:
            together.setdefault(office.point, []).append(office)
    return Drawing(
        width=round(WIDTH),
        height=round((north - south) * scale + 2 * MARGIN),
        outline=" ".join(f"{x},{y}" for x, y in map(place, region.outline)),
        marks=tuple(_labelled([(*place(point), tuple(group)) for point, group in together.items()])),
    )


def _labelled(places: list[tuple[float, float, tuple[OfficeView, ...]]]) -> list[Mark]:
    """Give each place a label beside it where it meets no dot and no label yet."""
    taken = [(x - 10, y - 10, x + 10, y + 10) for x, y, _ in places]
    marks = []
    for x, y, group in places:
        name = group[0].settlement.partition(" ")[2] + (f" ({len(group)})" if len(group) > 1 else "")
        wide = len(name) * LETTER
        right, left, middle = (x, x + wide), (x - wide, x), (x - wide / 2, x + wide / 2)
        ways = [
            _Way("start", 18, 9, right, x, y),
            _Way("end", -18, 9, left, x, y),
            _Way("middle", 0, -18, middle, x, y),
            _Way("middle", 0, 38, middle, x, y),
            _Way("start", 10, -18, right, x, y),
            _Way("start", 10, 38, right, x, y),
            _Way("end", -10, -18, left, x, y),
            _Way("end", -10, 38, left, x, y),
            _Way("start", 16, 50, right, x, y),
        ]
        free = next((way for way in ways if way.is_inside and not _meets(way.box, taken)), ways[0])
        taken.append(free.box)
        marks.append(Mark(x, y, round(x + free.right, 1), round(y + free.down, 1), free.anchor, name, group))
    return marks


def _meets(box: tuple[float, float, float, float], taken: list[tuple[float, float, float, float]]) -> bool:
    left, top, right, bottom = box
    return any(left < r and right > x and top < b and bottom > y for x, y, r, b in taken)

"""Where offices stand, how far away they are, and what they are equipped with (clause O2).

What nobody has checked is *unknown*: a value of its own, never told as "no" and never found as "yes".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from typing import TypeVar

EARTH_KM = 6371


class Precision(StrEnum):
    """What a coordinate points at."""

    BUILDING = "building"
    STREET = "street"
    SETTLEMENT = "settlement"


class Feature(StrEnum):
    """The equipment that the Standard names for an office."""

    RAMP = "ramp"
    AIR_CONDITIONING = "air_conditioning"
    GROUND_FLOOR = "ground_floor"
    STOP_NEARBY = "stop_nearby"
    PARKING = "parking"
    FIRE_SAFETY = "fire_safety"


class Known(StrEnum):
    """What is known of a feature."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Point:
    """A place on Earth in degrees (WGS 84), north and east positive; ValueError outside the globe."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError(f"no such place: {self.latitude}, {self.longitude}")


@dataclass(frozen=True, slots=True)
class Settlement:
    """A town or village by its common name."""

    name: str
    point: Point


def distance_km(one: Point, other: Point) -> float:
    """Return the great-circle distance in kilometres.

    >>> round(distance_km(Point(56.13854, 40.39976), Point(56.42408, 40.44978)))  # Vladimir to Suzdal
    32
    """
    lat_1, lat_2 = radians(one.latitude), radians(other.latitude)
    half = sin((lat_2 - lat_1) / 2) ** 2
    half += cos(lat_1) * cos(lat_2) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1, half)))


T = TypeVar("T")


def by_distance(point: Point, places: Iterable[tuple[T, Point | None]]) -> list[tuple[T, float | None]]:
    """Return things with their distance in kilometres, the nearest first, equal ones as they came, placeless ones last.

    >>> here = Point(56, 40)
    >>> [name for name, _ in by_distance(here, [("far", Point(57, 40)), ("?", None), ("near", Point(56, 41))])]
    ['near', 'far', '?']
    """
    far = [(thing, None if place is None else distance_km(point, place)) for thing, place in places]
    return sorted(far, key=lambda entry: (entry[1] is None, entry[1] or 0))


def plain_words(text: str) -> list[str]:
    """Return the words of a typed name or address as they are compared: lower case, ё as е, no marks.

    >>> plain_words("г. Гусь-Хрустальный, ул. 2-ая Народная")
    ['г', 'гусь', 'хрустальный', 'ул', '2', 'ая', 'народная']
    """
    return re.findall(r"[0-9a-zа-я]+", text.lower().replace("ё", "е"))


def settlement_in(text: str, settlements: Iterable[Settlement]) -> Settlement | None:
    """Return the settlement whose whole name stands first in a typed address; of two there, the longer name.

    >>> towns = [Settlement("Ковров", Point(56.36, 41.32)), Settlement("Гусь-Хрустальный", Point(55.61, 40.65))]
    >>> found = settlement_in("обл. Владимирская, г. гусь хрустальный, Ковровская, 3", towns)
    >>> found.name if found else None
    'Гусь-Хрустальный'
    """
    words = plain_words(text)
    found: list[tuple[int, int, Settlement]] = []
    for one in settlements:
        name = plain_words(one.name)
        places = (start for start in range(len(words) - len(name) + 1) if words[start : start + len(name)] == name)
        start = next(places, None)
        if start is not None:
            found.append((start, -len(name), one))
    return min(found, key=lambda entry: entry[:2])[2] if found else None

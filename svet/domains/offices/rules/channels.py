"""The ways to give readings, to pay and to appeal: which there are and which are off (clause M5). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_REDIRECT = 100
"""An answer by SMS holds no more beside its own words."""


class Way(StrEnum):
    """Where people reach us."""

    SITE = "site"
    CABINET = "cabinet"
    SMS = "sms"
    EMAIL = "email"
    PHONE = "phone"
    OFFICE = "office"
    TERMINAL = "terminal"


class Deed(StrEnum):
    """What they come for."""

    READINGS = "readings"
    PAYMENT = "payment"
    APPEALS = "appeals"


OFFERED: dict[Deed, tuple[Way, ...]] = {
    Deed.READINGS: (Way.SITE, Way.CABINET, Way.SMS, Way.PHONE, Way.OFFICE, Way.TERMINAL),
    Deed.PAYMENT: (Way.SITE, Way.CABINET, Way.OFFICE, Way.TERMINAL),
    Deed.APPEALS: (Way.SITE, Way.CABINET, Way.EMAIL, Way.PHONE, Way.OFFICE),
}
"""What the system can do by each way. A letter that comes while e-mail is turned off is still registered."""


@dataclass(frozen=True, slots=True)
class Switch:
    """One turn of a switch: from the moment on the way is on, or off with where to go instead."""

    way: Way
    deed: Deed
    is_on: bool
    redirect: str
    reason: str
    from_at: datetime


@dataclass(frozen=True, slots=True)
class WayState:
    """How a way of doing something is at a moment; `since` is None while nobody ever turned it."""

    way: Way
    deed: Deed
    is_on: bool = True
    redirect: str = ""
    since: datetime | None = None
    next: Switch | None = None


def states(turns: Iterable[Switch], *, at: datetime) -> tuple[WayState, ...]:
    """Return every offered way in the order of `OFFERED`; of turns from one moment the later in `turns` decides.

    >>> [one.is_on for one in states([], at=datetime(2026, 11, 1))] == [True] * 15
    True
    """
    now: dict[tuple[Way, Deed], Switch] = {}
    coming: dict[tuple[Way, Deed], Switch] = {}
    for turn in sorted(turns, key=lambda one: one.from_at):
        if turn.from_at <= at:
            now[turn.way, turn.deed] = turn
        else:
            coming.setdefault((turn.way, turn.deed), turn)
    offered = [(way, deed) for deed, ways in OFFERED.items() for way in ways]
    return tuple(_state(way, deed, now.get((way, deed)), coming.get((way, deed))) for way, deed in offered)


def _state(way: Way, deed: Deed, turn: Switch | None, following: Switch | None) -> WayState:
    if turn is None:
        return WayState(way, deed, next=following)
    redirect = "" if turn.is_on else turn.redirect
    return WayState(way, deed, turn.is_on, redirect, turn.from_at, following)

"""What the switchboard shows: one way as it is, and the turns with the names of those who turned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from svet.domains.access import queries as people
from svet.domains.offices import queries as offices
from svet.domains.offices.rules.channels import Switch, WayState
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class TurnRow:
    """A turn with the name of who turned it."""

    turn: Switch
    turned_by: str
    turned_at: datetime


def state(way: str, deed: str, *, at: datetime) -> WayState:
    """Return one way as it is at a moment; raise NotFound for one that is not offered."""
    found = next((one for one in offices.way_states(at=at) if (one.way, one.deed) == (way, deed)), None)
    if found is None:
        raise NotFound("channel_is_not_offered")
    return found


def turns(*, limit: int) -> list[TurnRow]:
    """Return the latest turns of all switches, the latest first."""
    rows = offices.turns(limit=limit)
    names = people.names_of(one.turned_by for one in rows)
    return [TurnRow(one.turn, names.get(one.turned_by, ""), one.turned_at) for one in rows]

"""Reads of the switchboard of channels: what is on now, what was turned when (clause M5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from svet.domains.offices.models import ChannelSwitch
from svet.domains.offices.rules.channels import Deed, Switch, Way, WayState, states
from svet.infra.planned import planned_rows
from svet.kernel.errors import Conflict

_LAST_TURN = """
SELECT is_on, redirect FROM offices_channel_switch WHERE way = %s AND deed = %s AND from_at <= %s
ORDER BY from_at DESC, id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class TurnView:
    """A turn of a switch with who turned it and when he did."""

    turn: Switch
    turned_by: int
    turned_at: datetime


def way_states(*, at: datetime, deed: Deed | None = None) -> tuple[WayState, ...]:
    """Return every offered way (of one deed) as it is at a moment, with the next turn that is planned."""
    turned = [_switch(row) for row in ChannelSwitch.objects.order_by("pk")]
    return tuple(one for one in states(turned, at=at) if deed in {None, one.deed})


def turned_off(*, at: datetime, deed: Deed | None = None) -> tuple[WayState, ...]:
    """Return the ways (of one deed) that are off at a moment."""
    return tuple(one for one in way_states(at=at, deed=deed) if not one.is_on)


def check_channel(way: Way, deed: Deed, *, at: datetime) -> None:
    """Raise Conflict("channel_is_off", redirect=…) while the way is off; a way that is not offered is never off."""
    for is_on, redirect in planned_rows(_LAST_TURN, [way.value, deed.value, at]):
        if not is_on:
            raise Conflict("channel_is_off", redirect=redirect)


def turns(*, limit: int) -> list[TurnView]:
    """Return the turns of all switches, the latest first."""
    rows = ChannelSwitch.objects.order_by("-from_at", "-pk")[:limit]
    return [TurnView(_switch(row), row.turned_by, row.turned_at) for row in rows]


def _switch(row: ChannelSwitch) -> Switch:
    return Switch(Way(row.way), Deed(row.deed), row.is_on, row.redirect, row.reason, row.from_at)

"""The hours in which messages that can wait are not sent."""

from __future__ import annotations

from datetime import date

from svet.domains.notifications.rules import Quiet
from svet.infra.planned import planned_rows

_IN_FORCE = "SELECT begins, ends FROM notifications_quiet_hours WHERE valid @> %s::date"


def quiet_hours(on: date) -> Quiet | None:
    """Return the quiet hours in force on a day, None where there are none."""
    found = planned_rows(_IN_FORCE, [on])
    return Quiet(*found[0]) if found else None

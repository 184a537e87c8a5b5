"""What the tablet of a window asks: the visit that ended there last, for a minute, until the next visitor is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from svet.domains.visits.rules import label
from svet.infra.planned import planned_rows

ASKED_FOR = timedelta(seconds=60)
"""How long a visitor who leaves is asked; the next one finds no question about somebody else's visit."""


@dataclass(frozen=True, slots=True)
class AskedAtWindow:
    """A visit that ended at a window a moment ago and is not rated."""

    ticket_id: int
    label: str
    ended_at: datetime


_ASKED = """
SELECT t.id, t.letter, t.number, t.ended_at
  FROM (SELECT ticket_id, happened FROM visits_event
         WHERE window_id = %s AND happened IN ('begun', 'finished') ORDER BY id DESC LIMIT 1) last
  JOIN visits_ticket t ON t.id = last.ticket_id
  LEFT JOIN visits_rating r ON r.ticket_id = t.id
 WHERE last.happened = 'finished' AND t.state = 'served' AND t.ended_at > %s AND r.id IS NULL
"""


def asked_at_window(window_id: int, *, at: datetime) -> AskedAtWindow | None:
    """Return the visit of which the tablet of a window asks now, None while it rests."""
    for ticket_id, letter, number, ended_at in planned_rows(_ASKED, [window_id, at - ASKED_FOR]):
        return AskedAtWindow(ticket_id, label(letter, number), ended_at)
    return None

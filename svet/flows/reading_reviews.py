"""The worklist of held readings: grouped by what looks wrong, each beside the history of its dial.

Opening one shows how a household uses energy: that is a look at personal data and is recorded as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from svet.domains.access.rules import LookPurpose
from svet.domains.accounts import actions as accounts
from svet.domains.metering import queries as metering
from svet.domains.metering.queries import HeldReading, HistoryRow
from svet.kernel.errors import NotFound
from svet.kernel.findings import Finding, Level

SHOWN, MOST, BEFORE = 100, 1000, 13


@dataclass(frozen=True, slots=True)
class Cause:
    """Readings that wait for one reason, with one of the findings to show."""

    code: str
    example: Finding
    count: int


@dataclass(frozen=True, slots=True)
class Worklist:
    """What waits, the oldest first: all of it counted by cause, and the first of those of the chosen cause."""

    total: int
    causes: tuple[Cause, ...]
    chosen: str
    readings: tuple[HeldReading, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """The difference of two readings of a dial, in units of the dial; the held one's is not certain."""

    taken_on: date
    difference: Decimal
    is_held: bool


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One held reading, the steps of its dial before it, the oldest first, and how many wait with it."""

    reading: HeldReading
    steps: tuple[Step, ...]
    waiting: int


def worklist(*, code: str = "") -> Worklist:
    """Return what waits, of one cause when its code is given; an unknown code gives an empty list."""
    held = metering.held(limit=MOST)
    counted = Counter(_code(one) for one in held)
    examples = {_code(one): finding for one in reversed(held) for finding in one.findings if finding.code == _code(one)}
    causes = tuple(Cause(cause, examples[cause], count) for cause, count in counted.most_common() if cause in examples)
    chosen = [one for one in held if not code or _code(one) == code]
    return Worklist(total=len(held), causes=causes, chosen=code, readings=tuple(chosen[:SHOWN]))


def page(reading_id: int, *, user_id: int, roles: Iterable[str], code: str, at: datetime) -> ReviewPage:
    """Return one held reading with the history of its dial, and record the look; raise NotFound when it is not held."""
    waiting = [one for one in metering.held(limit=MOST) if not code or _code(one) == code]
    reading = next((one for one in waiting if one.reading_id == reading_id), None)
    if reading is None:
        raise NotFound(reading=reading_id)
    accounts.open_for_staff(
        user_id, roles, reading.account_number, purpose=LookPurpose.READING_CHECK, at=at, page="desk:review"
    )
    return ReviewPage(reading=reading, steps=_steps(reading), waiting=len(waiting))


def next_of(*, code: str) -> int | None:
    """Return the reading to decide about next, None when nothing waits any more."""
    return next((one.reading_id for one in metering.held(limit=MOST) if not code or _code(one) == code), None)


def _code(reading: HeldReading) -> str:
    """Return the code of what holds a reading: its first grave finding."""
    grave = [finding.code for finding in reading.findings if finding.level is not Level.NOTE]
    return (grave or [finding.code for finding in reading.findings] or [""])[0]


def _steps(reading: HeldReading) -> tuple[Step, ...]:
    of_the_dial: list[HistoryRow] = [
        row
        for row in reversed(metering.history(reading.account_id))
        if row.is_in_force and (row.meter_serial, row.position) == (reading.meter_serial, reading.position)
    ]
    steps = [Step(after.taken_on, after.value - before.value, is_held=False) for before, after in pairwise(of_the_dial)]
    if reading.previous is not None:
        steps.append(Step(reading.taken_on, reading.value - reading.previous, is_held=True))
    return tuple(steps[-BEFORE:])

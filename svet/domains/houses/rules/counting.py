"""What a house used in a month: by its meters, by its average, or not told at all.

reading        month not read        reading
──┤────────────┼─────────────────────┼────┤──
└── the whole rise; what was charged for the month not read is taken off ──┘
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from svet.domains.houses.rules import BY_AVERAGE, BY_METER, BY_NORM
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class Taken:
    """A reading of a house's meter; `passed_zero` when the dial started again since the one before."""

    taken_on: date
    value_wh: int
    passed_zero: bool = False


@dataclass(frozen=True, slots=True)
class Dial:
    """A meter of the house that hung there in the month, with its readings in force in order of days."""

    serial: str
    digits: int
    multiplier_e4: int
    readings: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """What an earlier month of the house was settled at."""

    month: Month
    rule: str
    house_wh: int
    is_plain: bool = True  # no earlier month was settled with it: it may go into an average


@dataclass(frozen=True, slots=True)
class Count:
    """One meter between two readings."""

    serial: str
    start: Taken
    end: Taken
    wh: int


@dataclass(frozen=True, slots=True)
class HouseUse:
    """What a house used and how that is known; `wh` is None by norm. `settled_wh` was charged before and is off."""

    rule: str
    wh: int | None
    counts: tuple[Count, ...] = ()
    settled_wh: int = 0
    averaged: tuple[Month, ...] = field(default=())


def house_use(dials: Sequence[Dial], earlier: Sequence[Settled], *, month: Month, policies: Policies) -> HouseUse:
    """Return what the house used in `month`; `earlier` are its settled months in order.

    All meters are read, or none counts. Worked example: 100 → 1,100 kWh with one month of 480 by average: 520 kWh.
    """
    counts = [count(dial, month=month) for dial in dials]
    told = tuple(one for one in counts if one is not None)
    if told and len(told) == len(counts):
        since = min(Month.of(one.start.taken_on) for one in told)
        off = [one for one in earlier if since < one.month < month and one.rule != BY_METER]
        settled = sum(one.house_wh for one in off)
        return HouseUse(BY_METER, sum(one.wh for one in told) - settled, told, settled)
    metered = [one for one in earlier if one.rule == BY_METER and one.is_plain and one.month < month]
    metered = metered[-policies.average_window_months :]
    in_a_row, before = 0, month.previous
    rules = {one.month: one.rule for one in earlier}
    while rules.get(before) == BY_AVERAGE:
        in_a_row, before = in_a_row + 1, before.previous
    may = bool(dials) and in_a_row < policies.house_average_limit_months
    if may and len(metered) >= policies.average_min_months:
        total = sum(one.house_wh for one in metered)
        return HouseUse(BY_AVERAGE, half_up(total, len(metered)), averaged=tuple(one.month for one in metered))
    return HouseUse(BY_NORM, None)


def count(dial: Dial, *, month: Month) -> Count | None:
    """Return what a meter shows of the month: from its last reading before it, else from its first one in it."""
    within = [one for one in dial.readings if one.taken_on in month.period]
    before = [one for one in dial.readings if one.taken_on < month.first_on]
    row = [*before[-1:], *within]
    if not within or len(row) < 2:
        return None
    rise = 0
    for earlier, later in pairwise(row):
        rise += later.value_wh - earlier.value_wh + (10**dial.digits * 1000 if later.passed_zero else 0)
    return Count(dial.serial, row[0], row[-1], half_up(rise * dial.multiplier_e4, 10_000))


def half_up(top: int, bottom: int) -> int:
    """Return top / bottom (> 0) as a whole number, halves away from zero.

    >>> half_up(-15, 10), half_up(14, 10)
    (-2, 1)
    """
    size = (abs(top) * 2 + bottom) // (bottom * 2)
    return size if top >= 0 else -size

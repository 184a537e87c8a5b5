"""The balance of a house in a month, and each dwelling's share of what is nobody's own.

Shares are the steps of a rounded running sum: with what falls to other premises they add up to the house exactly, and
each is within 0.001 kWh of the formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

from svet.domains.houses.rules import BY_NORM, GIVEN_BACK, Excess, Negative
from svet.domains.houses.rules.counting import HouseUse, half_up


@dataclass(frozen=True, slots=True)
class Terms:
    """What a house is settled by; areas in hundredths of m², the norm in Wh per m² of common area and month."""

    common_area_e2: int | None
    all_area_e2: int
    norm_wh: int | None
    excess: Excess
    negative: Negative


@dataclass(frozen=True, slots=True)
class OwnUse:
    """What is somebody's own in a house, by how it is known; `other_wh` is that of premises that are not dwellings."""

    measured_wh: int = 0
    average_wh: int = 0
    norm_wh: int = 0
    other_wh: int = 0

    @property
    def wh(self) -> int:
        """All of it."""
        return self.measured_wh + self.average_wh + self.norm_wh + self.other_wh


@dataclass(frozen=True, slots=True)
class Balance:
    """A settled house: `charged_wh` goes to its area, `uncharged_wh` to nobody, `carried_wh` to the next month."""

    rule: str
    house_wh: int
    difference_wh: int
    limit_wh: int | None
    charged_wh: int
    uncharged_wh: int
    carried_wh: int


@dataclass(frozen=True, slots=True)
class Dwelling:
    """An account's part of a house: its area, in how many parts that is divided, its days, what it used itself."""

    account_id: int
    supply_point_id: int
    area_e2: int
    parts: int
    days: int
    own_wh: int


@dataclass(frozen=True, slots=True)
class Share:
    """What falls to a dwelling; less than nothing is given back."""

    dwelling: Dwelling
    wh: int


def balance(use: HouseUse, own: OwnUse, terms: Terms, *, carried_wh: int = 0) -> Balance | None:
    """Return the balance; None when neither a meter nor a norm tells anything.

    1,000 kWh by meter, 950 own: 50 are common. With a norm of 0.2 kWh × 200 m² = 40 the supplier bears 10, if he does.
    """
    limit = None
    if terms.norm_wh is not None and terms.common_area_e2 is not None:
        limit = half_up(terms.norm_wh * terms.common_area_e2, 100)
    if use.wh is None:
        return None if limit is None else Balance(BY_NORM, own.wh + limit, limit, limit, limit, 0, carried_wh)
    difference = use.wh - own.wh
    due = difference + carried_wh
    if due < 0:
        if terms.negative is Negative.CARRY:
            return Balance(use.rule, use.wh, difference, limit, 0, 0, due)
        back = due if terms.negative is Negative.TO_FLATS else 0
        return Balance(GIVEN_BACK if back else use.rule, use.wh, difference, limit, back, due - back, 0)
    charged = min(due, limit) if terms.excess is Excess.SUPPLIER and limit is not None else due
    return Balance(use.rule, use.wh, difference, limit, charged, due - charged, 0)


def shares(charged_wh: int, dwellings: Sequence[Dwelling], *, all_area_e2: int, month_days: int) -> list[Share]:
    """Return the share of each dwelling, in order of accounts; what is missing to the whole falls to other premises.

    Nobody gets back more than he used. 50 kWh, 50 m² of 1,000 for the whole month: 2.5 kWh.
    """
    common = lcm(*(one.parts for one in dwellings)) if dwellings else 1
    whole = all_area_e2 * month_days * common
    found, run, reached = [], 0, 0
    for one in sorted(dwellings, key=lambda each: (each.account_id, each.supply_point_id)):
        run += one.area_e2 * one.days * (common // one.parts)
        upto = half_up(charged_wh * run, whole)
        found.append(Share(one, max(upto - reached, -max(one.own_wh, 0))))
        reached = upto
    return found


def is_too_small(dwellings: Sequence[Dwelling], *, all_area_e2: int, month_days: int) -> bool:
    """Say whether the dwellings have more area than the house, or one has none."""
    common = lcm(*(one.parts for one in dwellings)) if dwellings else 1
    taken = sum(one.area_e2 * one.days * (common // one.parts) for one in dwellings)
    return all_area_e2 <= 0 or taken > all_area_e2 * month_days * common or any(not one.area_e2 for one in dwellings)

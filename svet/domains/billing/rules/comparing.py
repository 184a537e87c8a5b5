"""Why a bill is not what it was the month before: the difference in roubles, split by reason, exact to the kopeck.

The order is fixed. Corrections, penalties, benefits and acts of unmetered use first, as they stand in the bills. Then,
for every supply point, zone and step that both bills have: price (the new kWh at the new less the old price), days (the
old amount for as many days more or fewer), and the rest is use, or method where the energy was found another way. What
no line bears is `OTHER`, so that the parts always add up to the difference.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from svet.domains.billing.rules.benefits import CODES as BENEFIT_CODES
from svet.domains.billing.rules.documents import BillLine
from svet.domains.billing.rules.quality import REDUCED
from svet.domains.billing.rules.unmetered import BY_ACT
from svet.domains.houses.rules import SHARED
from svet.domains.metering.rules import VolumeBasis
from svet.kernel.energy import TimeBand
from svet.kernel.money import round_to_kopeck
from svet.kernel.period import Month

ZERO = Decimal("0.00")
Key = tuple[int, TimeBand, int]
_BESIDE = (*BENEFIT_CODES, BY_ACT)
"""Lines that are told as reasons of their own."""


class Reason(StrEnum):
    """What made a bill larger or smaller than the one before, in the order in which it is told."""

    VOLUME = "volume"
    PRICE = "price"
    DAYS = "days"
    METHOD = "method"
    HOUSE = "house"
    BENEFITS = "benefits"
    UNMETERED = "unmetered"
    CORRECTIONS = "corrections"
    PENALTIES = "penalties"
    OTHER = "other"


class MonthsBill(Protocol):
    """What is compared of a bill: its lines (kWh, roubles with tax) and sums."""

    @property
    def month(self) -> Month: ...  # noqa: D102
    @property
    def lines(self) -> tuple[BillLine, ...]: ...  # noqa: D102
    @property
    def charged(self) -> Decimal: ...  # noqa: D102
    @property
    def corrected(self) -> Decimal: ...  # noqa: D102
    @property
    def penalties(self) -> Decimal: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Part:
    """So many roubles of the difference for this reason: plus made the new bill larger."""

    reason: Reason
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """The earlier month, what both months cost, and the parts of the difference (none is zero)."""

    before: Month
    was: Decimal
    became: Decimal
    parts: tuple[Part, ...]

    @property
    def difference(self) -> Decimal:
        """What the later month cost more (minus: less), in roubles."""
        return self.became - self.was


@dataclass(frozen=True, slots=True)
class _Used:
    kwh: Decimal
    amount: Decimal
    days: int
    rates: frozenset[Decimal]
    bases: frozenset[VolumeBasis]


def compare(now: MonthsBill, *, before: MonthsBill) -> Comparison:
    """Return why the month of `now` cost more or less than that of `before`; the parts add up to the difference.

    What a month cost is charged + corrected + penalties; debts carried over and payments are no part of it. A line
    of less than nothing, or of an earlier month, settles an earlier estimate and counts as a correction.
    """
    sums: dict[Reason, Decimal] = defaultdict(lambda: ZERO)
    old, new = _used(before), _used(now)
    for key in old.keys() | new.keys():
        for reason, amount in _split(old.get(key), new.get(key)).items():
            sums[reason] += amount
    sums[Reason.HOUSE] = _of_rules(now, SHARED) - _of_rules(before, SHARED)
    sums[Reason.BENEFITS] = _of_rules(now, BENEFIT_CODES) - _of_rules(before, BENEFIT_CODES)
    sums[Reason.UNMETERED] = _of_rules(now, (BY_ACT,)) - _of_rules(before, (BY_ACT,))
    sums[Reason.CORRECTIONS] = now.corrected - before.corrected + _settled(now) - _settled(before)
    sums[Reason.PENALTIES] = now.penalties - before.penalties
    was, became = (one.charged + one.corrected + one.penalties for one in (before, now))
    sums[Reason.OTHER] = became - was - sum(sums.values(), ZERO)
    return Comparison(before.month, was, became, tuple(Part(one, sums[one]) for one in Reason if sums[one]))


def _is_use(line: BillLine, month: Month) -> bool:
    """Whether the line is of what the month used: not taken back, not of an earlier month, nothing beside energy."""
    return line.rule not in (REDUCED, *_BESIDE) and line.kwh >= 0 and line.from_on >= month.first_on


def _used(bill: MonthsBill) -> dict[Key, _Used]:
    kept: dict[Key, list[BillLine]] = defaultdict(list)
    for line in bill.lines:
        if _is_use(line, bill.month):
            kept[line.supply_point_id, line.band, line.step].append(line)
    return {
        key: _Used(
            kwh=sum((line.kwh for line in group), Decimal(0)),
            amount=sum((line.amount for line in group), ZERO),
            days=sum((end - start).days for start, end in {(line.from_on, line.until_on) for line in group}),
            rates=frozenset(line.rate for line in group),
            bases=frozenset(line.basis for line in group),
        )
        for key, group in kept.items()
    }


def _split(old: _Used | None, new: _Used | None) -> dict[Reason, Decimal]:
    if old is None or new is None:
        return {Reason.VOLUME: (new.amount if new else ZERO) - (old.amount if old else ZERO)}
    price, days = _price_part(old, new), _days_part(old, new)
    rest = Reason.VOLUME if old.bases == new.bases else Reason.METHOD
    return {Reason.PRICE: price, Reason.DAYS: days, rest: new.amount - old.amount - price - days}


def _price_part(old: _Used, new: _Used) -> Decimal:
    """The new kWh at the new price less the same kWh at the old; a mean price where one month had several."""
    if old.kwh == 0 or new.kwh == 0 or (old.rates == new.rates and len(old.rates) == 1):
        return ZERO
    old_rate = next(iter(old.rates)) if len(old.rates) == 1 else old.amount / old.kwh
    return new.amount - round_to_kopeck(new.kwh * old_rate)


def _days_part(old: _Used, new: _Used) -> Decimal:
    """The old amount for as many days more or fewer, spread evenly over the old days."""
    if old.days <= 0 or new.days <= 0:
        return ZERO
    return round_to_kopeck(old.amount * (new.days - old.days) / old.days)


def _settled(bill: MonthsBill) -> Decimal:
    rest = (line for line in bill.lines if not _is_use(line, bill.month) and line.rule not in _BESIDE)
    return sum((line.amount for line in rest), ZERO)


def _of_rules(bill: MonthsBill, codes: tuple[str, ...]) -> Decimal:
    return sum((line.amount for line in bill.lines if line.rule in codes), ZERO)

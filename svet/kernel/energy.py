"""Energy values shared by all: kWh with three digits, zones of the day, classes of consumers.

No prices here (domains/tariffs) and no readings (domains/metering).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

KWH_QUANTUM = Decimal("0.001")


class TimeBand(StrEnum):
    """A tariff zone of the day (тарифная зона). `ALL_DAY` is the only band of a one-rate meter."""

    ALL_DAY = "all"
    DAY = "day"
    NIGHT = "night"
    PEAK = "peak"
    HALF_PEAK = "half_peak"


class Zoning(StrEnum):
    """How many zones a price or a meter has; the value is that number as text."""

    ONE = "1"
    TWO = "2"
    THREE = "3"


BANDS: dict[Zoning, tuple[TimeBand, ...]] = {
    Zoning.ONE: (TimeBand.ALL_DAY,),
    Zoning.TWO: (TimeBand.DAY, TimeBand.NIGHT),
    Zoning.THREE: (TimeBand.PEAK, TimeBand.HALF_PEAK, TimeBand.NIGHT),
}
"""The bands of each zoning, in the order in which bills print them (T1, T2, T3)."""


class ConsumerCategory(StrEnum):
    """The class of a supply point that decides its tariff (dossier 1.6)."""

    URBAN_GAS = "urban_gas"
    URBAN_ELECTRIC = "urban_electric"
    RURAL = "rural"


def exact_kwh(volume: Decimal | int | str) -> Decimal:
    """Return `volume` as kWh with exactly three digits; raise ValueError when that would round."""
    if isinstance(volume, float):
        raise TypeError("energy is never a float")
    value = Decimal(volume)
    if not value.is_finite():
        raise ValueError(f"not a volume: {volume!r}")
    exact = value.quantize(KWH_QUANTUM, rounding=ROUND_HALF_UP)
    if exact != value:
        raise ValueError(f"a fraction of a watt-hour: {volume!r}")
    return exact

"""The benchmark: figures measured in one run, each beside its physical floor.

Every public module here has `run(size, *, at) -> dict[str, Figure]`; `svet bench` calls them and prints the table.
Machines differ and are noisy: the ratio to the floor is what to watch, never a time by itself.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. `floor` is the best this machine could do in the same unit, `ratio` floor / value."""

    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None

    @classmethod
    def against(cls, value: float, *, floor: float, unit: str) -> Figure:
        """Return the figure with its ratio: how many times slower than the floor."""
        return cls(value=value, unit=unit, floor=floor, ratio=floor / value if value else None)

    def as_json(self) -> dict[str, Any]:
        """Return the form written to var/bench."""
        return {
            name: round(number, 3) if isinstance(number, float) else number for name, number in asdict(self).items()
        }

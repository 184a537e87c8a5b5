"""Charts that only the desk shows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from svet.surfaces.web.charts import Bar, Chart
from svet.surfaces.web.templatetags.svet import number, short_day


class DialStep(Protocol):
    """The difference of two readings of one dial."""

    @property
    def taken_on(self) -> object: ...  # noqa: D102
    @property
    def difference(self) -> Decimal: ...  # noqa: D102
    @property
    def is_held(self) -> bool: ...  # noqa: D102


def dial_chart(steps: Sequence[DialStep]) -> Chart | None:
    """Return the chart of these differences, oldest first, the held one pale; None when there is nothing to compare."""
    if len(steps) < 2:
        return None
    values = [step.difference for step in steps]
    bars = [
        Bar(
            label=short_day(step.taken_on)[:5],  # type: ignore[arg-type]
            name=short_day(step.taken_on),  # type: ignore[arg-type]
            value=max(step.difference, Decimal(0)),
            shown=number(step.difference),
            weak=step.is_held,
        )
        for step in steps
    ]
    return Chart(
        title="На сколько прибавлялось показание",
        description=f"От {number(min(values))} до {number(max(values))}, последнее на проверке",
        unit="разница",
        bars=bars,
        top_label=number(max(values)),
        strong_name="принято",
        weak_name="на проверке",
    )

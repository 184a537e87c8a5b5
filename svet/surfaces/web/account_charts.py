"""The chart of an account's twelve months, for the account area and the desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from svet.kernel.energy import exact_kwh
from svet.kernel.period import Month
from svet.surfaces.web.charts import Bar, Chart
from svet.surfaces.web.templatetags.svet import MONTHS, kwh, month_name, number


class UsedMonth(Protocol):
    """A month of use: kWh, or None where nothing was charged."""

    @property
    def month(self) -> Month: ...  # noqa: D102
    @property
    def kwh(self) -> object: ...  # noqa: D102
    @property
    def is_estimated(self) -> bool: ...  # noqa: D102


def consumption_chart(months: Sequence[UsedMonth]) -> Chart | None:
    """Return the chart of these months, oldest first; None when nothing was used in any."""
    values = [None if one.kwh is None else exact_kwh(str(one.kwh)) for one in months]
    known = [value for value in values if value is not None]
    if not known:
        return None
    bars = [
        Bar(
            label=MONTHS[one.month.first_on.month - 1][:3],
            name=month_name(one.month),
            value=value,
            shown="—" if value is None else number(value),
            weak=one.is_estimated,
        )
        for one, value in zip(months, values, strict=True)
    ]
    return Chart(
        title="Расход по месяцам",
        description=f"От {kwh(min(known))} до {kwh(max(known))} в месяц",
        unit="кВт·ч",
        bars=bars,
        top_label=kwh(max(known)),
    )

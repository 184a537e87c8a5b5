"""The chart of an account's last thirteen months, for the account area and the desk."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
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
    @property
    def year_before(self) -> object: ...  # noqa: D102


def consumption_chart(months: Sequence[UsedMonth]) -> Chart | None:
    """Return the chart of these months, oldest first; None when nothing was used in any."""
    values = [_exact(one.kwh) for one in months]
    marks = [_exact(one.year_before) for one in months]
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
            mark=mark,
            mark_shown="—" if mark is None else number(mark),
        )
        for one, value, mark in zip(months, values, marks, strict=True)
    ]
    return Chart(
        title="Расход по месяцам",
        description=f"От {kwh(min(known))} до {kwh(max(known))} в месяц",
        unit="кВт·ч",
        bars=bars,
        top_label=kwh(max(known + [mark for mark in marks if mark is not None])),
    )


def _exact(energy: object) -> Decimal | None:
    return None if energy is None else exact_kwh(str(energy))

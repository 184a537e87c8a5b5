"""Bar charts drawn on the server: SVG bars without text (labels are HTML, so they keep their size), 0.1 ms each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_numbers = count(1)
HEIGHT, SLOT, GAP = 100, 20, 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a short label under it, a full name and a shown value for the table, and whether it is an estimate.

    `mark` is a value to compare with (the year before), drawn as a thin line across the bar's place.
    """

    label: str
    name: str
    value: Decimal | None
    shown: str
    weak: bool = False
    mark: Decimal | None = None
    mark_shown: str = "—"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its words; the template component `c-chart` shows it."""

    title: str
    description: str
    unit: str
    bars: Sequence[Bar]
    top_label: str = ""
    strong_name: str = "по счётчику"
    weak_name: str = "расчётным способом"
    mark_name: str = "год назад"
    name_heading: str = "Месяц"
    kind_heading: str = "Как определено"

    @property
    def has_weak(self) -> bool:
        """Whether a key to the two colours is needed."""
        return any(bar.weak for bar in self.bars)

    @property
    def has_marks(self) -> bool:
        """Whether some bar has a value of the year before."""
        return any(bar.mark is not None for bar in self.bars)

    @property
    def svg(self) -> SafeString:
        """The drawing; its title and description are for those who do not see it."""
        number = next(_numbers)
        known = [value for bar in self.bars for value in (bar.value, bar.mark) if value is not None]
        top = max(known, default=Decimal(0)) or Decimal(1)
        width = SLOT * max(len(self.bars), 1)
        parts = [
            f'<svg viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none" role="img"'
            f' aria-labelledby="chart-{number}-title chart-{number}-text">',
            f'<title id="chart-{number}-title">{escape(self.title)}</title>',
            f'<desc id="chart-{number}-text">{escape(self.description)}</desc>',
        ]
        for level in (0, HEIGHT // 2, HEIGHT):
            parts.append(
                f'<line class="grid" x1="0" x2="{width}" y1="{level}" y2="{level}" vector-effect="non-scaling-stroke"/>'
            )
        for place, bar in enumerate(self.bars):
            if bar.value is not None and bar.value > 0:
                height = max(1, round(bar.value / top * HEIGHT))
                kind = "bar weak" if bar.weak else "bar"
                parts.append(
                    f'<rect class="{kind}" x="{place * SLOT + GAP}" y="{HEIGHT - height}"'
                    f' width="{SLOT - 2 * GAP}" height="{height}"/>'
                )
            if bar.mark is not None and bar.mark > 0:
                level = HEIGHT - max(1, round(bar.mark / top * HEIGHT))
                parts.append(
                    f'<line class="mark" x1="{place * SLOT + 1}" x2="{(place + 1) * SLOT - 1}" y1="{level}"'
                    f' y2="{level}" vector-effect="non-scaling-stroke"/>'
                )
        return mark_safe("".join([*parts, "</svg>"]))  # noqa: S308 (every text in it is escaped above)

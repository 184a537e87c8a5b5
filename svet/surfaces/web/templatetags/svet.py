"""The filters that format numbers and dates, one each. Numbers never break across lines (U+00A0)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import template

register = template.Library()

NBSP = "\u00a0"
MINUS = "\u2212"


def _grouped(value: Decimal, digits: int) -> str:
    text = f"{abs(value):,.{digits}f}".replace(",", NBSP).replace(".", ",")
    return f"{MINUS}{text}" if value < 0 else text


@register.filter
def rub(amount: Decimal | None) -> str:
    """Show roubles with kopecks: 2 153,40 ₽."""
    return "" if amount is None else f"{_grouped(Decimal(amount), 2)}{NBSP}₽"


@register.filter
def kwh(volume: Decimal | None) -> str:
    """Show kWh without needless zeros: 237 кВт·ч."""
    if volume is None:
        return ""
    value = Decimal(volume).normalize()
    return f"{_grouped(value, max(0, -int(value.as_tuple().exponent)))}{NBSP}кВт·ч"


@register.filter
def month_name(month: date) -> str:
    """Show a month in words: октябрь 2026."""
    names = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split()  # noqa: SIM905
    return f"{names[month.month - 1]}{NBSP}{month.year}"

"""What pages of answers ask: an entry of a mapping, the words of a letter's way, a draft's place on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from svet.surfaces.desk.answer_words import DELIVERY

register = template.Library()


@register.filter
def of(found: Mapping[int, Any], key: int) -> Any:
    """Return the entry of a mapping, None where there is none."""
    return found.get(key)


@register.filter
def delivery_word(state: str) -> str:
    """Return the words of a letter's way."""
    return DELIVERY.get(state, state)


@register.filter
def stars(score: int) -> str:
    """Return a rating as stars, full and empty."""
    return "★" * score + "☆" * (5 - score)


@register.filter
def long_hours(hours: float | None) -> str:
    """Return a time in hours, from two days on in days, within the first hour in minutes; a dash where there is none.

    >>> long_hours(0.02), long_hours(0.999), long_hours(5.25), long_hours(50)
    ('1 мин', '1,0 ч', '5,2 ч', '2,1 дн.')
    """
    if hours is None:
        return "—"
    if (minutes := round(hours * 60)) < 60:
        return f"{minutes} мин"
    return f"{hours / 24:.1f} дн.".replace(".", ",", 1) if hours >= 48 else f"{hours:.1f} ч".replace(".", ",")

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
    """Return a time in hours, from two days on in days; a dash where there is none."""
    if hours is None:
        return "—"
    return f"{hours / 24:.1f} дн.".replace(".", ",", 1) if hours >= 48 else f"{hours:.1f} ч".replace(".", ",")

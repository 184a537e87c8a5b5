"""Words of debts and penalties for templates."""

from __future__ import annotations

from datetime import date

from django import template

from svet.surfaces.web import messages, penalty_words
from svet.surfaces.web.templatetags.svet import day as day_in_words
from svet.surfaces.web.templatetags.svet import month_name

register = template.Library()


@register.filter
def stage_name(stage: str) -> str:
    """Return how far a debt is overdue, in words."""
    return penalty_words.STAGES[stage]


@register.filter
def unknown_text(finding: tuple[str, date]) -> str:
    """Return what is not known for a penalty, and for which day."""
    code, on = finding
    return messages.FINDINGS[code].format(day=month_name(on) if code == "N92" else day_in_words(on))


@register.filter
def policy_name(name: str) -> str:
    """Return what a switch of penalties is about."""
    return penalty_words.POLICIES.get(name, name)


@register.filter
def policy_value(value: str) -> str:
    """Return the value of a switch of penalties in words."""
    return penalty_words.VALUES.get(value, value)


@register.filter
def policy_reason(name: str) -> str:
    """Return why a switch of penalties is a choice."""
    return penalty_words.REASONS.get(name, "")

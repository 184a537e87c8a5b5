"""Houses, interruptions, revisions and switches of calculation in words, for the templates of who runs billing."""

from __future__ import annotations

from decimal import Decimal

from django import template

from svet.kernel.money import from_kopecks
from svet.surfaces.web import benefit_words, house_words, outage_words, policy_words, revision_words, words

register = template.Library()


@register.filter
def house_finding(code: str) -> str:
    """Return what an engineer should look at in a house."""
    return house_words.FINDINGS[code]


@register.filter
def house_rule(code: str) -> str:
    """Return how the use of a house is known."""
    return house_words.RULES[code]


@register.filter
def house_choice(name: str) -> str:
    """Return what is done above the norm, or where dwellings used more than the house."""
    return (house_words.EXCESS | house_words.NEGATIVE)[name]


@register.filter
def outage_kind(kind: str) -> str:
    """Return what happened to the supply, in words."""
    return outage_words.KINDS[str(kind)]


@register.filter
def ongoing_step(kind: str) -> str:
    """Return what became of an interruption that goes on, in words."""
    return outage_words.STEPS[str(kind)]


@register.filter
def condition_kind(kind: str) -> str:
    """Return what is the matter with a meter, in words."""
    return outage_words.CONDITIONS[str(kind)]


@register.filter
def unmetered_kind(kind: str) -> str:
    """Return what an act of unmetered use found, in words."""
    return benefit_words.KINDS[str(kind)]


@register.filter
def changed_under(why: str) -> str:
    """Return what changed under charged months, in words."""
    return benefit_words.WHY[str(why)][0]


@register.filter
def cause_of(why: str) -> str:
    """Return the cause of the revision that settles what changed."""
    return benefit_words.WHY[str(why)][1]


@register.filter
def revision_scope(scope: str) -> str:
    """Show of whom a revision is."""
    kind, _, word = scope.partition(":")
    return revision_words.scope_text(scope, category=words.of(word) if kind == "category" else "")


@register.filter
def revision_cause(cause: str) -> str:
    """Show why past months are charged anew."""
    return revision_words.CAUSES[cause]


@register.filter
def revision_state(state: str) -> tuple[str, str]:
    """Return the kind of tag and the words of a revision's state."""
    return revision_words.STATES[state]


@register.filter
def revised_state(state: str) -> str:
    """Show what became of one account of a revision."""
    return revision_words.ACCOUNT_STATES[state]


@register.filter
def kopecks(amount: int) -> Decimal:
    """Return whole kopecks as roubles."""
    return from_kopecks(amount)


@register.filter
def switch_name(name: str) -> str:
    """Show what a switch of calculation decides."""
    return policy_words.NAMES[name]


@register.filter
def switch_reason(name: str) -> str:
    """Show why it is a choice."""
    return policy_words.REASONS[name]


@register.filter
def switch_value(value: str) -> str:
    """Show the value of a switch in words."""
    return policy_words.value_text(value)

"""How the journal is told: the words of an operation, the facts that it changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from svet.surfaces.web import journal_words, messages

register = template.Library()
AS_WRITTEN = frozenset({"value", "number", "bill", "receipt", "benefit_name", "holder", "document"})


@register.filter
def operation(verb: str) -> str:
    """Show what was done, the code itself where it has no words."""
    return journal_words.VERBS.get(verb, verb)


@register.filter
def changed(facts: Mapping[str, Any]) -> str:
    """Show the facts that have a name, as people write them."""
    named = [(journal_words.FACTS[name], name, value) for name, value in facts.items() if name in journal_words.FACTS]
    return ", ".join(
        f"{title} {value if name in AS_WRITTEN else messages.as_people_write(value)}"
        for title, name, value in named
        if value not in (None, "") and not isinstance(value, Mapping)
    )

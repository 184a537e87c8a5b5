"""The exchange with the state portal in words, for the desk's templates."""

from __future__ import annotations

from django import template

from svet.surfaces.web import gis_words

register = template.Library()


@register.filter
def asked(kind: str) -> str:
    """Return what a request asks of the portal."""
    return gis_words.KINDS.get(kind, kind)


@register.filter
def state_word(state: str) -> str:
    """Return where a request stands."""
    return gis_words.STATES[state][1]


@register.filter
def state_colour(state: str) -> str:
    """Return the colour of where a request stands."""
    return gis_words.STATES[state][0]


@register.filter
def problem(code: str) -> str:
    """Return what went wrong."""
    return gis_words.problem(code)


@register.filter
def portal_status(status: str) -> str:
    """Return the portal's state of an appeal."""
    return gis_words.STATUSES.get(status, status)


@register.filter
def portal_event(what: str) -> str:
    """Return what was done with an appeal on the portal."""
    return gis_words.EVENTS.get(what, what)


@register.filter
def portal_note(data: dict[str, str]) -> str:
    """Return what an event of a case tells of the portal."""
    return gis_words.note(data.get("what", ""), action=data.get("action", ""))


@register.filter
def found_by(way: str) -> str:
    """Return by what an account was found."""
    return gis_words.FOUND_BY.get(way, "")

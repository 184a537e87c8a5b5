"""The live parts of pages by name: figures out of the records that billing uses, so that nobody types them. Pure."""

from __future__ import annotations

from enum import StrEnum


class LivePart(StrEnum):
    """What an editor may put among his words; how it is drawn, say the surfaces (surfaces/web/live_parts.py)."""

    TARIFFS = "tariffs"
    NORMS = "norms"
    SOCIAL_NORMS = "social_norms"
    OFFICES = "offices"
    PHONES = "phones"
    COMPANY = "company"
    READING_WAYS = "reading_ways"
    PAYMENT_WAYS = "payment_ways"
    PAYMENT_PLACES = "payment_places"
    APPEAL_WAYS = "appeal_ways"
    CONSEQUENCES = "consequences"
    FORMS = "forms"
    GRID_COMPANIES = "grid_companies"
    APPEAL_TERM = "appeal_term"
    BENEFITS = "benefits"

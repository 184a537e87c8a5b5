"""Offices and contacts: whom an office serves, weekly hours. Pure. Reading of the document is here too, in part
of its own once it grows: see `standard_text`.
"""

from __future__ import annotations

from enum import StrEnum


class Audience(StrEnum):
    """The two columns of Annex 1 and the two phone lines of Annex 2."""

    INDIVIDUALS = "individuals"
    LEGAL_ENTITIES = "legal_entities"

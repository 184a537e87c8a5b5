"""Pure rules of offices and contacts. The words that all modules here use."""

from enum import StrEnum


class Audience(StrEnum):
    """The two columns of Annex 1 and the two phone lines of Annex 2."""

    INDIVIDUALS = "individuals"
    LEGAL_ENTITIES = "legal_entities"

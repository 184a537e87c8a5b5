"""What kinds of customers there are (clause G1) and how each is named. Pure."""

from __future__ import annotations

from enum import StrEnum


class CustomerKind(StrEnum):
    """The four kinds of clause G1."""

    PERSON = "person"
    SOLE_TRADER = "sole_trader"
    COMPANY = "company"
    UTILITY_PROVIDER = "utility_provider"


class ContactKind(StrEnum):
    """How a customer can be reached."""

    PHONE = "phone"
    EMAIL = "email"
    POST = "post"


PERSONAL_KINDS = frozenset({CustomerKind.PERSON, CustomerKind.SOLE_TRADER})
"""Kinds that have a person's name; the others have an organisation's."""


def full_name(*, family_name: str, given_name: str, patronymic: str) -> str:
    """Return the name as letters are addressed: family name, given name, patronymic."""
    return " ".join(part for part in (family_name, given_name, patronymic) if part)

"""A day for which a list or figures are asked: of years that can hold any, so that no sum leaves the calendar."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
OTHER_YEARS = f"Введите день с {EARLIEST.year} по {LATEST.year} год"


def asked_day(label: str, *, required: str = "", example: str = "24.11.2026") -> forms.DateField:
    """Return the field of such a day; `required` is what to say when it is empty."""
    return forms.DateField(
        label=label,
        required=bool(required),
        validators=[MinValueValidator(EARLIEST, OTHER_YEARS), MaxValueValidator(LATEST, OTHER_YEARS)],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": required, "invalid": f"Введите день, например {example}"},
    )

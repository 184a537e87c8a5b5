"""Forms of penalties at the desk: the day a debt is looked at, a new key rate, up to when rates are known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

DAY = {"type": "date", "class": "date"}
LONG_AGO = date(2019, 12, 16)
SOURCE = "Откуда это известно, например: www.cbr.ru, сообщение от 24.07.2026"


def _day(label: str, example: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"required": "Укажите день", "invalid": f"Укажите день, например {example}"},
    )


class DayForm(forms.Form):
    """On which day debts and penalties are looked at; today unless it is said."""

    on = forms.DateField(
        label="На день",
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"invalid": "Укажите день, например 31.10.2026"},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        """Refuse days before the terms of penalties begin and days more than a year ahead."""
        on: date = self.cleaned_data["on"] or self.today
        if on < LONG_AGO:
            raise forms.ValidationError("Пени считаем с 16.12.2019: раньше нет ключевых ставок")
        if (on - self.today).days > 366:
            raise forms.ValidationError("Не дальше чем на год вперёд")
        return on


class SourceForm(forms.Form):
    """Whatever is said about rates names where it is known from."""

    source = forms.CharField(
        label="Источник",
        help_text=SOURCE,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Укажите, откуда это известно"},
    )


class KeyRateForm(SourceForm):
    """A key rate from a day on."""

    from_on = _day("Действует с", "26.10.2026")
    percent = forms.DecimalField(
        label="Ставка, % годовых",
        min_value=Decimal("0.01"),
        max_value=Decimal("99.99"),
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "required": "Укажите ставку",
            "invalid": "Укажите число, например 13,5",
            "min_value": "Ставка должна быть больше нуля",
            "max_value": "Ставка должна быть меньше 100",
            "max_decimal_places": "Не больше двух цифр после запятой",
            "max_digits": "Не больше двух цифр после запятой",
        },
    )
    field_order = ("from_on", "percent", "source")


class KnownForm(SourceForm):
    """Up to which day the rates are known."""

    known_until = _day(
        "Ставка известна по", "18.12.2026", "Обычно день перед тем, с которого может действовать новое решение"
    )
    field_order = ("known_until", "source")

"""Forms of houses: what a common meter showed, what other premises used, why a month is settled again."""

from __future__ import annotations

from typing import Any

from django import forms

from svet.domains.houses.actions import HouseReadingRefused
from svet.surfaces.desk.operation_forms import day_field, reason_field
from svet.surfaces.web import house_words

NUMBER = {
    "required": "Введите число", "invalid": "Только цифры и запятая, например 12345,6",
    "max_digits": "Слишком много цифр", "max_decimal_places": "Не больше трёх знаков после запятой",
    "max_whole_digits": "Слишком много цифр", "min_value": "Число не меньше нуля",
}  # fmt: skip


def _number(label: str, hint: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=hint, max_digits=13, decimal_places=3, min_value=0, localize=True,
        error_messages=NUMBER, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip


class _Refusing(forms.Form):
    def refuse(self, error: HouseReadingRefused, *, field: str) -> None:
        """Put what is wrong at its field."""
        why = str(error.facts["why"])
        text = house_words.REFUSED[why].format(**{"value": "", "before": "", **error.facts})
        places = {"no_reason": "reason", "in_the_future": "taken_on", "not_hanging": "taken_on"}
        place = places.get(why, field)
        self.add_error(place if place in self.fields else field, text)


class HouseReadingForm(_Refusing):
    """A reading of one of the house's meters."""

    prefix = "reading"

    meter = forms.ChoiceField(label="Счётчик дома", error_messages={"required": "Выберите счётчик"})
    taken_on = day_field("День показания", "Обычно с 23-го по 25-е число")
    value = _number("Показание")
    passed_zero = forms.BooleanField(label="Счётчик прошёл через ноль", required=False)
    reason = reason_field("Почему исправляется", "Только если за этот день показание уже есть")

    def __init__(self, *args: Any, meters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meter"].choices = meters  # type: ignore[attr-defined]
        self.fields["reason"].required = False


class OtherUseForm(_Refusing):
    """What premises that are not dwellings used in the month."""

    prefix = "other"

    kwh = _number("Расход нежилых помещений за месяц, кВт·ч")
    reason = reason_field("Почему исправляется", "Только если за этот месяц расход уже записан")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False


class SettleAgainForm(forms.Form):
    """Why a month of the house is settled again."""

    prefix = "settle"

    reason = reason_field("Почему дом рассчитывается", "Например: исправлено показание квартиры 12")


class TakeReadingBackForm(forms.Form):
    """Why a reading of the house never was."""

    reason = reason_field("Почему показание снимается", "Например: записано не тому дому")

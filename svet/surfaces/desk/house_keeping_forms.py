"""Forms that say what a house is: its name, premises, terms of common needs, meters; each says by what or why."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

from svet.surfaces.desk.house_forms import NUMBER
from svet.surfaces.desk.operation_forms import day_field, reason_field
from svet.surfaces.web import house_words

PUT_IN, TAKE_OUT = "put_in", "take_out"


def _text(label: str, *, most: int, hint: str = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=most, required=required,
        error_messages={"required": "Заполните", "max_length": f"Не длиннее {most} знаков"},
    )  # fmt: skip


def _number(label: str, *, digits: int, places: int, least: str, hint: str = "", required: bool = True) -> Any:
    told = NUMBER | {
        "max_decimal_places": f"Не больше {places} знаков после запятой",
        "min_value": f"Число не меньше {least.replace('.', ',')}",
    }
    return forms.DecimalField(
        label=label, help_text=hint, max_digits=digits, decimal_places=places, min_value=Decimal(least), localize=True,
        required=required, error_messages=told,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip


class NewHouseForm(forms.Form):
    """A building with several dwellings."""

    address = _text("Адрес", most=255, hint="Например: г. Светлогорье, ул. Садовая, д. 12")
    code = _text("Код дома", most=40, hint="Как дом называется в ГИС ЖКХ или у вас; у двух домов код не бывает один")
    reason = reason_field("Основание", "Например: договор с управляющей организацией № 14")


class PlacesForm(forms.Form):
    """Which premises are put into a house or taken out."""

    deed = forms.ChoiceField(
        label="Что сделать", choices=[(PUT_IN, "Добавить в дом"), (TAKE_OUT, "Убрать из дома")],
        widget=forms.RadioSelect, initial=PUT_IN, error_messages={"required": "Выберите, что сделать"},
    )  # fmt: skip
    address = _text("Адрес", most=120, required=False, hint="Найдутся все помещения по адресу. Например: Садовая 12")
    numbers = forms.CharField(
        label="Или лицевые счета", help_text="Через пробел, запятую или с новой строки", required=False,
        max_length=30_000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Слишком много счетов за один раз"},
    )  # fmt: skip
    reason = reason_field("Основание", "Например: технический паспорт дома")

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two ways to say where."""
        data = super().clean() or {}
        words = re.split(r"[\s,;]+", data.get("numbers", ""))
        data["account_numbers"] = tuple(dict.fromkeys(one for one in words if one))
        if bool(data.get("address")) == bool(data["account_numbers"]):
            self.add_error("address", "Укажите что-то одно: адрес или лицевые счета")
        return data


class TermsForm(forms.Form):
    """Who charges common needs of the house and by what, from a day."""

    from_on = day_field("С какого дня", "Действует до следующего изменения")
    charged_by = forms.ChoiceField(
        label="Кто начисляет общедомовые нужды",
        choices=[("supplier", "Мы, отдельной строкой счёта"), ("manager", "Управляющая организация в своей плате")],
        widget=forms.RadioSelect, error_messages={"required": "Выберите, кто начисляет"},
    )  # fmt: skip
    all_area_m2 = _number(
        "Площадь всех помещений, м²", digits=10, places=2, least="0.01", hint="Жилых и нежилых вместе, без общих"
    )
    common_area_m2 = _number(
        "Площадь общих помещений, м²", digits=10, places=2, least="0", required=False,
        hint="Лестницы, лифты, чердак. Нужна, если есть норматив",
    )  # fmt: skip
    norm_kwh_per_m2 = _number(
        "Норматив, кВт·ч на м² общих помещений", digits=8, places=3, least="0", required=False,
        hint="Если норматива нет, оставьте пустым",
    )  # fmt: skip
    excess = forms.ChoiceField(
        label="Сверх норматива", required=False,
        choices=[("", "Как у всех домов"), *((key, text.capitalize()) for key, text in house_words.EXCESS.items())],
    )  # fmt: skip
    negative = forms.ChoiceField(
        label="Если квартиры израсходовали больше дома", required=False,
        choices=[("", "Как у всех домов"), *((key, text.capitalize()) for key, text in house_words.NEGATIVE.items())],
    )  # fmt: skip
    source = reason_field("Документ", "Например: решение собственников от 12.03.2026, протокол № 2")


class HouseMeterForm(forms.Form):
    """A common meter that is hung."""

    serial = _text("Номер счётчика", most=50)
    from_on = day_field("Висит с какого дня")
    digits = forms.IntegerField(
        label="Знаков до запятой", initial=6, min_value=3, max_value=9,
        error_messages={
            "required": "Введите число", "invalid": "Введите целое число",
            "min_value": "Не меньше 3", "max_value": "Не больше 9",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    multiplier = _number(
        "Коэффициент трансформации", digits=10, places=4, least="0.0001", hint="1, если трансформаторов тока нет"
    )
    reason = reason_field("Основание", "Например: акт допуска № 7 от 01.10.2026")


class MeterDownForm(forms.Form):
    """The day from which a common meter hangs in the house no more."""

    on = day_field("Снят, день", "Последнее показание запишите этим днём до снятия")
    reason = reason_field("Основание", "Например: акт замены № 8")

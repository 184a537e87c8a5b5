"""The forms of the pages of prices: which day and kind of home to show, and the figures of the bill calculator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from svet.domains.billing.queries import TypedHome, TypedUse
from svet.kernel.energy import BANDS, ConsumerCategory, Zoning
from svet.kernel.period import Month
from svet.surfaces.web import words
from svet.surfaces.web.templatetags.svet import month_name

FIRST_ON, LAST_ON = date(2012, 1, 1), date(2040, 12, 31)
MOST_KWH = 50_000
MONTHS_BACK = 24
CATEGORIES = [(one.value, words.of(one).capitalize()) for one in ConsumerCategory]
PLANS = [(one.value, words.of(one).capitalize()) for one in Zoning]
CHOOSE = {"required": "Выберите из списка", "invalid_choice": "Выберите из списка"}


class PricesForm(forms.Form):
    """A day, a territory, a category and a plan; everything may be left empty."""

    on = forms.DateField(
        label="На какой день",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={"invalid": "Введите день, например 01.07.2026"},
    )
    territory = forms.ChoiceField(label="Где", required=False, error_messages=CHOOSE)
    category = forms.ChoiceField(
        label="Какой дом", required=False, choices=[("", "Любой"), *CATEGORIES], error_messages=CHOOSE
    )
    plan = forms.ChoiceField(label="Счётчик", required=False, choices=[("", "Любой"), *PLANS], error_messages=CHOOSE)

    def __init__(self, *args: Any, territories: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].choices = [("", "Везде"), *territories.items()]  # type: ignore[attr-defined]

    def clean_on(self) -> date | None:
        """Refuse days for which no price list can be."""
        on: date | None = self.cleaned_data["on"]
        if on is not None and not FIRST_ON <= on <= LAST_ON:
            raise forms.ValidationError("Выберите день с 2012 по 2040 год")
        return on


def _whole(label: str, most: int, hint: str) -> forms.IntegerField:
    wrong = dict.fromkeys(("required", "invalid", "min_value", "max_value"), f"Введите число от 1 до {most}")
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=1,
        max_value=most,
        error_messages=wrong,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def _reading(label: str) -> forms.DecimalField:
    wrong = "Введите число от 0 до 999 999, не больше трёх знаков после запятой"
    codes = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits")
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_value=Decimal("999999.999"),
        max_digits=9,
        decimal_places=3,
        localize=True,
        error_messages=dict.fromkeys(codes, wrong),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


class CalculatorForm(forms.Form):
    """A home and what its meter showed; without "before" the figure is the month's use itself."""

    month = forms.ChoiceField(label="Месяц", error_messages=CHOOSE)
    territory = forms.ChoiceField(label="Где", error_messages=CHOOSE)
    category = forms.ChoiceField(label="Какой дом", choices=CATEGORIES, error_messages=CHOOSE)
    residents = _whole("Сколько человек живёт", 20, "Зарегистрированы постоянно или временно")
    rooms = _whole("Сколько комнат", 10, "Важно, если считаем по нормативу")
    stove = forms.BooleanField(label="Плита электрическая", required=False)
    heating = forms.BooleanField(label="Отопление электрическое", required=False)
    by = forms.ChoiceField(
        label="Как считать",
        choices=[
            ("meter", "По счётчику"),
            ("norm", "По нормативу: счётчика нет и поставить его нельзя"),
            ("factor", "По нормативу с коэффициентом: счётчика нет, хотя поставить его можно"),
        ],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    plan = forms.ChoiceField(label="Счётчик", choices=PLANS, error_messages=CHOOSE)
    before_1, now_1 = _reading("Т1: было"), _reading("Т1: стало")
    before_2, now_2 = _reading("Т2: было"), _reading("Т2: стало")
    before_3, now_3 = _reading("Т3: было"), _reading("Т3: стало")

    def __init__(self, *args: Any, territories: Mapping[str, str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [Month.of(today).plus(-back) for back in range(MONTHS_BACK)]
        shown = [(str(one), month_name(one).capitalize()) for one in months]
        self.fields["month"].choices = shown  # type: ignore[attr-defined]
        choices = [("", "Выберите"), *territories.items()]
        self.fields["territory"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the dials that the plan has and for no others; refuse a use that no home has."""
        given = super().clean() or {}
        if given.get("by") != "meter" or "plan" not in given:
            return given
        dials = len(BANDS[Zoning(given["plan"])])
        for place in range(1, 4):
            name, before, now = f"now_{place}", given.get(f"before_{place}"), given.get(f"now_{place}")
            if name in self.errors:
                continue
            if place > dials and (before is not None or now is not None):
                self.add_error(name, f"У такого счётчика нет Т{place}: уберите число или выберите другой счётчик")
            elif place <= dials and now is None:
                self.add_error(name, f"Введите новое показание Т{place} или расход за месяц")
            elif now is not None and now - (before or 0) > MOST_KWH:
                self.add_error(name, "Больше 50 000 кВт·ч за месяц дом не потребляет: проверьте показания")
        return given

    @property
    def month_asked(self) -> Month:
        """The month of the bill."""
        return Month(self.cleaned_data["month"])

    @property
    def home(self) -> TypedHome:
        """The home as the engine takes it."""
        given = self.cleaned_data
        plan = Zoning(given["plan"])
        dials = range(1, 1 + len(BANDS[plan])) if given["by"] == "meter" else ()
        category = ConsumerCategory(given["category"])
        return TypedHome(
            territory=given["territory"],
            category=category,
            zoning=plan,
            residents=given["residents"],
            rooms=given["rooms"],
            electric_stove=given["stove"] or category is ConsumerCategory.URBAN_ELECTRIC,
            electric_heating=given["heating"],
            used=tuple(TypedUse(given[f"before_{one}"] or Decimal(0), given[f"now_{one}"]) for one in dials),
            is_meter_feasible=given["by"] == "factor",
        )

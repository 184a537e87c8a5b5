"""The form of a new version of a price list: the papers, the days, and one field per price of the list before it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from svet.domains.tariffs.queries import PriceView, TariffView
from svet.domains.tariffs.rules import Structure
from svet.kernel.period import Period
from svet.surfaces.web import words
from svet.surfaces.web.templatetags.svet import step_name

DAY = {"type": "date", "class": "date"}


class DraftForm(forms.Form):
    """A draft after the version `base`: the same zones and steps, other prices."""

    from_on = forms.DateField(
        label="Действует с",
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"required": "Укажите первый день", "invalid": "Укажите день, например 01.01.2027"},
    )
    until_on = forms.DateField(
        label="Перестаёт действовать с",
        help_text="Первый день без этих цен; пусто, если до следующего приказа",
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"invalid": "Укажите день, например 01.07.2027"},
    )
    order_number = forms.CharField(
        label="Номер приказа", max_length=80, error_messages={"required": "Укажите номер приказа"}
    )
    order_on = forms.DateField(
        label="Дата приказа",
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"invalid": "Укажите день, например 24.11.2026"},
    )
    source = forms.CharField(
        label="Источник",
        help_text="Где опубликован приказ",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Укажите, где опубликован приказ"},
    )
    note = forms.CharField(label="Примечание", max_length=1000, required=False)

    def __init__(self, *args: Any, base: TariffView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = base
        for place, price in enumerate(base.prices):
            self.fields[f"rate{place}"] = _rate_field(price, base)
            if base.structure == Structure.RANGES and price.up_to_kwh is not None:
                self.fields[f"bound{place}"] = _bound_field(price)

    @property
    def papers(self) -> list[forms.BoundField]:
        """The fields of the order and the days."""
        return [field for field in self if not field.name.startswith(("rate", "bound"))]

    @property
    def prices(self) -> list[forms.BoundField]:
        """The fields of prices and bounds, zone by zone."""
        return [field for field in self if field.name.startswith(("rate", "bound"))]

    @property
    def period(self) -> Period:
        """The validity that was typed."""
        return Period(self.cleaned_data["from_on"], self.cleaned_data["until_on"])

    @property
    def rates(self) -> list[Decimal]:
        """The prices in the order of the base version, roubles per kWh."""
        return [self.cleaned_data[f"rate{place}"] for place in range(len(self.base.prices))]

    @property
    def bounds(self) -> list[Decimal | None]:
        """The upper bounds of the steps in the same order, kWh; None where there is none."""
        return [self.cleaned_data.get(f"bound{place}", price.up_to_kwh) for place, price in enumerate(self.base.prices)]

    def clean(self) -> dict[str, Any]:
        """Ask for days in their order."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_on"), cleaned.get("until_on")
        if first and last and last <= first:
            self.add_error("until_on", "Этот день должен быть позже первого")
        return cleaned


def _rate_field(price: PriceView, base: TariffView) -> forms.DecimalField:
    zone = f"{words.of(price.zoning)}, {words.of(price.band)}, {step_name(price, base)}"
    return forms.DecimalField(
        label=zone[:1].upper() + zone[1:],
        min_value=0,
        max_value=Decimal(1000),
        max_digits=10,
        decimal_places=6,
        localize=True,
        initial=_shown(price.rate),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "digits", "autocomplete": "off"}),
        error_messages={"required": "Укажите цену", "invalid": "Укажите цену числом, например 5,18"},
    )


def _shown(rate: Decimal) -> Decimal:
    """Return the rate without idle zeros, but with kopecks."""
    shorter = rate.normalize()
    return shorter if int(shorter.as_tuple().exponent) < -2 else rate.quantize(Decimal("0.01"))


def _bound_field(price: PriceView) -> forms.DecimalField:
    return forms.DecimalField(
        label="Граница диапазона, кВт·ч в месяц",
        min_value=1,
        max_digits=9,
        decimal_places=3,
        localize=True,
        initial=price.up_to_kwh,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "digits", "autocomplete": "off"}),
        error_messages={"required": "Укажите границу", "invalid": "Укажите число, например 3900"},
    )

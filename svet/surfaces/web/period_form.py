"""The form of a statement's days: two dates, both included, with whole months and years to choose at a click."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.http import urlencode

from svet.flows.statements import LONGEST_DAYS
from svet.kernel.period import Month, Period
from svet.surfaces.web.templatetags.svet import month_name


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A period to choose at a click."""

    name: str
    query: str


class PeriodForm(forms.Form):
    """From day, to day; `on` is today: nothing later can be known."""

    from_on = forms.DateField(
        label="С какого дня",
        help_text="Например, 01.10.2026",
        widget=forms.DateInput(attrs={"type": "date", "class": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Укажите первый день", "invalid": "Первого дня нет в календаре: проверьте дату"},
    )
    to_on = forms.DateField(
        label="По какой день",
        help_text="Этот день войдёт в акт",
        widget=forms.DateInput(attrs={"type": "date", "class": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Укажите последний день",
            "invalid": "Последнего дня нет в календаре: проверьте дату",
        },
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        month = Month.of(on).previous
        kwargs.setdefault("initial", {"from_on": month.first_on, "to_on": month.last_on})
        super().__init__(*args, **kwargs)
        self.on = on
        for name in self.fields:
            self.fields[name].widget.attrs["max"] = on.isoformat()

    def clean_to_on(self) -> date:
        """Refuse days that have not come."""
        to_on: date = self.cleaned_data["to_on"]
        if to_on > self.on:
            raise forms.ValidationError("Последний день ещё не наступил: выберите сегодняшний или раньше")
        return to_on

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order, and more than three years."""
        cleaned = super().clean() or {}
        from_on, to_on = cleaned.get("from_on"), cleaned.get("to_on")
        if from_on and not to_on and from_on > self.on:
            self.add_error("from_on", "Первый день ещё не наступил: выберите сегодняшний или раньше")
        if from_on and to_on and from_on > to_on:
            self.add_error("from_on", "Первый день позже последнего: поменяйте их местами")
        elif from_on and to_on and (to_on - from_on).days >= LONGEST_DAYS:
            self.add_error("from_on", "Период длиннее трёх лет: выберите короче и сделайте несколько актов")
        return cleaned

    @property
    def period(self) -> Period:
        """The days asked for, once they are valid."""
        return Period(self.cleaned_data["from_on"], self.cleaned_data["to_on"] + timedelta(days=1))

    @property
    def query(self) -> str:
        """The days asked for as an address carries them."""
        return _query(self.cleaned_data["from_on"], self.cleaned_data["to_on"])

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """The last whole months, this year, the year before."""
        months = [Month.of(self.on).plus(-back) for back in (1, 2, 3)]
        year = self.on.year
        return (
            *(Suggestion(month_name(month), _query(month.first_on, month.last_on)) for month in months),
            Suggestion(f"{year} год по сегодня", _query(date(year, 1, 1), self.on)),
            Suggestion(f"{year - 1} год", _query(date(year - 1, 1, 1), date(year - 1, 12, 31))),
        )


def _query(from_on: date, to_on: date) -> str:
    return urlencode({"from_on": from_on.isoformat(), "to_on": to_on.isoformat()})

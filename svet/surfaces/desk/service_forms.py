"""The form of days for which figures are shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from svet.domains.offices.queries import OfficeView
from svet.surfaces.desk.asked_days import asked_day

MOST_DAYS = 366


class DaysForm(forms.Form):
    """From which day to which."""

    from_on = asked_day("С", required="Введите первый день", example="01.11.2026")
    to_on = asked_day("По", required="Введите последний день", example="30.11.2026")

    def __init__(self, data: Any = None, *, today: date) -> None:
        self.usual = (today.replace(day=1), today)
        super().__init__(data, initial={"from_on": self.usual[0], "to_on": self.usual[1]})

    def clean(self) -> dict[str, Any]:
        """Ask for days in order, a year at most."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_on"), cleaned.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", "Последний день раньше первого")
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("to_on", "Не больше года за раз")
        return cleaned

    @property
    def days(self) -> tuple[date, date]:
        """The days asked for; the usual ones when nothing is asked or it is wrong."""
        if self.is_bound and self.is_valid():
            return self.cleaned_data["from_on"], self.cleaned_data["to_on"]
        return self.usual


class QueueDaysForm(DaysForm):
    """From which day to which, in one office or in all."""

    office = forms.ChoiceField(label="Офис", required=False, error_messages={"invalid_choice": "Выберите из списка"})

    field_order = ("office", "from_on", "to_on")

    def __init__(self, data: Any = None, *, today: date, offices: Iterable[OfficeView]) -> None:
        super().__init__(data, today=today)
        self.fields["office"].choices = [("", "Все"), *((one.code, one.name) for one in offices)]  # type: ignore[attr-defined]

    def chosen_office(self) -> str:
        """Return the code of the office asked for, empty for all."""
        return str(self.cleaned_data["office"]) if self.is_bound and self.is_valid() else ""

"""The form of an absence: who, from when to when, who takes over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from svet.kernel.period import Period
from svet.surfaces.desk.operation_forms import day_field

LONGEST_DAYS = 400


class AbsenceForm(forms.Form):
    """One absence; both days are included."""

    user = forms.TypedChoiceField(label="Кого не будет", coerce=int, error_messages={"required": "Выберите сотрудника"})
    first_on = day_field("С какого дня")
    last_on = day_field("По какой день")
    deputy = forms.TypedChoiceField(
        label="Кто замещает",
        help_text="Открытые обращения перейдут к нему в первый день; обращения, где жалуются на него, — в очередь",
        coerce=int,
        required=False,
        empty_value=None,
    )

    def __init__(self, data: Any, *, handlers: list[tuple[int, str]], user_id: int, on: date) -> None:
        super().__init__(data, initial={"user": user_id, "first_on": on})
        self.on = on
        for name, first in (("user", "Выберите"), ("deputy", "Никто: вернуть в очередь")):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", first), *handlers]

    def clean(self) -> dict[str, Any]:
        """Refuse days that run backwards or lie behind."""
        given = super().clean() or {}
        first, last = given.get("first_on"), given.get("last_on")
        if first and last and not first <= last <= first + timedelta(days=LONGEST_DAYS):
            self.add_error("last_on", "Последний день не раньше первого и не позже чем через год")
        elif last and last < self.on:
            self.add_error("last_on", "Эти дни уже прошли")
        return given

    @property
    def period(self) -> Period:
        """The days."""
        return Period(self.cleaned_data["first_on"], self.cleaned_data["last_on"] + timedelta(days=1))

"""The forms of staff and units, for the administrator of logins."""

from __future__ import annotations

from typing import Any

from django import forms

from svet.domains.access.queries import UnitView
from svet.domains.access.rules import Role
from svet.surfaces.web import words


def reason_field() -> forms.CharField:
    """Return the field for why something is changed."""
    return forms.CharField(
        label="Основание",
        help_text="Например: приказ о приёме, заявка руководителя",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Напишите основание"},
    )


class WorkForm(forms.Form):
    """What somebody is employed for: position, unit, roles."""

    position = forms.CharField(label="Должность", max_length=120, error_messages={"required": "Напишите должность"})
    unit = forms.ChoiceField(label="Подразделение", required=False)
    roles = forms.MultipleChoiceField(
        label="Роли",
        help_text="Роль даёт права; прав без роли не бывает",
        choices=[(role.value, words.of(role).capitalize()) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Выберите хотя бы одну роль", "invalid_choice": "Выберите роли из списка"},
    )

    def __init__(self, *args: Any, units: list[UnitView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_choices(units, empty="не указано")  # type: ignore[attr-defined]

    @property
    def unit_id(self) -> int | None:
        """The chosen unit."""
        return int(self.cleaned_data["unit"]) if self.cleaned_data["unit"] else None


class EmployForm(WorkForm):
    """A new login of an employee."""

    family_name = forms.CharField(label="Фамилия", max_length=80, error_messages={"required": "Напишите фамилию"})
    given_name = forms.CharField(label="Имя", max_length=80, error_messages={"required": "Напишите имя"})
    patronymic = forms.CharField(label="Отчество", max_length=80, required=False)
    username = forms.RegexField(
        r"^[a-z][a-z0-9._-]{2,39}$",
        label="Логин",
        help_text="Латинские буквы и цифры, от 3 до 40 знаков",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "required": "Придумайте логин",
            "invalid": "В логине только маленькие латинские буквы, цифры, точка и дефис; первой идёт буква",
        },
    )
    email = forms.EmailField(
        label="Рабочая почта", required=False, error_messages={"invalid": "Укажите почту, например name@company.ru"}
    )
    field_order = ("family_name", "given_name", "patronymic", "position", "unit", "username", "email", "roles")


class MoveForm(WorkForm):
    """Another position, unit or roles; `seen_roles` are those that stood on the page."""

    seen_roles = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)
    reason = reason_field()
    field_order = ("position", "unit", "roles", "reason", "seen_roles")


class ReasonForm(forms.Form):
    """Why a login is closed, opened again, or given a new first password."""

    reason = reason_field()


class UnitForm(forms.Form):
    """A unit of the company."""

    name = forms.CharField(label="Название", max_length=160, error_messages={"required": "Напишите название"})
    parent = forms.ChoiceField(label="Входит в", required=False)
    office_code = forms.ChoiceField(label="Офис", required=False)

    def __init__(self, *args: Any, units: list[UnitView], offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = unit_choices(units, empty="верхний уровень")  # type: ignore[attr-defined]
        self.fields["office_code"].choices = [("", "не офис"), *offices]  # type: ignore[attr-defined]

    @property
    def parent_id(self) -> int | None:
        """The chosen unit above."""
        return int(self.cleaned_data["parent"]) if self.cleaned_data["parent"] else None


def unit_choices(units: list[UnitView], *, empty: str) -> list[tuple[str, str]]:
    """Return the units as choices, set in by their depth."""
    return [("", empty), *((str(unit.unit_id), "\u2003" * unit.depth + unit.name) for unit in units)]

"""The forms of a customer's contacts and residents at the desk."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from svet.domains.customers.rules import ContactKind, normal_email, normal_phone
from svet.flows.card_people import Residents
from svet.surfaces.desk.move_in_forms import people_field
from svet.surfaces.desk.operation_forms import day_field, reason_field

KINDS = [(ContactKind.PHONE.value, "Телефон"), (ContactKind.EMAIL.value, "Электронная почта")]
KINDS += [(ContactKind.POST.value, "Адрес для писем")]
AHEAD = timedelta(days=366)


class NewContactOnCardForm(forms.Form):
    """One more way to reach the customer."""

    kind = forms.ChoiceField(
        label="Что добавить",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, что добавить", "invalid_choice": "Выберите, что добавить"},
    )
    value = forms.CharField(
        label="Номер или адрес",
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Введите номер или адрес", "max_length": "Не длиннее 255 знаков"},
    )
    reason = reason_field("Почему", "Например: попросил клиент, паспорт проверен")

    def clean(self) -> dict[str, Any]:
        """Refuse what is no phone or no e-mail."""
        cleaned = super().clean() or {}
        kind, value = cleaned.get("kind"), cleaned.get("value", "")
        if value and kind == ContactKind.PHONE and normal_phone(value) is None:
            self.add_error("value", "Это не похоже на телефон. Например: 8 (916) 123-45-67")
        if value and kind == ContactKind.EMAIL and normal_email(value) is None:
            self.add_error("value", "Это не похоже на адрес почты. Например: anna@example.org")
        return cleaned


class EndContactOnCardForm(forms.Form):
    """Why a contact is not used any more."""

    reason = reason_field("Почему", "Например: номер больше не принадлежит клиенту")


class ResidentsForm(forms.Form):
    """How many people live there, from which day, by which paper."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    from_on = day_field("С какого дня")
    registered = people_field("Зарегистрировано", 0)
    temporary = people_field("Живёт временно", 0)
    owners = people_field("Собственников", 1)
    reason = reason_field("Основание", "Например: справка о составе семьи от 18.11.2026")

    def __init__(self, data: Any, *, now: Residents | None, seen: str, on: date) -> None:
        known = {} if now is None else {"registered": now.registered, "temporary": now.temporary, "owners": now.owners}
        super().__init__(data, prefix="who", initial={**known, "from_on": on, "seen": seen})
        self.on = on

    def ask_about(self, months: str) -> None:
        """Ask to confirm that the months named are charged already."""
        self.fields["charged_is_known"] = forms.BooleanField(
            label=f"Да, за {months} уже начислено. Передать инженеру расчётов, чтобы пересмотрел",
            required=False,
        )

    @property
    def charged_is_known(self) -> bool:
        """Whether who changes knows that months are charged already."""
        return self.data.get(self.add_prefix("charged_is_known")) == "on"

    def clean_from_on(self) -> date:
        """Refuse days far ahead."""
        day: date = self.cleaned_data["from_on"]
        if day > self.on + AHEAD:
            raise forms.ValidationError("Укажите день не позже чем через год")
        return day

    @property
    def residents(self) -> Residents:
        """The numbers given."""
        given = self.cleaned_data
        return Residents(given["registered"], given["temporary"], given["owners"])

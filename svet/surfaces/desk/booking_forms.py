"""Who is booked by an operator: a name and a way to send the code."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from svet.domains.customers.rules import normal_phone
from svet.surfaces.web.appeal_forms import email_field, text_field


class CallerForm(forms.Form):
    """A time for a caller; what is known of an identified one is filled in."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    name = text_field("Как обращаться", most=120, required="Напишите, как обращаться к посетителю", autocomplete="off")
    phone = text_field("Мобильный телефон", "Код записи придёт по СМС", most=40, autocomplete="off", inputmode="tel")
    email = email_field("Если есть почта, код и напоминание придут на неё")
    agrees = forms.BooleanField(
        label="Клиент согласен, чтобы мы хранили имя и контакт до 60 дней после приёма",
        error_messages={"required": "Спросите согласие клиента и отметьте его: без него не записываем"},
    )

    def __init__(self, data: Any = None, *, known: dict[str, str]) -> None:
        super().__init__(data, initial={"request_key": uuid.uuid4().hex} | known)

    def clean_phone(self) -> str:
        """Return the phone in normal form; refuse what is none."""
        given = self.cleaned_data["phone"]
        found = normal_phone(given) if given else ""
        if found is None:
            raise forms.ValidationError("Введите мобильный телефон, например +7 900 123-45-67")
        return found

    def clean(self) -> dict[str, Any]:
        """Ask for a way to send the code."""
        given = super().clean() or {}
        if not self.errors and not (given.get("email") or given.get("phone")):
            self.add_error("phone", "Спросите телефон или почту: туда придут код записи и напоминание")
        return given

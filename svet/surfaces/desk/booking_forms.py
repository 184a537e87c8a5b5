"""Who is booked by an operator: a name and a way to send the code."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from svet.surfaces.web.appeal_forms import email_field, text_field
from svet.surfaces.web.reach_form import ReachForm


class CallerForm(ReachForm):
    """A time for a caller; what is known of an identified one is filled in."""

    asked = ("phone", "Спросите телефон или почту: туда придут код записи и напоминание")

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

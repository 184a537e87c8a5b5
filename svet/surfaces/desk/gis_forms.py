"""The forms of the exchange with the state portal."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms


class TrySettleForm(forms.Form):
    """What to do with a request that needs a person, and why."""

    choice = forms.ChoiceField(
        label="Что сделать",
        choices=[("again", "Отправить ещё раз"), ("settle", "Закрыть: повторять не нужно")],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, что сделать"},
    )
    reason = forms.CharField(
        label="Почему",
        help_text="Останется в журнале запроса",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Напишите причину", "max_length": "Не больше 400 знаков"},
    )


class PortalActionForm(forms.Form):
    """An action on the portal that no work with a case brings about."""

    choice = forms.ChoiceField(
        label="Действие",
        choices=[
            ("redirect", "Переадресовать другой организации: вопрос не в нашей компетенции"),
            ("not_required", "Сообщить, что ответ не требуется"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите действие"},
    )
    receiver = forms.UUIDField(
        label="Кому переадресовать",
        help_text="Только для переадресации: идентификатор организации на портале, 36 знаков с дефисами",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid": "Введите идентификатор целиком: 36 знаков с дефисами"},
    )
    text = forms.CharField(
        label="Пояснение",
        help_text="Его увидит заявитель. Не больше 1000 знаков",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Напишите пояснение", "max_length": "Не больше 1000 знаков"},
    )
    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"request_key": uuid.uuid4().hex})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Ask for the organisation where the appeal is sent on."""
        cleaned = super().clean() or {}
        if cleaned.get("choice") == "redirect" and not cleaned.get("receiver") and "receiver" not in self.errors:
            self.add_error("receiver", "Укажите организацию, которой переадресуете")
        return cleaned

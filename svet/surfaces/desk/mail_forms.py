"""What a person decides about a letter that the system left to people."""

from __future__ import annotations

from typing import Any

from django import forms

from svet.domains.cases.rules.register import typed_number


class MailForm(forms.Form):
    """A new case, a case that it joins, or nothing, with a reason."""

    decision = forms.ChoiceField(
        label="Что сделать с письмом",
        widget=forms.RadioSelect,
        choices=[
            ("case", "Завести обращение"),
            ("join", "Добавить к обращению"),
            ("aside", "Ничего не делать"),
        ],
        error_messages={"required": "Выберите, что сделать", "invalid_choice": "Выберите, что сделать"},
    )
    number = forms.CharField(
        label="Номер обращения",
        required=False,
        max_length=40,
        help_text="Если добавляете к обращению, например ОБ-26-00-000123",
        error_messages={"max_length": "Номер короче: например ОБ-26-00-000123"},
    )
    reason = forms.CharField(
        label="Почему ничего не делать",
        required=False,
        max_length=300,
        error_messages={"max_length": "Не больше 300 знаков"},
    )

    def clean(self) -> dict[str, Any]:
        """Ask for what the decision needs."""
        cleaned = super().clean() or {}
        decision = cleaned.get("decision")
        if decision == "join" and "number" in cleaned and typed_number(cleaned["number"]) is None:
            self.add_error("number", "Введите номер обращения, например ОБ-26-00-000123")
        if decision == "aside" and "reason" in cleaned and not cleaned["reason"].strip():
            self.add_error("reason", "Напишите, почему письмо не требует ответа")
        return cleaned

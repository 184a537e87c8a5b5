"""The form of the quality review of a refusal."""

from __future__ import annotations

from django import forms

from svet.domains.cases.rules.grounds import Review
from svet.surfaces.desk.case_forms import in_words, text_field


class ReviewForm(forms.Form):
    """Whether a refusal was right, and why not."""

    found = forms.ChoiceField(
        label="Что показала проверка",
        choices=in_words(Review),
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите итог"},
    )
    note = text_field("Пояснение", "Обязательно, если отказано неверно", most=1000, rows=3)

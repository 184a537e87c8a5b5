"""The form by which an answer is rated, by the link of a message and beside the answer itself."""

from __future__ import annotations

from django import forms


class RatingForm(forms.Form):
    """One to five; a press on a figure sends the form."""

    comment = forms.CharField(
        label="Что понравилось или нет",
        help_text="Можно не заполнять",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Не длиннее 2000 знаков"},
    )
    answer = forms.ChoiceField(
        choices=[(str(score), str(score)) for score in range(1, 6)],
        error_messages={"required": "Нажмите на оценку от 1 до 5", "invalid_choice": "Нажмите на оценку от 1 до 5"},
    )

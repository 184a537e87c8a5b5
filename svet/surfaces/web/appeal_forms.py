"""Forms that the site and the account area share: a message to an open case, a word that an answer solved nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst

from svet.domains.cases.queries import SubjectView
from svet.domains.cases.rules.register import CaseKind
from svet.surfaces.web import words
from svet.surfaces.web.scans import scans_field

MOST_LETTERS, MOST_FILES = 20_000, 10
FILES_HINT = f"PDF, JPEG или PNG, до 10 МБ каждый, не больше {MOST_FILES}"


def text_field(
    label: str, hint: str = "", *, most: int = 300, required: str = "", rows: int = 0, **attrs: Any
) -> forms.CharField:
    """Return a field for a text, on `rows` lines when more than one; `required` is what to say when it is empty."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(required),
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs=attrs),
        error_messages={"required": required, "max_length": f"Не длиннее {most} знаков"},
    )


def email_field(hint: str) -> forms.EmailField:
    """Return a field for the address of the answer."""
    return forms.EmailField(
        label="Электронная почта",
        help_text=hint,
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "Проверьте адрес почты, например ivanov@example.ru", "max_length": "Слишком длинно"},
    )


def choice_field(label: str, values: Iterable[Any] = (), *, empty: str = "", hint: str = "") -> forms.ChoiceField:
    """Return a choice of an enumeration's values in words."""
    choices = [(one.value, capfirst(words.of(one))) for one in values]
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[("", empty), *choices] if empty else choices,
        error_messages={"required": "Выберите из списка", "invalid_choice": "Выберите из списка"},
    )


def subject_choices(subjects: Sequence[SubjectView]) -> list[tuple[str, str]]:
    """Return the tree of subjects as a list of choices; those below are set in."""
    return [("", "Выберите тему"), *((one.code, f"{'— ' * one.depth}{one.name}") for one in subjects)]


class AboutForm(forms.Form):
    """What an appeal is and what it says."""

    kind = choice_field("Что это", CaseKind)
    subject = choice_field("О чём")
    text = text_field("Что случилось", most=MOST_LETTERS, rows=8)
    scans = scans_field("Файлы", FILES_HINT)

    def __init__(self, *args: Any, subjects: Sequence[SubjectView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = subject_choices(subjects)  # type: ignore[attr-defined]


class LetterForm(forms.Form):
    """A message to a case."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    text = text_field("Ваше сообщение", most=MOST_LETTERS, rows=5)
    scans = scans_field("Файлы", FILES_HINT)

    def __init__(self, data: Any = None, *, is_answered: bool = False) -> None:
        super().__init__(data, initial={"request_key": uuid.uuid4().hex})
        if is_answered:
            self.fields["text"].label = "Что осталось не решено"
            self.fields["text"].required = True
            self.fields["text"].error_messages["required"] = "Напишите, что осталось не решено"

"""The form that takes a bank's registry. It looks at size and kind only; what is in the file, the business says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from svet.domains.payments.queries import SourceRow
from svet.surfaces.web import payment_words

MOST_BYTES = 20 * 1024 * 1024
"""About a hundred thousand payments: more in one day is no registry of one bank."""
CHECK, POST = "check", "post"


class RegisterForm(forms.Form):
    """Which file came from which bank; the button says whether it is for trial or for real."""

    channel = forms.ChoiceField(
        label="От какого банка",
        error_messages={"required": "Выберите банк", "invalid_choice": "Выберите банк из списка"},
    )
    format = forms.ChoiceField(
        label="Формат файла",
        error_messages={"required": "Выберите формат", "invalid_choice": "Выберите формат из списка"},
    )
    file = forms.FileField(
        label="Файл реестра",
        help_text="Как он пришёл из банка: текстовый файл или zip, до 20 МБ",
        error_messages={
            "required": "Выберите файл",
            "empty": "Файл пуст. Попросите банк прислать его ещё раз",
            "missing": "Выберите файл",
            "invalid": "Файл не дошёл. Выберите его ещё раз",
        },
    )

    def __init__(self, *args: Any, channels: Sequence[SourceRow], formats: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [(one.code, one.name) for one in channels]  # type: ignore[attr-defined]
        self.fields["format"].choices = [(name, payment_words.REGISTER_FORMATS.get(name, name)) for name in formats]  # type: ignore[attr-defined]
        self.raw = b""

    @property
    def is_for_real(self) -> bool:
        """Whether the file is to be posted, not only checked."""
        return self.data.get("step") == POST

    @property
    def file_name(self) -> str:
        """The name under which the file came."""
        return str(self.cleaned_data["file"].name)

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse what is too large or plainly of another kind; read the rest."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError("Файл больше 20 МБ: для реестра это слишком много. Проверьте, тот ли это файл")
        self.raw = file.read()
        wrong = payment_words.not_a_register(self.raw)
        if wrong:
            raise forms.ValidationError(wrong)
        return file

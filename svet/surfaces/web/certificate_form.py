"""The forms of certificates: what to state and on which day, and the check of one by its number and code."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms

from svet.domains.ledger.rules import CODE_DIGITS, CertificateKind
from svet.surfaces.web.statement_words import CERTIFICATES


class CertificateForm(forms.Form):
    """Which certificate, on which day; `request_key` makes a double click one certificate."""

    request_key = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=64)
    kind = forms.ChoiceField(
        label="Какая справка нужна",
        choices=[(kind.value, text.capitalize()) for kind, text in CERTIFICATES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, какая справка нужна", "invalid_choice": "Выберите справку из списка"},
    )
    stated_on = forms.DateField(
        label="На какой день",
        help_text="На конец этого дня, сегодня или раньше",
        widget=forms.DateInput(attrs={"type": "date", "class": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Укажите день", "invalid": "Такого дня нет в календаре: проверьте дату"},
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"stated_on": on, "request_key": uuid.uuid4().hex})
        super().__init__(*args, **kwargs)
        self.fields["stated_on"].widget.attrs["max"] = on.isoformat()

    @property
    def chosen(self) -> CertificateKind:
        """The kind asked for."""
        return CertificateKind(self.cleaned_data["kind"])


class CheckForm(forms.Form):
    """What stands at the foot of a certificate."""

    number = forms.RegexField(
        r"^\s*0*[0-9]{1,12}\s*$",
        label="Номер справки",
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "digits"}),
        error_messages={"required": "Введите номер справки", "invalid": "В номере справки только цифры"},
    )
    code = forms.CharField(
        label="Контрольный код",
        help_text=f"{CODE_DIGITS} цифр внизу справки",
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "digits"}),
        error_messages={"required": "Введите контрольный код"},
    )

    def clean_number(self) -> int:
        """Return the number."""
        return int(self.cleaned_data["number"])

    def clean_code(self) -> str:
        """Return the digits of the code, however they were set apart."""
        digits = "".join(sign for sign in self.cleaned_data["code"] if sign not in " -\u00a0\u2013\u2014")
        if not (digits.isascii() and digits.isdigit() and len(digits) == CODE_DIGITS):
            raise forms.ValidationError(f"В контрольном коде {CODE_DIGITS} цифр: проверьте, все ли на месте")
        return digits

"""Forms of coming in: by a code, with a new password, by the last bill. What was typed is kept."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from svet.surfaces.web.codes import CodeForm

LOGIN_HINT = "Например, 3300000018, 8 (916) 123-45-67 или anna@example.org"


class WhoForm(forms.Form):
    """Whom to send a code."""

    login = forms.CharField(
        label="Номер лицевого счёта, телефон или почта",
        help_text=LOGIN_HINT,
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages={
            "required": "Введите номер лицевого счёта, телефон или почту",
            "max_length": "Слишком длинно: проверьте, что введено",
        },
    )


class NewPasswordForm(forms.Form):
    """A password of one's own choice."""

    password = forms.CharField(
        label="Придумайте пароль",
        help_text="Не короче 10 знаков, не только цифры",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
        error_messages={"required": "Придумайте пароль", "max_length": "Пароль не длиннее 128 знаков"},
    )

    def clean_password(self) -> str:
        """Refuse what is short, common, or nothing but digits."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        if password.isdigit():
            raise forms.ValidationError("Добавьте к цифрам буквы или знаки")
        return password


class RecoveryForm(CodeForm, NewPasswordForm):
    """The code, and the new password it sets."""

    field_order = ["code", "password"]


class _NumberForm(forms.Form):
    number = forms.CharField(
        label="Номер лицевого счёта",
        help_text="10 цифр, они вверху счёта за электроэнергию",
        max_length=40,
        widget=forms.TextInput(attrs={"class": "digits", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Введите номер лицевого счёта", "max_length": "В номере 10 цифр"},
    )

    def clean_number(self) -> str:
        """Return the ten digits, however they were grouped."""
        number = re.sub(r"[\s\u00a0-]", "", self.cleaned_data["number"])
        if not re.fullmatch(r"[0-9]{10}", number):
            raise forms.ValidationError("В номере лицевого счёта 10 цифр")
        return number


class NumberForm(_NumberForm):
    """The account to which a code is asked for."""


class BillFactsForm(_NumberForm):
    """What is on the last bill."""

    bill = forms.CharField(
        label="Номер последнего счёта",
        help_text="Рядом с датой, например 2610-00000001",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Введите номер счёта", "max_length": "Слишком длинно для номера счёта"},
    )
    amount = forms.CharField(
        label="Сколько в нём к оплате",
        help_text="В рублях, например 512,40. Если платить не нужно, введите 0",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "digits", "inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": "Введите сумму к оплате", "max_length": "Введите сумму, например 512,40"},
    )

    def clean_amount(self) -> Decimal:
        """Return roubles with kopecks, however they were written."""
        typed = re.sub(r"[\s\u00a0\u202f]|₽|руб\.?$|р\.?$", "", self.cleaned_data["amount"]).replace(",", ".")
        try:
            amount = Decimal(typed)
        except InvalidOperation as error:
            raise forms.ValidationError("Введите сумму, например 512,40") from error
        if not amount.is_finite() or amount < 0 or amount >= 10**9 or amount != round(amount, 2):
            raise forms.ValidationError("Введите сумму, например 512,40")
        return amount


class ContactForm(forms.Form):
    """To which of the masked contacts a code goes."""

    place = forms.TypedChoiceField(
        label="Куда отправить код?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, куда отправить код", "invalid_choice": "Выберите из списка"},
    )

    def __init__(self, *args: Any, contacts: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(enumerate(contacts))  # type: ignore[attr-defined]


class NewcomerForm(NewPasswordForm):
    """Who signs up."""

    family_name = forms.CharField(
        label="Фамилия",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": "Введите фамилию", "max_length": "Фамилия не длиннее 80 знаков"},
    )
    given_name = forms.CharField(
        label="Имя",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": "Введите имя", "max_length": "Имя не длиннее 80 знаков"},
    )
    patronymic = forms.CharField(
        label="Отчество",
        help_text="Если есть",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "additional-name"}),
        error_messages={"max_length": "Отчество не длиннее 80 знаков"},
    )
    field_order = ["family_name", "given_name", "patronymic", "password"]

"""The forms of a contact: by what the customer is known, why he is not, what it was about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from svet.domains.access.rules import LookPurpose
from svet.domains.cases.rules.contacts import ContactChannel, Settled, Subject
from svet.domains.cases.rules.identity import DocumentKind, Said
from svet.surfaces.web import words


def _choices(values: Iterable[Any]) -> list[tuple[str, str]]:
    return [(one.value, words.of(one).capitalize()) for one in values]


class SaidForm(forms.Form):
    """What a caller said of himself: the full name, and the number or the address."""

    name = forms.CharField(
        label="Фамилия, имя и отчество",
        help_text="Как назвал клиент, полностью: инициалов мало",
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Введите фамилию, имя и отчество, как их назвал клиент",
            "max_length": "Имя длиннее 300 знаков: введите только фамилию, имя и отчество",
        },
    )
    number = forms.CharField(
        label="Номер лицевого счёта",
        help_text="Если клиент его назвал",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "digits", "autocomplete": "off"}),
        error_messages={"max_length": "В номере лицевого счёта десять цифр"},
    )
    address = forms.CharField(
        label="Или адрес",
        help_text="Улица, дом, квартира, например: Лесная 3, кв. 5",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Адрес длиннее 300 знаков: введите улицу, дом и квартиру"},
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the number or the address."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("number") and not cleaned.get("address"):
            self.add_error("number", "Введите номер лицевого счёта или адрес, как назвал клиент")
        return cleaned

    @property
    def said(self) -> Said:
        """What was typed."""
        given = self.cleaned_data
        return Said(name=given["name"], number=given["number"], address=given["address"])


class DocumentForm(forms.Form):
    """Which document was seen at the window."""

    document = forms.ChoiceField(
        label="Какой документ вы посмотрели?",
        choices=_choices(DocumentKind),
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите документ", "invalid_choice": "Выберите документ из списка"},
    )
    document_tail = forms.RegexField(
        regex=r"^[0-9]{0,4}$",
        label="Последние четыре цифры номера",
        help_text="Необязательно",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "digits", "autocomplete": "off"}),
        error_messages={"invalid": "Введите не больше четырёх цифр"},
    )
    power_of_attorney = forms.CharField(
        label="Доверенность",
        help_text="Если пришёл представитель: номер, дата и до какого дня действует",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Слишком длинно: хватит номера и дат"},
    )


class InnerWorkForm(forms.Form):
    """For what work the account is opened without the customer."""

    purpose = forms.ChoiceField(
        label="Для какой работы вы открываете счёт?",
        help_text="Просмотр запишется в журнал с вашим именем",
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите работу", "invalid_choice": "Выберите работу из списка"},
    )

    def __init__(self, *args: Any, purposes: Iterable[LookPurpose], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = _choices(purposes)  # type: ignore[attr-defined]


class RefusalForm(forms.Form):
    """Why the account stays closed."""

    channel = forms.ChoiceField(
        label="Как обратился клиент?",
        choices=_choices([ContactChannel.CALL, ContactChannel.VISIT]),
        widget=forms.RadioSelect,
        initial=ContactChannel.CALL.value,
        error_messages={"required": "Выберите, как обратился клиент"},
    )
    reason = forms.CharField(
        label="Почему отказано",
        help_text="Например: отказался назвать адрес, пришёл без документа",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Напишите, почему отказано", "max_length": "Не больше 400 знаков"},
    )


class NewContactForm(forms.Form):
    """By which way the customer turned to us."""

    channel = forms.ChoiceField(
        label="Как обратился клиент?",
        choices=_choices(ContactChannel),
        widget=forms.RadioSelect,
        initial=ContactChannel.CALL.value,
        error_messages={"required": "Выберите, как обратился клиент", "invalid_choice": "Выберите из списка"},
    )
    caller_name = forms.CharField(
        label="Как к нему обращаться",
        help_text="Необязательно",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Не больше 300 знаков"},
    )


class AboutForm(forms.Form):
    """What a contact that goes on is about: articles of it show beside."""

    about = forms.ChoiceField(label="О чём спрашивают", choices=[("", "Выберите тему"), *_choices(Subject)])


class EndContactForm(forms.Form):
    """What the contact was about and whether that is settled."""

    subjects = forms.MultipleChoiceField(
        label="О чём спрашивал клиент?",
        choices=_choices(Subject),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Выберите хотя бы одну тему", "invalid_choice": "Выберите темы из списка"},
    )
    settled = forms.ChoiceField(
        label="Вопрос решён?",
        choices=_choices(Settled),
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, решён ли вопрос", "invalid_choice": "Выберите из списка"},
    )
    note = forms.CharField(
        label="Заметка",
        help_text="Необязательно",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "Не больше 1000 знаков"},
    )

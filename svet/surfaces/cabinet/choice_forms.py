"""The forms of «Контакты и уведомления»: a new contact, how to be told, what is agreed to."""

from __future__ import annotations

from typing import Any

from django import forms

from svet.domains.accounts.rules import BillDelivery
from svet.domains.customers.rules import ConsentPurpose, ContactKind, Subject, Way, normal_email, normal_phone

SUBJECTS = {
    Subject.BILL: "Выставлен счёт",
    Subject.PAYMENT: "Получен платёж",
    Subject.READING: "Что стало с показаниями",
    Subject.REPLY: "Готов ответ на обращение",
    Subject.OUTAGE: "Нет света: почему, когда дадут, когда дали",
    Subject.REMINDER: "Напомнить о показаниях, если до 25-го их нет",
}
WAYS = [(Way.EMAIL.value, "по почте"), (Way.SMS.value, "по СМС"), (Way.NONE.value, "не сообщать")]
DELIVERY = [
    (BillDelivery.PAPER.value, "на бумаге"),
    (BillDelivery.EMAIL.value, "по электронной почте"),
    (BillDelivery.BOTH.value, "и так, и так"),
]
CONSENTS = {
    ConsentPurpose.PERSONAL_DATA: "Обрабатывать мои контакты, чтобы сообщать о счетах, показаниях и ответах",
    ConsentPurpose.REMINDERS: "Присылать напоминания, например о показаниях",
    ConsentPurpose.MARKETING: "Рассказывать мне о новых услугах и предложениях",
}


class ContactForm(forms.Form):
    """A phone or an e-mail, written in any usual way; which of the two it is, is seen from what was typed."""

    value = forms.CharField(
        label="Новый телефон или почта",
        help_text="Например, 8 (916) 123-45-67 или anna@example.org",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Введите телефон или почту", "max_length": "Слишком длинно для телефона или почты"},
    )

    def clean_value(self) -> str:
        """Return the contact in its normal form."""
        typed: str = self.cleaned_data["value"]
        self.kind = ContactKind.EMAIL if "@" in typed else ContactKind.PHONE
        normal = normal_email(typed) if self.kind is ContactKind.EMAIL else normal_phone(typed)
        if normal is None:
            raise forms.ValidationError("Это не похоже ни на телефон, ни на почту. Проверьте, все ли знаки на месте")
        return normal


class TellingForm(forms.Form):
    """How to be told of each subject, and how the bill comes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for subject, label in SUBJECTS.items():
            self.fields[subject.value] = _choice(label, WAYS)
        self.fields[Subject.REMINDER.value].help_text = "Напоминаем, только если дано согласие на напоминания, оно ниже"
        self.fields["bill_delivery"] = _choice("Сам счёт приходит", DELIVERY)

    @property
    def ways(self) -> dict[Subject, Way]:
        """What was chosen, by subject."""
        return {subject: Way(self.cleaned_data[subject.value]) for subject in SUBJECTS}


class ConsentForm(forms.Form):
    """What the customer agrees to; an unticked box withdraws."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for purpose, label in CONSENTS.items():
            self.fields[purpose.value] = forms.BooleanField(label=label, required=False)


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    errors = {"required": f"Выберите, как: {label.lower()}", "invalid_choice": f"Выберите, как: {label.lower()}"}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=errors)

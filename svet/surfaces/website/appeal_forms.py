"""The public form of an appeal and the form that asks for its state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from svet.domains.cases.actions import Details, Incoming
from svet.domains.cases.queries import SubjectView
from svet.domains.cases.rules.applicants import Applicant, Quality
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel, CaseKind
from svet.surfaces.web import words
from svet.surfaces.web.appeal_forms import AboutForm, email_field, text_field
from svet.surfaces.website.robot_forms import FromPeople

CONSENT = (
    "Я согласен на обработку моих персональных данных, указанных в этой форме и приложенных файлах, чтобы компания "
    "рассмотрела обращение и ответила на него. Согласие действует, пока хранится обращение; его можно отозвать письмом."
)
PERSONAL = ("name", "email", "phone", "postal_address", "account_number", "supply_address")
KINDS = (ApplicantKind.PERSON, ApplicantKind.SOLE_TRADER, ApplicantKind.COMPANY, ApplicantKind.UTILITY_PROVIDER)


class AppealForm(FromPeople, AboutForm):
    """An appeal of somebody who has not signed in."""

    applicant_kind = forms.ChoiceField(
        label="Кто обращается",
        choices=[(one.value, words.of(one).capitalize()) for one in KINDS],
        widget=forms.RadioSelect,
        initial=ApplicantKind.PERSON.value,
        error_messages={"required": "Выберите, кто обращается", "invalid_choice": "Выберите из списка"},
    )
    name = text_field(
        "Фамилия, имя, отчество или название организации",
        "Обращение без имени зарегистрируем, но рассматривать его не обязаны",
        autocomplete="name",
    )
    email = email_field("Сюда придёт ответ")
    postal_address = text_field("Или почтовый адрес для ответа", "С индексом", autocomplete="street-address")
    phone = text_field("Телефон", "Если нужно уточнить", most=40, autocomplete="tel", inputmode="tel")
    account_number = text_field("Номер лицевого счёта или договора", "Есть в счёте", most=40)
    supply_address = text_field("Адрес, где потребляется электроэнергия", "Если номера счёта под рукой нет")
    violated_at = text_field("Когда это было", "Для жалоб на качество и перерывы", most=200)
    demands = text_field("Чего вы просите", most=1000)
    consent = forms.BooleanField(label=CONSENT, required=False)

    PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("Обращение", ("kind", "subject", "text", "scans", "violated_at", "demands")),
        ("Заявитель", ("applicant_kind", *PERSONAL[:2], "postal_address", "phone", "account_number", "supply_address")),
    )

    def __init__(self, data: Any, *, subjects: Sequence[SubjectView], now: datetime) -> None:
        super().__init__(data, now=now, initial={"kind": CaseKind.QUESTION}, subjects=subjects)

    def parts(self) -> list[tuple[str, list[Any]]]:
        """Return the fields with their headings."""
        return [(title, [self[name] for name in names]) for title, names in self.PARTS]

    def clean(self) -> dict[str, Any]:
        """Ask for the consent where there are personal data."""
        given = super().clean()
        if not given.get("consent") and any(given.get(name) for name in PERSONAL):
            self.add_error("consent", "Без согласия мы не можем хранить ваши данные. Отметьте его или уберите данные")
        return given

    def letter(self, file_ids: tuple[int, ...], *, key: str) -> Incoming:
        """Return the letter with its key."""
        return Incoming(
            channel=CaseChannel.SITE,
            text=self.cleaned_data["text"],
            received_at=self.now,
            key=f"site:{key}",
            file_ids=file_ids,
        )

    @property
    def applicant(self) -> Applicant:
        """Who applies, as he says it."""
        given = self.cleaned_data
        told = {name: given[name].strip() for name in PERSONAL}
        return Applicant(kind=ApplicantKind(given["applicant_kind"]), **told)

    @property
    def details(self) -> Details:
        """What only some appeals have."""
        return Details(quality=Quality(self.cleaned_data["violated_at"], self.cleaned_data["demands"]))


class StatusForm(forms.Form):
    """Number and receipt code of an appeal."""

    number = text_field("Номер обращения", "Например, ОБ-26-00-000123", most=40, required="Введите номер обращения")
    code = text_field(
        "Код",
        "Двенадцать цифр из письма, талона или со страницы после отправки",
        most=40,
        required="Введите код",
        inputmode="numeric",
        autocomplete="off",
    )

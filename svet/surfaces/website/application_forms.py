"""The form of an application for a contract, for citizens and organisations; what a robot does not do is asked here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from svet.domains.cases.actions import Details, Incoming
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel
from svet.kernel.identifiers import is_inn
from svet.surfaces.web.appeal_forms import text_field
from svet.surfaces.website.appeal_forms import AppealForm

REASONS = (
    ("bought", "Купил, получил в наследство или в дар"),
    ("rents", "Снимаю или получил жильё от государства"),
    ("new", "Подключён новый дом или объект"),
    ("other", "Другое"),
)
LEFT_OUT = ("kind", "subject", "violated_at", "demands", "account_number")

CITIZENS_PAPERS = (
    "паспорт (страницы с фотографией и регистрацией)",
    "документ о праве на жильё: выписка из ЕГРН, договор найма или другой",
    "акт ввода счётчика в эксплуатацию, если он у вас есть",
)
COMPANY_PAPERS = (
    "карточка с реквизитами и выписка из ЕГРЮЛ или ЕГРИП",
    "документ о праве на объект",
    "документы о технологическом присоединении к сетям",
    "акт ввода счётчика в эксплуатацию",
    "доверенность, если подписывает не руководитель",
)


class ApplicationForm(AppealForm):
    """An application: who, for which place, on what ground, with which papers."""

    reason = forms.ChoiceField(
        label="На каком основании",
        choices=REASONS,
        widget=forms.RadioSelect,
        initial="bought",
        error_messages={"required": "Выберите основание", "invalid_choice": "Выберите из списка"},
    )
    inn = text_field("ИНН", "Для организации или предпринимателя", most=12, inputmode="numeric")
    reading = text_field("Показания счётчика на сегодня", "Если они у вас есть", most=60)

    PARTS = (
        (
            "Заявитель",
            ("applicant_kind", "name", "inn", "email", "phone", "postal_address"),
        ),
        ("Договор", ("supply_address", "reason", "reading", "text", "scans")),
    )

    def __init__(self, data: Any, *, now: datetime) -> None:
        super().__init__(data, subjects=(), now=now)
        for name in LEFT_OUT:
            del self.fields[name]
        self.fields["text"].label, self.fields["text"].required = "Что ещё важно", False
        self.fields["text"].widget.attrs["rows"] = 4
        self.fields["name"].help_text = ""
        self.fields["supply_address"].label = "Адрес, для которого нужен договор"
        self.fields["supply_address"].help_text = ""
        needed = {"name": "Напишите, с кем заключить договор", "supply_address": "Напишите адрес"}
        for name, required in needed.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = required

    def clean(self) -> dict[str, Any]:
        """Ask an organisation for its ИНН and everybody for a way to answer."""
        given = super().clean()
        is_person = given.get("applicant_kind") == ApplicantKind.PERSON
        if not is_person and not is_inn(given.get("inn", "")):
            self.add_error("inn", "Проверьте ИНН: 10 цифр у организации, 12 у предпринимателя")
        if not given.get("email") and not given.get("postal_address"):
            self.add_error("email", "Напишите почту или почтовый адрес: туда придёт договор")
        return given

    def letter(self, file_ids: tuple[int, ...], *, key: str) -> Incoming:
        """Return the application as the letter of its case, with its key."""
        given = self.cleaned_data
        told = (
            ("Прошу заключить договор энергоснабжения", ""),
            ("Адрес", given["supply_address"]),
            ("Основание", dict(REASONS)[given["reason"]]),
            ("ИНН", given["inn"]),
            ("Показания счётчика", given["reading"]),
            ("Дополнительно", given["text"]),
        )
        lines = [f"{name}: {value}" if value else name for name, value in told if value or name == told[0][0]]
        return Incoming(
            channel=CaseChannel.SITE,
            text="\n".join(lines),
            received_at=self.now,
            key=f"site:{key}",
            file_ids=file_ids,
            title="Заявка на договор",
        )

    @property
    def applicant(self) -> Applicant:
        """Who applies, as he says it."""
        given = self.cleaned_data
        told = {name: given[name].strip() for name in ("name", "email", "phone", "postal_address", "supply_address")}
        return Applicant(kind=ApplicantKind(given["applicant_kind"]), **told)

    @property
    def details(self) -> Details:
        """An application has none of what only appeals have."""
        return Details()

"""Forms of benefits and of acts of unmetered use. They check nothing of the trade."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from svet.domains.accounts.queries import AgreementView
from svet.domains.benefits.queries import KindView
from svet.domains.benefits.rules import MOST_PEOPLE, Paper
from svet.domains.billing.actions import UnmeteredPaper
from svet.domains.billing.rules.unmetered import Found, UnmeteredKind
from svet.flows.card_unmetered import Asked
from svet.surfaces.desk.operation_forms import TakeBackForm, day_field, reason_field
from svet.surfaces.web import benefit_words, messages
from svet.surfaces.web.scans import scans_field

DAY = timedelta(days=1)
ABOUT = {
    # where the errors of benefits and acts belong
    "benefit_holder_is_needed": "holder",
    "benefit_document_is_needed": "document",
    "benefit_reason_is_needed": "reason",
    "benefit_people_are_wrong": "people",
    "benefit_has_no_days": "last_on",
    "benefit_ends_before_it_begins": "last_on",
    "benefit_kind_not_found": "kind",
    "benefit_place_not_found": "from_on",
    "entitlement_overlaps": "kind",
    "act_number_is_needed": "number",
    "act_signature_is_needed": "signed_by",
    "too_many_scans": "scans",
    "act_day_is_to_come": "found_on",
    "unmetered_note_is_needed": "note",
    "unmetered_power_is_wrong": "power_kw",
    "unmetered_begins_after_found": "since_on",
    "unmetered_ends_before_found": "ended_on",
    "unmetered_has_no_days": "since_on",
    "unmetered_supply_is_unknown": "since_on",
}


class _Asking(forms.Form):
    """A form whose errors of the trade stand at their fields."""

    def refuse(self, error: Any) -> None:
        """Put what the business refused at the field that it is about."""
        name = ABOUT.get(error.code, "")
        self.add_error(name if name in self.fields else None, messages.of_error(error))


def _text(label: str, hint: str, *, most: int, wrong: str) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=most, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": wrong, "max_length": f"Не длиннее {most} знаков"},
    )  # fmt: skip


def _free_day(label: str, hint: str) -> forms.DateField:
    field = day_field(label, hint)
    field.required = False
    return field


def _place(places: Sequence[AgreementView]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Где",
        choices=[(str(one.supply_point.id), one.supply_point.address) for one in places],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, где", "invalid_choice": "Выберите из списка"},
    )


class BenefitForm(_Asking):
    """Who is entitled to what, by which paper, from which day to which."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="Вид льготы",
        error_messages={"required": "Выберите вид льготы", "invalid_choice": "Выберите из списка"},
    )
    holder = _text("У кого льгота", "Фамилия, имя, отчество", most=200, wrong="Напишите, у кого льгота")
    document = _text(
        "Документ", "Например: удостоверение А № 123456 от 12.03.2024", most=200, wrong="Напишите документ"
    )
    people = forms.IntegerField(
        label="На скольких человек", help_text="Вместе с самим льготником", initial=1, min_value=1,
        max_value=MOST_PEOPLE, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), f"Целое число от 1 до {MOST_PEOPLE}"
        ),
    )  # fmt: skip
    from_on = day_field("С какого дня")
    last_on = _free_day("Последний день (необязательно)", "Если он есть в документе")
    reason = reason_field("Основание", "Например: заявление от 18.11.2026")

    def __init__(self, data: Any, *, kinds: Sequence[KindView], places: Sequence[AgreementView], on: date) -> None:
        super().__init__(data, initial={"request_key": uuid.uuid4().hex, "from_on": on.replace(day=1)})
        self.fields["kind"].choices = [("", "Выберите"), *((one.code, f"{one.name} — {one.law}") for one in kinds)]  # type: ignore[attr-defined]
        self.places = places
        if len(places) > 1:
            self.fields["place"] = _place(places)
            self.order_fields(["request_key", "kind", "place"])

    @property
    def place_id(self) -> int:
        """Where it is to hold."""
        return int(self.cleaned_data.get("place") or self.places[0].supply_point.id)

    def paper(self) -> Paper:
        """Return what was given."""
        given = self.cleaned_data
        last: date | None = given["last_on"]
        return Paper(
            kind_code=given["kind"],
            holder=given["holder"],
            document=given["document"],
            people=given["people"],
            from_on=given["from_on"],
            until_on=last + DAY if last and last < date.max else None,
            reason=given["reason"],
            request_key=given["request_key"],
        )


class EndBenefitForm(_Asking):
    """The last day of a benefit, and why."""

    prefix = "end"
    last_on = day_field("Последний день, когда льгота действует")
    reason = reason_field("Почему", "Например: истёк срок справки, льготник выехал")

    def clean_last_on(self) -> date:
        """Refuse the last day there is."""
        day: date = self.cleaned_data["last_on"]
        if day == date.max:
            raise forms.ValidationError("Укажите день, например 24.11.2026")
        return day


class ResumeBenefitForm(TakeBackForm):
    """Why an end is undone."""

    prefix = "resume"


class UndoBenefitForm(TakeBackForm):
    """Why a benefit never was."""

    prefix = "undo"


class UnmeteredForm(_Asking):
    """What an act found: since when, until when, of which power; the paper with its scans."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="Что обнаружили",
        choices=list(benefit_words.KINDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, что обнаружили", "invalid_choice": "Выберите из списка"},
    )
    note = forms.CharField(
        label="Подробно", help_text="Где и как подключились, что подключено, как нарушен счётчик", max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Напишите, что обнаружили", "max_length": "Не длиннее 1000 знаков"},
    )  # fmt: skip
    found_on = day_field("Когда обнаружили")
    ended_on = day_field("С какого дня прекратили", "Этот день уже не посчитаем")
    since_on = _free_day("Когда началось (необязательно)", "Если это известно и доказано")
    checked_on = _free_day(
        "Прошлая проверка (необязательно)",
        "Когда начало неизвестно, считаем от неё, но не больше чем на три месяца назад",
    )
    power_kw = forms.DecimalField(
        label="Мощность подключённого, кВт (необязательно)", help_text="Если неизвестна, посчитаем по нормативу",
        required=False, max_digits=6, decimal_places=3, localize=True, min_value=Decimal("0.001"),
        max_value=Decimal(100), widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            "Число больше нуля и не больше 100, например 2,2",
        ),
    )  # fmt: skip
    number = _text("Номер акта", "", most=60, wrong="Напишите номер акта")
    signed_by = _text("Кто подписал", "Фамилии и организации", most=200, wrong="Напишите, кто подписал акт")
    scans = scans_field("Скан акта", "PDF, JPEG или PNG, до 10 файлов по 10 МБ")

    def __init__(self, data: Any, *, places: Sequence[AgreementView], on: date) -> None:
        super().__init__(data, initial={"request_key": uuid.uuid4().hex, "found_on": on, "ended_on": on})
        self.places = places
        if len(places) > 1:
            self.fields["place"] = _place(places)
            self.order_fields(["request_key", "kind", "place"])

    def asked(self, *, scans: tuple[int, ...]) -> Asked:
        """Return what was asked for."""
        given = self.cleaned_data
        power: Decimal | None = given["power_kw"]
        found = Found(
            kind=UnmeteredKind(given["kind"]),
            found_on=given["found_on"],
            ended_on=given["ended_on"],
            since_on=given["since_on"],
            checked_on=given["checked_on"],
            power_w=None if power is None else int(power * 1000),
        )
        paper = UnmeteredPaper(
            number=given["number"],
            note=given["note"],
            signed_by=given["signed_by"],
            request_key=given["request_key"],
            scans=scans,
        )
        return Asked(found, paper, int(given.get("place") or self.places[0].supply_point.id))

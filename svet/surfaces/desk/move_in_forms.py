"""The forms of a move-in: where, then who comes, when, with how many people, and what the meter shows."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django import forms

from svet.domains.customers.rules import normal_phone
from svet.domains.metering.queries import DialAtPlace
from svet.flows.moving_in import Coming, FirstReadingRefused, Newcomer
from svet.kernel.findings import Finding, Level
from svet.surfaces.desk.operation_forms import day_field, reason_field
from svet.surfaces.web import messages, words
from svet.surfaces.web.templatetags.svet import number, short_day

AHEAD = timedelta(days=31)
_NAME = re.compile(r"[^\W\d_]+(?:[ '\u2019.-]+[^\W\d_]+)*\.?")
_PLAIN = {"autocomplete": "off"}


def name_field(label: str, *, required: bool = False, hint: str = "") -> forms.CharField:
    """Return the field of one part of a person's name."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=80,
        widget=forms.TextInput(attrs=_PLAIN),
        error_messages={"required": "Введите фамилию", "max_length": "Не длиннее 80 знаков"},
    )


def people_field(label: str, initial: int) -> forms.IntegerField:
    """Return the field of a number of people."""
    wrong = "Введите число от 0 до 200"
    return forms.IntegerField(
        label=label,
        initial=initial,
        min_value=0,
        max_value=200,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "4", **_PLAIN}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class WhereForm(forms.Form):
    """The address or the code of the place."""

    q = forms.CharField(
        label="Адрес или код точки поставки",
        help_text="Улица, дом, квартира, например: Садовая 12 10",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", **_PLAIN}),
        error_messages={"max_length": "Не длиннее 120 знаков"},
    )


class ComingForm(forms.Form):
    """Who moves in and since when; the values of every dial that hangs there, once the day has come."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    family_name = name_field("Фамилия", required=True)
    given_name = name_field("Имя")
    patronymic = name_field("Отчество", hint="Если есть")
    phone = forms.CharField(
        label="Телефон", required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel", **_PLAIN})
    )
    known_account = forms.CharField(
        label="Другой лицевой счёт этого клиента",
        help_text="Если у клиента уже есть счёт: нового клиента не заводим, фамилия должна совпасть",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "digits", **_PLAIN}),
    )
    from_on = day_field("С какого дня", "Первый день, когда клиент пользуется электричеством")
    registered = people_field("Зарегистрировано", 1)
    temporary = people_field("Живёт временно", 0)
    owners = people_field("Собственников", 1)
    reason = reason_field("Основание", "Например: договор купли-продажи от 18.11.2026, паспорт проверен")

    def __init__(self, data: Any, *, dials: Sequence[DialAtPlace], on: date, free_on: date) -> None:
        super().__init__(data, initial={"request_key": uuid.uuid4().hex, "from_on": max(on, free_on)})
        self.on, self.dials = on, dials
        for place, dial in enumerate(dials, 1):
            self.fields[f"d{place}"] = _dial_field(dial, single=len(dials) == 1)
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def clean_from_on(self) -> date:
        """Refuse days far ahead."""
        day: date = self.cleaned_data["from_on"]
        if day > self.on + AHEAD:
            raise forms.ValidationError("Укажите день не позже чем через месяц")
        return day

    def clean_phone(self) -> str:
        """Return the phone in its normal form."""
        typed: str = self.cleaned_data["phone"]
        if typed and normal_phone(typed) is None:
            raise forms.ValidationError("Это не похоже на телефон. Например: 8 (916) 123-45-67")
        return typed

    def clean_known_account(self) -> str:
        """Return the ten digits of the number."""
        typed = re.sub(r"[\s-]", "", self.cleaned_data["known_account"])
        if typed and not re.fullmatch(r"[0-9]{10}", typed):
            raise forms.ValidationError("В номере лицевого счёта 10 цифр")
        return typed

    def clean(self) -> dict[str, Any]:
        """Ask for a whole name of who is new, for names made of letters, and for values once the day has come."""
        cleaned = super().clean() or {}
        for name in ("family_name", "given_name", "patronymic"):
            if cleaned.get(name) and not _NAME.fullmatch(cleaned[name]):
                self.add_error(name, "Здесь могут быть только буквы, пробел, дефис и апостроф")
        is_new = "known_account" in cleaned and not cleaned["known_account"]
        if is_new and not cleaned.get("given_name") and "given_name" not in self.errors:
            self.add_error("given_name", "Введите имя")
        has_come = cleaned.get("from_on") is not None and cleaned["from_on"] <= self.on
        for place in range(1, len(self.dials) + 1):
            if has_come and not cleaned.get(f"d{place}") and f"d{place}" not in self.errors:
                self.add_error(f"d{place}", "Введите показание на первый день")
        return cleaned

    @property
    def token(self) -> str:
        """What was typed, in short: a confirmation is of this and of nothing else."""
        typed = sorted((name, str(value)) for name, value in self.cleaned_data.items())
        return hashlib.sha256(repr(typed).encode()).hexdigest()[:32]

    def coming(self, supply_point_id: int) -> Coming:
        """Return what was asked for."""
        given = self.cleaned_data
        by_meter = groupby(enumerate(self.dials, 1), key=lambda one: one[1].meter_serial)
        values: dict[str, dict[Any, str]] = {
            serial: {str(dial.position): given[f"d{place}"] for place, dial in some} for serial, some in by_meter
        }
        names = {name: given[name] for name in ("family_name", "given_name", "patronymic", "phone", "known_account")}
        return Coming(
            supply_point_id=supply_point_id,
            from_on=given["from_on"],
            newcomer=Newcomer(**names),
            registered=given["registered"],
            temporary=given["temporary"],
            owners=given["owners"],
            values=values,
            reason=given["reason"],
            request_key=given["request_key"],
        )

    def refuse_reading(self, error: FirstReadingRefused) -> None:
        """Put what is wrong with the values of a meter at their fields."""
        findings: Iterable[Finding] = error.facts["findings"]  # type: ignore[assignment]
        fields = {
            str(dial.position): f"d{place}"
            for place, dial in enumerate(self.dials, 1)
            if dial.meter_serial == error.facts["serial"]
        }
        for finding in findings:
            if finding.level is not Level.NOTE:
                self.add_error(fields.get(str(finding.facts.get("position", ""))), messages.of_finding(finding))


def _dial_field(dial: DialAtPlace, *, single: bool) -> forms.CharField:
    label = "Показание на первый день" if single else f"Показание Т{dial.position} ({words.of(dial.band)})"
    before = f"Счётчик № {dial.meter_serial}"
    if dial.last_value is not None and dial.last_on is not None:
        before += f"; последнее: {number(dial.last_value)} от {short_day(dial.last_on)}"
    return forms.CharField(
        label=label,
        help_text=before,
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "digits", **_PLAIN}),
    )

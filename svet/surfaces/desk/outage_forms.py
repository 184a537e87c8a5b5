"""Forms of outages and of what is the matter with a meter: when, where, how, why."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms

from svet.domains.metering.rules import ConditionKind
from svet.domains.supply.actions import InterruptionRefused
from svet.domains.supply.rules import InterruptionKind
from svet.flows.outages import Asked
from svet.infra.clock import MOSCOW
from svet.surfaces.desk.operation_forms import day_field, reason_field
from svet.surfaces.web import outage_words

HOUSE, ADDRESS, LIST = "house", "address", "list"


def _time_field(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Укажите время", "invalid": "Укажите время, например 14:30"},
    )


class OutageForm(forms.Form):
    """What happened to the supply, where, from when until when."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="Что случилось",
        choices=[("outage", "Света не было"), ("voltage", "Напряжение или частота не по стандарту")],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, что случилось"},
    )
    where = forms.ChoiceField(
        label="Где",
        choices=[(LIST, "Список лицевых счетов"), (ADDRESS, "Улица или дом по адресу"), (HOUSE, "Дом из списка домов")],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, где"},
    )
    numbers = forms.CharField(
        label="Лицевые счета", help_text="Через пробел, запятую или с новой строки: все, кто на этой линии",
        required=False, max_length=30_000, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    address = forms.CharField(
        label="Адрес", help_text="Например: Садовая 12. Найдутся все квартиры", required=False, max_length=120
    )
    house = forms.ChoiceField(label="Дом", required=False)
    from_on = day_field("Началось, день")
    from_time = _time_field("Началось, время")
    until_on = day_field("Закончилось, день")
    until_time = _time_field("Закончилось, время")
    sources = forms.ChoiceField(
        label="Независимых источников питания",
        help_text="Допустимый перерыв: при одном источнике больше, при двух меньше",
        choices=[("1", "Один"), ("2", "Два")], widget=forms.RadioSelect, initial="1",
        error_messages={"required": "Выберите, сколько источников"},
    )  # fmt: skip
    reason = reason_field("Основание", "Например: акт сетевой организации № 12 от 05.11.2026, обрыв провода")

    def __init__(self, data: Any, *, houses: Sequence[tuple[int, str]], on: date) -> None:
        initial = {"request_key": uuid.uuid4().hex, "from_on": on, "until_on": on, "sources": "1"}
        super().__init__(data, initial=initial)
        self.fields["house"].choices = [("", "—"), *((str(key), text) for key, text in houses)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the words that belong to where was chosen."""
        data = super().clean() or {}
        where = data.get("where")
        numbers = tuple(dict.fromkeys(re.split(r"[\s,;]+", data.get("numbers", "").strip())))
        data["account_numbers"] = tuple(one for one in numbers if one)
        if where == LIST and not data["account_numbers"]:
            self.add_error("numbers", "Введите номера лицевых счетов")
        if where == ADDRESS and not data.get("address", "").strip():
            self.add_error("address", "Введите адрес")
        if where == HOUSE and not data.get("house"):
            self.add_error("house", "Выберите дом")
        return data

    def asked(self) -> Asked:
        """Return what was asked for."""
        given = self.cleaned_data
        where = given["where"]
        return Asked(
            request_key=given["request_key"],
            house_id=int(given["house"]) if where == HOUSE else None,
            address=given["address"].strip() if where == ADDRESS else "",
            numbers=given["account_numbers"] if where == LIST else (),
            kind=InterruptionKind(given["kind"]),
            from_at=datetime.combine(given["from_on"], given["from_time"], tzinfo=MOSCOW),
            until_at=datetime.combine(given["until_on"], given["until_time"], tzinfo=MOSCOW),
            independent_sources=int(given["sources"]),
            reason=given["reason"],
        )

    def refuse(self, error: InterruptionRefused) -> None:
        """Put what is wrong at its field."""
        why = str(error.facts["why"])
        places = {"no_time": "until_on", "not_over": "until_on", "overlaps": "from_on", "no_reason": "reason"}
        where = {LIST: "numbers", ADDRESS: "address", HOUSE: "house"}[self.cleaned_data["where"]]
        self.add_error(places.get(why, where), outage_words.REFUSED[why].format(**error.facts))


class UndoForm(forms.Form):
    """Why what was recorded never was."""

    reason = reason_field("Почему отменяется", "Например: записано не на ту линию")


class ConditionForm(forms.Form):
    """What is the matter with a meter or the supply, since when, by which act."""

    kind = forms.ChoiceField(
        label="Что случилось",
        choices=[(kind.value, outage_words.CONDITIONS[kind.value]) for kind in ConditionKind],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, что случилось"},
    )
    place = forms.ChoiceField(label="Счётчик или адрес", error_messages={"required": "Выберите счётчик или адрес"})
    from_on = day_field("С какого дня")
    act_number = forms.CharField(label="Номер акта", max_length=60, required=False)
    reason = reason_field("Основание", "Например: заявление клиента, акт проверки")

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", "—"), *places]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A failure is of a meter; everything else of the supply."""
        data = super().clean() or {}
        of_meter = str(data.get("place", "")).count(":") == 1
        if data.get("kind") == ConditionKind.FAILED.value and data.get("place") and not of_meter:
            self.add_error("place", "Выберите, какой счётчик неисправен")
        return data


class LiftForm(forms.Form):
    """From which day it holds no more."""

    lifted_on = day_field("С какого дня этого больше нет")
    act_number = forms.CharField(label="Номер акта", max_length=60, required=False)
    reason = reason_field("Основание", "Например: счётчик исправлен, проверка прошла")

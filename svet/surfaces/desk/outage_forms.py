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
from svet.domains.supply.rules import Cause, InterruptionKind
from svet.flows.outages import Asked
from svet.infra.clock import MOSCOW
from svet.surfaces.desk.operation_forms import day_field, reason_field
from svet.surfaces.web import outage_words

HOUSE, ADDRESS, LIST = "house", "address", "list"
OVER, GOES_ON = "over", "goes_on"
PLACES = {
    "no_time": "until_on", "not_over": "until_on", "overlaps": "from_on", "no_reason": "reason", "not_begun": "from_on",
    "expected_past": "expected_on",
}  # fmt: skip
"""At which field it is said what is wrong."""


def _time_field(label: str, hint: str = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text=hint,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Укажите время", "invalid": "Укажите время, например 14:30"},
    )


def _cause_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Причина", help_text="Её увидят клиенты", required=False,
        choices=[(one.value, outage_words.CAUSES[one.value].capitalize()) for one in Cause],
        widget=forms.RadioSelect, initial=Cause.UNKNOWN.value,
    )  # fmt: skip


def _not_needed(field: forms.Field) -> Any:
    field.required = False
    return field


class ExpectingForm(forms.Form):
    """Why supply fails now and when it is expected back, as customers are told."""

    cause = _cause_field()
    expected_on = _not_needed(day_field("Когда ожидаем, день", "Оставьте пустым, если срок не известен"))
    expected_time = _not_needed(_time_field("Когда ожидаем, время"))

    def clean(self) -> dict[str, Any]:
        """A day needs its time, a time its day."""
        data = super().clean() or {}
        day, hour = data.get("expected_on"), data.get("expected_time")
        if day and hour is None and "expected_time" not in self.errors:
            self.add_error("expected_time", "Укажите время, например 14:30")
        if hour is not None and not day and "expected_on" not in self.errors:
            self.add_error("expected_on", "Укажите день")
        return data

    def expected_at(self) -> datetime | None:
        """Return when supply is expected back, None when nobody knows."""
        day, hour = self.cleaned_data["expected_on"], self.cleaned_data["expected_time"]
        return datetime.combine(day, hour, tzinfo=MOSCOW) if day else None

    def asked_cause(self) -> Cause:
        """Return the cause; unknown when none was chosen."""
        return Cause(self.cleaned_data["cause"] or Cause.UNKNOWN)


class ToldForm(ExpectingForm):
    """What is known now of an interruption that goes on."""

    reason = reason_field("Откуда известно", "Например: звонок диспетчера сетей в 14:10")

    def refuse(self, error: InterruptionRefused) -> None:
        """Put what is wrong at its field."""
        why = str(error.facts["why"])
        self.add_error(PLACES.get(why), outage_words.REFUSED[why])


class WhereForm(forms.Form):
    """Whom an interruption touches: by a list, an address or a house."""

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

    def __init__(self, *args: Any, houses: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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

    def house_id(self) -> int | None:
        """Return the house where one was chosen."""
        return int(self.cleaned_data["house"]) if self.cleaned_data["where"] == HOUSE else None

    def asked_address(self) -> str:
        """Return the address where one was chosen."""
        return str(self.cleaned_data["address"]).strip() if self.cleaned_data["where"] == ADDRESS else ""

    def asked_numbers(self) -> tuple[str, ...]:
        """Return the account numbers where a list was chosen."""
        listed: tuple[str, ...] = self.cleaned_data["account_numbers"]
        return listed if self.cleaned_data["where"] == LIST else ()

    def refuse(self, error: InterruptionRefused) -> None:
        """Put what is wrong at its field."""
        why = str(error.facts["why"])
        where = {LIST: "numbers", ADDRESS: "address", HOUSE: "house"}[self.cleaned_data["where"]]
        place = PLACES.get(why, where)
        told = outage_words.REFUSED[why].format(**error.facts)
        self.add_error(place if place in self.fields else where, told)


class WidenForm(WhereForm):
    """More places at which supply fails since the same moment."""

    reason = reason_field("Откуда известно", "Например: звонок жителя, диспетчер сетей подтвердил в 14:10")


class OutageForm(WhereForm, ExpectingForm):
    """What happened to the supply, where, from when until when, or that it goes on."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="Что случилось",
        choices=[("outage", "Нет света"), ("voltage", "Напряжение или частота не по стандарту")],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, что случилось"},
    )
    state = forms.ChoiceField(
        label="Перерыв закончился?",
        choices=[(OVER, "Закончился"), (GOES_ON, "Ещё идёт")],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, закончился ли перерыв"},
    )
    from_on = day_field("Началось, день")
    from_time = _time_field("Началось, время")
    until_on = _not_needed(day_field("Закончилось, день"))
    until_time = _not_needed(_time_field("Закончилось, время"))
    sources = forms.ChoiceField(
        label="Независимых источников питания",
        help_text="Допустимый перерыв: при одном источнике больше, при двух меньше",
        choices=[("1", "Один"), ("2", "Два")], widget=forms.RadioSelect, initial="1",
        error_messages={"required": "Выберите, сколько источников"},
    )  # fmt: skip
    reason = reason_field("Основание", "Например: акт сетевой организации № 12 от 05.11.2026, обрыв провода")

    def __init__(self, data: Any, *, houses: Sequence[tuple[int, str]], on: date, may_reckon: bool = True) -> None:
        initial = {"request_key": uuid.uuid4().hex, "from_on": on, "sources": "1", "cause": Cause.UNKNOWN.value}
        super().__init__(data, initial=initial, houses=houses)
        if not may_reckon:
            self.fields["state"].choices = [(GOES_ON, "Ещё идёт")]  # type: ignore[attr-defined]
            self.fields["state"].widget = forms.HiddenInput()
            self.fields["state"].initial = GOES_ON

    def clean(self) -> dict[str, Any]:
        """What has ended needs its end."""
        data = super().clean() or {}
        if data.get("state") == OVER:
            for name, told in (("until_on", "Укажите день"), ("until_time", "Укажите время, например 14:30")):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, told)
        return data

    @property
    def goes_on(self) -> bool:
        """Whether the interruption is not over."""
        return bool(self.cleaned_data["state"] == GOES_ON)

    def asked(self) -> Asked:
        """Return what was asked for."""
        given = self.cleaned_data
        return Asked(
            request_key=given["request_key"],
            house_id=self.house_id(),
            address=self.asked_address(),
            numbers=self.asked_numbers(),
            kind=InterruptionKind(given["kind"]),
            from_at=datetime.combine(given["from_on"], given["from_time"], tzinfo=MOSCOW),
            until_at=None if self.goes_on else datetime.combine(given["until_on"], given["until_time"], tzinfo=MOSCOW),
            independent_sources=int(given["sources"]),
            reason=given["reason"],
            cause=self.asked_cause() if self.goes_on else Cause.UNKNOWN,
            expected_at=self.expected_at() if self.goes_on else None,
        )


class BackForm(forms.Form):
    """When supply was back, and how that is known."""

    until_on = day_field("Закончилось, день")
    until_time = _time_field("Закончилось, время")
    reason = reason_field("Основание", "Например: акт сетевой организации № 12 от 05.11.2026, обрыв провода")

    def ended_at(self) -> datetime:
        """Return the moment of the end."""
        return datetime.combine(self.cleaned_data["until_on"], self.cleaned_data["until_time"], tzinfo=MOSCOW)

    def refuse(self, error: InterruptionRefused) -> None:
        """Put what is wrong at its field."""
        why = str(error.facts["why"])
        place = {"overlaps": None}.get(why, PLACES.get(why))
        self.add_error(place if place in self.fields else None, outage_words.REFUSED[why].format(**error.facts))


class EndForm(BackForm):
    """What is over as it is reckoned; when that was is not asked again where it was said (`ended_at`)."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, data: Any, *, on: date, ended_at: datetime | None = None) -> None:
        super().__init__(data, initial={"request_key": uuid.uuid4().hex, "until_on": on})
        self.said = ended_at
        if ended_at is not None:
            del self.fields["until_on"], self.fields["until_time"]

    def ended_at(self) -> datetime:
        """Return the moment of the end."""
        return self.said or super().ended_at()


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

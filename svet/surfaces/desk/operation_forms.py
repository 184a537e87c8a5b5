"""The forms of operations on a customer's card: moving out and taking that back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from svet.domains.metering.queries import MeterForm
from svet.flows.moving import LastReadingRefused, Leaving
from svet.kernel.findings import Finding, Level
from svet.surfaces.web import messages
from svet.surfaces.web.reading_form import register_field


def day_field(label: str, hint: str = "") -> forms.DateField:
    """Return a field for one day."""
    return forms.DateField(
        label=label,
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date", "class": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Укажите день", "invalid": "Укажите день, например 24.11.2026"},
    )


def reason_field(label: str, hint: str) -> forms.CharField:
    """Return the field that asks why; the answer stays in the journal."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Напишите, почему", "max_length": "Не длиннее 400 знаков"},
    )


class LeavingForm(forms.Form):
    """The last day, the last values of every meter, why."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    last_on = day_field("Последний день, когда клиент пользуется электричеством")
    reason = reason_field("Почему", "Например: квартира продана, заявление от 18.11.2026")

    def __init__(self, data: Any, *, meters: Sequence[MeterForm], on: date) -> None:
        super().__init__(data, initial={"last_on": on, "request_key": uuid.uuid4().hex})
        self.on, self.meters = on, meters
        single = len(meters) == 1 and len(meters[0].registers) == 1
        for place, meter in enumerate(meters, 1):
            for register in meter.registers:
                field = register_field(register, meter=meter, single=len(meter.registers) == 1)
                if not single:
                    field.label = f"{field.label}, счётчик № {meter.meter_serial}"
                self.fields[f"m{place}_t{register.position}"] = field
        values = [name for name in self.fields if name.startswith("m")]
        self.order_fields(["request_key", "last_on", *values, "reason"])

    def clean_last_on(self) -> date:
        """Refuse a day to come."""
        day: date = self.cleaned_data["last_on"]
        if day > self.on:
            raise forms.ValidationError("Этот день ещё не наступил: закройте счёт в последний день или позже")
        return day

    def leaving(self, account_id: int, *, channel: Any) -> Leaving:
        """Return what was asked for."""
        values: dict[str, dict[Any, str]] = {
            meter.meter_serial: {
                str(register.position): self.cleaned_data[f"m{place}_t{register.position}"]
                for register in meter.registers
            }
            for place, meter in enumerate(self.meters, 1)
        }
        return Leaving(
            account_id=account_id,
            last_on=self.cleaned_data["last_on"],
            values=values,
            reason=self.cleaned_data["reason"],
            channel=channel,
            request_key=self.cleaned_data["request_key"],
        )

    def refuse_reading(self, error: LastReadingRefused) -> None:
        """Put what is wrong with the values of a meter at their fields."""
        findings: Iterable[Finding] = error.facts["findings"]  # type: ignore[assignment]
        place = next(n for n, meter in enumerate(self.meters, 1) if meter.meter_serial == error.facts["serial"])
        for finding in findings:
            if finding.level is Level.REFUSE:
                name = f"m{place}_t{finding.facts.get('position', '')}"
                self.add_error(name if name in self.fields else None, messages.of_finding(finding))


class TakeBackForm(forms.Form):
    """Why an operation is taken back."""

    reason = reason_field("Почему отменяете", "Например: клиент передумал, ошиблись счётом")


class TakeReadingBackForm(TakeBackForm):
    """What is to count in place of a reading that corrected another, and why."""

    PUT_BACK, ALTOGETHER = "former", "none"

    instead = forms.ChoiceField(
        label="Что будет вместо этого показания",
        choices=[(PUT_BACK, "Прежнее показание"), (ALTOGETHER, "Ничего: отозвать и прежнее")],
        initial=PUT_BACK,
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, что будет вместо", "invalid_choice": "Выберите, что будет вместо"},
    )
    field_order = ("instead", "reason")


class LiftForm(forms.Form):
    """Why a customer may try again at once."""

    reason = reason_field("Почему", "Например: позвонил, личность установлена, новый телефон")

"""The form of readings: one field per register of a meter, in the words of the dial. It checks nothing of the trade:
the rules of metering do, and their findings come back to the fields here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from svet.domains.metering.queries import MeterForm, RegisterForm
from svet.kernel.findings import Finding, Level
from svet.surfaces.web import messages, words
from svet.surfaces.web.templatetags.svet import number, short_day


class ReadingForm(forms.Form):
    """Values of one meter; `source_id` makes a double click one submission."""

    meter = forms.CharField(widget=forms.HiddenInput, max_length=50)
    source_id = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=64)
    taken_on = forms.DateField(
        label="Когда сняты",
        widget=forms.DateInput(attrs={"type": "date", "class": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Укажите день", "invalid": "Укажите день, например 24.11.2026"},
    )

    def __init__(self, *args: Any, meter: MeterForm, on: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"meter": meter.meter_serial, "taken_on": on, "source_id": uuid.uuid4().hex}
        super().__init__(*args, **kwargs)
        self.meter_form = meter
        single = len(meter.registers) == 1
        for register in meter.registers:
            self.fields[f"t{register.position}"] = register_field(register, meter=meter, single=single)
        self.order_fields(["meter", "source_id", *(f"t{r.position}" for r in meter.registers), "taken_on"])

    @property
    def values(self) -> dict[str | int | Any, Any]:
        """What was typed, keyed by the register's position."""
        return {
            str(register.position): self.cleaned_data[f"t{register.position}"] for register in self.meter_form.registers
        }

    @property
    def typed(self) -> str:
        """What was typed, as one text: a confirmation is of these values and this day and no others."""
        return "; ".join([*(str(value) for value in self.values.values()), f"{self.cleaned_data['taken_on']}"])

    def refuse(self, findings: Iterable[Finding]) -> None:
        """Put what the rules refused at the fields it is about, and make the next try a new submission."""
        for finding in findings:
            if finding.level is Level.REFUSE:
                name = f"t{finding.facts.get('position', '')}"
                self.add_error(name if name in self.fields else None, messages.of_finding(finding))
        self.data = {name: self.data[name] for name in self.data} | {"source_id": uuid.uuid4().hex}


def register_field(register: RegisterForm, *, meter: MeterForm, single: bool) -> forms.CharField:
    """Return the field of one register, with the value before it as its hint."""
    label = "Показание" if single else f"{words.of(register.band).capitalize()} (Т{register.position})"
    before = "раньше не передавали"
    if register.previous is not None:
        before = f"прошлое: {number(register.previous)}"
        before += f" от {short_day(register.previous_on)}" if register.previous_on else ""
    if register.given is not None:
        before += f"; за этот месяц уже передано {number(register.given)}"
    mode = "decimal" if meter.fraction_digits else "numeric"
    return forms.CharField(
        label=label,
        help_text=before[:1].upper() + before[1:],
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off", "class": "digits", "maxlength": "20"}),
        error_messages={"required": "Введите показание" if single else f"Введите показание: {label}"},
    )

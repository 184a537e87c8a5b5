"""The form of paper sheets: a day and twenty rows, each checked on its own, those taken locked."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms

from svet.flows.desk_readings import RowOutcome, RowState, SheetRow
from svet.kernel.errors import DomainError
from svet.kernel.findings import Finding
from svet.surfaces.web import messages, reading_words

ROWS = 20
PLACES = ("1", "2", "3")
_TOGETHER = re.compile(r"[\s\u00a0\u2009\u202f-]")


class SheetForm(forms.Form):
    """What all rows share: the day on the sheets, and the id that makes a repeated submission harmless."""

    batch = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    taken_on = forms.DateField(
        label="Когда сняты показания",
        widget=forms.DateInput(attrs={"type": "date", "class": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Укажите день", "invalid": "Укажите день, например 24.11.2026"},
    )

    def __init__(self, data: Any, *, on: date) -> None:
        super().__init__(data, initial={"batch": uuid.uuid4().hex, "taken_on": on})
        self.on = on
        self.rows = [SheetRowForm(data, place=place) for place in range(1, ROWS + 1)]

    def clean_taken_on(self) -> date:
        """Refuse a day to come."""
        day: date = self.cleaned_data["taken_on"]
        if day > self.on:
            raise forms.ValidationError("Этот день ещё не наступил")
        return day

    def typed_rows(self) -> Iterator[SheetRowForm]:
        """Yield the rows with something in them that can be tried; a second row of one meter is refused."""
        seen: dict[tuple[str, str], int] = {}
        for row in self.rows:
            if not row.is_valid() or row.is_empty:
                continue
            first = seen.setdefault((row.cleaned_data["number"], row.cleaned_data["tail"]), row.place)
            if first != row.place:
                row.add_error("number", f"Этот счёт уже есть в строке {first}")
                continue
            yield row

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are taken and how many wait for the typist."""
        taken = sum(1 for row in self.rows if row.is_taken)
        wrong = sum(1 for row in self.rows if not row.is_taken and (row.errors or row.outcome))
        return {"taken": taken, "wrong": wrong}


class SheetRowForm(forms.Form):
    """One row: an account, the end of the meter's number where there are several, the values."""

    number = forms.CharField(required=False, max_length=40)
    tail = forms.CharField(required=False, max_length=20)
    t1 = forms.CharField(required=False, max_length=40)
    t2 = forms.CharField(required=False, max_length=40)
    t3 = forms.CharField(required=False, max_length=40)
    confirmed = forms.CharField(required=False, max_length=200)

    def __init__(self, data: Any, *, place: int) -> None:
        super().__init__(data, prefix=f"r{place}")
        self.place = place
        self.outcome: RowOutcome | None = None
        self._typed = ""
        labels = {"number": "лицевой счёт", "tail": "конец номера счётчика"} | {f"t{one}": f"Т{one}" for one in PLACES}
        for name, label in labels.items():
            field = self.fields[name]
            field.label = f"Строка {place}, {label}"
            mode = "text" if name == "tail" else "decimal" if name != "number" else "numeric"
            size = {"number": "11", "tail": "5"}.get(name, "8")
            field.widget.attrs.update(
                {"inputmode": mode, "autocomplete": "off", "size": size, "aria-label": field.label}
            )
            field.error_messages["max_length"] = "Слишком много знаков"
        self.fields["confirmed"].label = f"Строка {place}: в листке именно так"

    def clean_number(self) -> str:
        """Return the ten digits of an account; spaces and hyphens between them do not matter."""
        number = _TOGETHER.sub("", self.cleaned_data["number"])
        if number and not re.fullmatch(r"[0-9]{10}", number):
            raise forms.ValidationError("В номере лицевого счёта 10 цифр")
        return number

    def clean(self) -> dict[str, Any]:
        """Ask for what is missing in a row that was begun."""
        cleaned = super().clean() or {}
        if not self.errors and not self.is_empty:
            if not cleaned["number"]:
                self.add_error("number", "Введите лицевой счёт")
            if not cleaned["t1"]:
                self.add_error("t1", "Введите показание")
        return cleaned

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(self.cleaned_data.get(name) for name in ("number", "tail", "t1", "t2", "t3"))

    @property
    def is_taken(self) -> bool:
        """Whether the row has its receipt and is locked."""
        return self.outcome is not None and self.outcome.is_taken

    @property
    def typed(self) -> str:
        """What was typed, as one text: a confirmation is of this very row."""
        return self._typed or ";".join(
            str(self.cleaned_data.get(name, "")) for name in ("number", "tail", "t1", "t2", "t3")
        )

    @property
    def is_asked(self) -> bool:
        """Whether the typist is to look once more and say that the sheet says so."""
        return self.outcome is not None and self.outcome.state is RowState.ASKED

    @property
    def given(self) -> SheetRow:
        """The row for the business."""
        values: dict[Any, str] = {
            place: self.cleaned_data[f"t{place}"] for place in PLACES if self.cleaned_data[f"t{place}"]
        }
        return SheetRow(
            account_number=self.cleaned_data["number"],
            tail=self.cleaned_data["tail"].strip(),
            values=values,
            is_confirmed=self.cleaned_data["confirmed"] == self.typed,
        )

    def tell(self, outcome: RowOutcome) -> None:
        """Keep what became of the row; lock it when it is taken, put what is wrong at its field."""
        self._typed, self.outcome = self.typed, outcome
        for field in self.fields.values():
            if outcome.is_taken:
                field.widget.attrs["readonly"] = True
        for finding in outcome.findings if outcome.state in {RowState.REFUSED, RowState.ASKED} else ():
            name = f"t{finding.facts.get('position', '1')}"
            self.add_error(name if name in self.fields else "t1", _in_a_row(finding))

    def refuse(self, error: DomainError) -> None:
        """Put what the business refused at the field it is about."""
        about = {"meter_is_to_be_named": "tail"}
        self.add_error(about.get(error.code, "number"), messages.of_error(error))

    def boxes(self) -> list[forms.BoundField]:
        """Return the fields of the row in the order of typing."""
        return [self[name] for name in ("number", "tail", "t1", "t2", "t3")]


def _in_a_row(finding: Finding) -> str:
    """Return the reason in a few words that tell nothing about how the household uses energy."""
    return reading_words.KINDS.get(finding.code) or messages.of_finding(finding)

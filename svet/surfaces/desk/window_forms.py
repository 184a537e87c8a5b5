"""The forms of a window and of the hall: what to serve, where to send on, why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from svet.domains.visits.queries import SeriesView, WindowView
from svet.domains.visits.rules import DeviceKind
from svet.surfaces.desk.contact_forms import EndContactForm
from svet.surfaces.desk.operation_forms import day_field
from svet.surfaces.web import hall_words

PAUSES = ("обед", "перерыв", "работа с документами")


class ServicesForm(forms.Form):
    """What a window serves."""

    services = forms.MultipleChoiceField(
        label="Что принимает окно",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Выберите хотя бы одну услугу", "invalid_choice": "Выберите из списка"},
    )

    def __init__(self, data: Any = None, *, services: Iterable[SeriesView], chosen: Iterable[str] = ()) -> None:
        super().__init__(data, initial={"services": list(chosen)})
        self.fields["services"].choices = [(one.code, f"{one.letter} · {one.title}") for one in services]  # type: ignore[attr-defined]


class PauseForm(forms.Form):
    """Why a window stops calling."""

    why = forms.ChoiceField(
        label="Перерыв", choices=[(one, one.capitalize()) for one in PAUSES], error_messages={"required": "Выберите"}
    )


class TransferForm(forms.Form):
    """Where to send the visitor on."""

    series = forms.ChoiceField(label="Услуга", required=False)
    window = forms.TypedChoiceField(label="Окно", coerce=int, empty_value=None, required=False)
    note = forms.CharField(
        label="Что передать коллеге",
        max_length=200,
        required=False,
        error_messages={"max_length": "Не больше 200 знаков"},
    )

    def __init__(self, data: Any = None, *, services: Iterable[SeriesView], windows: Iterable[int]) -> None:
        super().__init__(data)
        self.fields["series"].choices = [("", "Та же"), *((one.code, one.title) for one in services)]  # type: ignore[attr-defined]
        self.fields["window"].choices = [("", "Любое"), *((one, f"№ {one}") for one in windows)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for a service or a window: sending on to the same place means nothing."""
        given = super().clean() or {}
        if not given.get("series") and not given.get("window"):
            self.add_error("series", "Выберите услугу или окно, куда передать посетителя")
        return given


class FinishForm(EndContactForm):
    """How the visit ended: the subject of the ticket is chosen already."""

    def __init__(self, data: Any = None, *, subject: str = "") -> None:
        super().__init__(data, initial={"subjects": [subject] if subject else [], "settled": "settled"})


class ReasonForm(forms.Form):
    """Why a supervisor intervenes."""

    why = forms.CharField(
        label="Почему",
        max_length=200,
        error_messages={"required": "Напишите причину: она останется в журнале", "max_length": "Не больше 200 знаков"},
    )


class DeviceForm(forms.Form):
    """A new device of the hall; a tablet stands at a window."""

    kind = forms.ChoiceField(
        label="Что это",
        choices=[(one.value, hall_words.DEVICES[one.value]) for one in DeviceKind],
        error_messages={"required": "Выберите", "invalid_choice": "Выберите из списка"},
    )
    name = forms.CharField(
        label="Где стоит",
        help_text="Например, у входа",
        max_length=80,
        error_messages={"required": "Напишите, где стоит устройство", "max_length": "Не больше 80 знаков"},
    )
    window = forms.TypedChoiceField(
        label="Окно",
        help_text="Только для планшета: прежний планшет этого окна отключится",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Выберите из списка"},
    )

    def __init__(self, data: Any = None, *, windows: Iterable[WindowView]) -> None:
        super().__init__(data)
        numbers = [(one.number, f"№ {one.number}") for one in windows]
        self.fields["window"].choices = [("", "Не у окна"), *numbers]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the window of a tablet."""
        given = super().clean() or {}
        if given.get("kind") == DeviceKind.TABLET and given.get("window") is None:
            self.add_error("window", hall_words.ERRORS["tablet_needs_a_window"])
        return given


class NewWindowForm(forms.Form):
    """A new window."""

    number = forms.IntegerField(
        label="Номер нового окна",
        min_value=1,
        max_value=200,
        widget=forms.NumberInput(attrs={"class": "digits"}),
        error_messages={"required": "Введите номер окна", "invalid": "Введите число"},
    )


class CloseServiceForm(ReasonForm):
    """Which service the office does not give, on which days."""

    series = forms.ChoiceField(
        label="Услуга", error_messages={"required": "Выберите услугу", "invalid_choice": "Выберите из списка"}
    )
    first_on = day_field("С какого дня")
    last_on = day_field("По какой день", hint="Не знаете — оставьте пустым: услуга закроется, пока вы её не вернёте")

    field_order = ("series", "first_on", "last_on", "why")

    def __init__(self, data: Any = None, *, services: Iterable[SeriesView], today: date) -> None:
        super().__init__(data, auto_id="close_%s", initial={"first_on": today})
        self.today = today
        self.fields["series"].choices = [(one.code, one.title) for one in services]  # type: ignore[attr-defined]
        self.fields["why"].help_text = "Прочтут посетители на киоске и те, кто записан на эти дни"
        self.fields["last_on"].required = False

    def clean(self) -> dict[str, Any]:
        """Refuse days that are past, or end before they begin."""
        given = super().clean() or {}
        first, last = given.get("first_on"), given.get("last_on")
        if first and first < self.today:
            self.add_error("first_on", hall_words.ERRORS["closing_is_past"])
        if first and last and last < first:
            self.add_error("last_on", "Последний день раньше первого")
        return given


class SkillsForm(ReasonForm):
    """What a window can serve."""

    at_window = forms.TypedChoiceField(
        label="Окно", coerce=int, error_messages={"required": "Выберите окно", "invalid_choice": "Выберите из списка"}
    )
    services = forms.MultipleChoiceField(
        label="Что оно принимает",
        help_text="Ничего не отмечено — всё",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Выберите из списка"},
    )

    field_order = ("at_window", "services", "why")

    def __init__(self, data: Any = None, *, windows: Iterable[WindowView], services: Iterable[SeriesView]) -> None:
        super().__init__(data, auto_id="skills_%s")
        self.fields["at_window"].choices = [(one.window_id, f"№ {one.number}") for one in windows]  # type: ignore[attr-defined]
        self.fields["services"].choices = [(one.code, f"{one.letter} · {one.title}") for one in services]  # type: ignore[attr-defined]

"""The form of an act about a meter: which of its parts there are, its kind says. It checks nothing of the trade."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from svet.domains.accounts.queries import AgreementView
from svet.domains.metering.queries import MeterForm
from svet.domains.metering.rules.acts import ActKind, Hung, NewMeter, Paper, TakenDown, positions_of
from svet.flows.change_meter import Asked
from svet.kernel.energy import Zoning
from svet.kernel.findings import Level
from svet.surfaces.desk.operation_forms import day_field
from svet.surfaces.web import messages
from svet.surfaces.web.reading_form import register_field
from svet.surfaces.web.scans import scans_field

ZONINGS = [("1", "Одна (круглосуточно)"), ("2", "Две: день и ночь"), ("3", "Три: пик, полупик, ночь")]
DOWN, UP = (ActKind.REPLACEMENT, ActKind.REMOVAL), (ActKind.REPLACEMENT, ActKind.INSTALLATION)
ABOUT = {
    # where the errors of acts belong
    "act_number_is_needed": "number",
    "act_signature_is_needed": "signed_by",
    "serial_is_no_serial": "serial",
    "meter_hangs_elsewhere": "serial",
    "meter_is_known_otherwise": "serial",
    "replaced_by_itself": "serial",
    "digits_are_wrong": "digits",
    "multiplier_is_wrong": "multiplier",
    "verification_expired_before_installation": "due_on",
    "verification_is_over_before_it_begins": "due_on",
    "installed_before_removal": "installed_on",
    "charged_without_meter": "installed_on",
    "removed_before_installed": "removed_on",
    "readings_after_removal": "removed_on",
    "values_are_needed_in_charged_month": "shows_nothing",
    "meter_is_not_there": "removed_on",
    "initial_values_are_needed": "new_1",
    "seals_are_needed": "seals",
    "seal_without_number": "seals",
    "too_many_scans": "scans",
}


class ActForm(forms.Form):
    """One act. `meter` is the one that hangs there, with its last readings; None for an installation."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        kind: ActKind,
        meter: MeterForm | None,
        places: Sequence[AgreementView],
        on: date,
    ) -> None:
        super().__init__(data, initial={"request_key": uuid.uuid4().hex})
        self.kind, self.meter, self.places, self.on = kind, meter, places, on
        self.sections: list[tuple[str, list[str]]] = []
        if kind in DOWN and meter is not None:
            self._section(f"Снимаем счётчик № {meter.meter_serial}", self._down(meter))
        if kind in UP:
            self._section("Ставим новый счётчик", self._up())
        if kind is ActKind.VERIFICATION:
            self._section("Поверка", self._verification())
        if kind is ActKind.SEALING:
            self._section("Пломбы", {"on": _day("Когда опломбирован")})
        self._section("Акт", self._paper())

    def parts(self) -> list[tuple[str, list[Any]]]:
        """Return the sections with their fields, for the page."""
        return [(title, [self[name] for name in names]) for title, names in self.sections]

    def asked(self, account_id: int, *, scans: tuple[int, ...]) -> Asked:
        """Return what was asked for."""
        given = self.cleaned_data
        paper = Paper(
            number=given["number"],
            signed_by=given["signed_by"],
            request_key=given["request_key"],
            seals=given["seals"],
            note=given["note"],
            scans=scans,
        )
        return Asked(
            account_id=account_id,
            kind=self.kind,
            paper=paper,
            down=self._taken_down() if self.kind in DOWN else None,
            hung=self._hung() if self.kind in UP else None,
            supply_point_id=self._place(),
            serial=self.meter.meter_serial if self.meter else "",
            on=given.get("on"),
            due_on=given.get("due_on") if self.kind is ActKind.VERIFICATION else None,
        )

    def clean(self) -> dict[str, Any]:
        """Ask for the values of each dial there is."""
        given = super().clean() or {}
        if self.kind in DOWN and self.meter is not None and not given.get("shows_nothing"):
            for register in self.meter.registers:
                if not given.get(f"old_{register.position}", "").strip():
                    self.add_error(f"old_{register.position}", "Введите показание или отметьте, что прибор не работает")
        if self.kind in UP and given.get("zoning"):
            for place in positions_of(Zoning(given["zoning"])):
                if not given.get(f"new_{place}", "").strip():
                    self.add_error(f"new_{place}", f"Введите показание Т{place} в день установки")
        return given

    def refuse(self, error: Any) -> None:
        """Put what the business refused at the field that it is about."""
        if error.code == "act_value_refused":
            side = "old" if error.facts["side"] == "removed" else "new"
            for finding in error.facts["findings"]:
                if finding.level is Level.REFUSE:
                    name = f"{side}_{finding.facts.get('position', '')}"
                    self.add_error(name if name in self.fields else None, messages.of_finding(finding))
            return
        name = ABOUT.get(error.code, "")
        if error.code in {"act_day_is_to_come", "act_is_too_old", "no_agreement_on_act_day"}:
            same = [one for one in ("removed_on", "installed_on", "on") if one in self.fields]
            name = next((one for one in same if self.cleaned_data.get(one) == error.facts["on"]), "")
        self.add_error(name if name in self.fields else None, messages.of_error(error))

    def _section(self, title: str, fields: dict[str, forms.Field]) -> None:
        self.fields.update(fields)
        self.sections.append((title, list(fields)))

    def _down(self, meter: MeterForm) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {"removed_on": _day("Когда снят")}
        for register in meter.registers:
            field = register_field(register, meter=meter, single=len(meter.registers) == 1)
            field.label, field.required = str(field.label).replace("Показание", "Последнее показание"), False
            fields[f"old_{register.position}"] = field
        fields["shows_nothing"] = forms.BooleanField(
            label="Прибор ничего не показывает", required=False,
            help_text="Тогда дни без показаний посчитаем по среднему, а если его нет — по нормативу",
        )  # fmt: skip
        return fields

    def _up(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        if self.kind is ActKind.INSTALLATION and len(self.places) > 1:
            choices = [(str(one.supply_point.id), one.supply_point.address) for one in self.places]
            fields["place"] = forms.ChoiceField(label="Где", choices=choices, widget=forms.RadioSelect)
        fields["installed_on"] = _day("Когда поставлен", "Если раньше, чем сегодня, — день из акта")
        fields["serial"] = _text(
            "Заводской номер", "Напишите номер с передней панели", most=50, wrong="Напишите номер счётчика"
        )
        fields["model"] = _text("Модель", "", most=80, required=False)
        fields["zoning"] = forms.ChoiceField(
            label="Сколько тарифных зон", choices=ZONINGS, widget=forms.RadioSelect, initial="1",
            error_messages={"required": "Выберите, сколько зон", "invalid_choice": "Выберите из списка"},
        )  # fmt: skip
        for place, about in enumerate(("", "Если зон две или три", "Если зон три"), 1):
            label = f"Показание при установке, Т{place}"
            fields[f"new_{place}"] = _text(label, about, most=20, required=False, css="digits")
        fields["digits"] = _whole("Знаков до запятой", 6, (3, 9))
        fields["fraction_digits"] = _whole("Знаков после запятой", 0, (0, 3))
        fields["multiplier"] = forms.DecimalField(
            label="Коэффициент трансформации", help_text="1, если счётчик без трансформаторов тока", initial=1,
            max_digits=10, decimal_places=4, localize=True, min_value=Decimal("0.0001"),
            widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "autocomplete": "off"}),
            error_messages=dict.fromkeys(
                ("required", "invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
                "Коэффициент — число больше нуля, например 1 или 40",
            ),
        )  # fmt: skip
        fields["due_on"] = _day("Поверен до", "Из паспорта счётчика")
        return fields

    def _verification(self) -> dict[str, forms.Field]:
        now = self.meter.verification_due_on if self.meter else None
        hint = f"Сейчас записано: {now:%d.%m.%Y}" if now else "Сейчас срок не записан"
        return {"on": _day("Когда поверен"), "due_on": _day("Поверен до", hint)}

    def _paper(self) -> dict[str, forms.Field]:
        sealed = self.kind is ActKind.SEALING
        return {
            "number": _text("Номер акта", "", most=60, wrong="Напишите номер акта"),
            "signed_by": _text("Кто подписал", "Фамилия и организация", most=200, wrong="Напишите, кто подписал акт"),
            "seals": _seals(required=sealed),
            "note": _text("Почему", "Например: вышел срок поверки", most=400, required=False),
            "scans": scans_field("Скан акта", "PDF, JPEG или PNG, до 10 файлов по 10 МБ"),
        }

    def _taken_down(self) -> TakenDown | None:
        if self.meter is None:
            return None
        given = self.cleaned_data
        names = {} if given["shows_nothing"] else {str(one.position): one.position for one in self.meter.registers}
        values = {place: given[f"old_{position}"] for place, position in names.items()}
        return TakenDown(self.meter.meter_serial, given["removed_on"], values)

    def _hung(self) -> Hung:
        given = self.cleaned_data
        meter = NewMeter(
            serial=given["serial"],
            model=given["model"],
            zoning=Zoning(given["zoning"]),
            digits=given["digits"],
            fraction_digits=given["fraction_digits"],
            multiplier=given["multiplier"],
            verification_due_on=given["due_on"],
        )
        values = {place: given[f"new_{place}"] for place in positions_of(meter.zoning)}
        return Hung(meter, given["installed_on"], values)

    def _place(self) -> int | None:
        chosen = self.cleaned_data.get("place")
        if chosen:
            return int(chosen)
        return self.places[0].supply_point.id if self.places else None


def _day(label: str, hint: str = "") -> forms.DateField:
    field = day_field(label, hint)
    field.error_messages["required"] = f"Укажите день: {label.lower()}"
    return field


def _seals(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label="Пломбы" if required else "Пломбы (необязательно)",
        help_text="Каждая с новой строки: номер, место. Снятую начните словом «снята»",
        required=required,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": "Напишите номера пломб", "max_length": "Не длиннее 1000 знаков"},
    )


def _text(
    label: str, hint: str, *, most: int, required: bool = True, css: str = "", wrong: str = "Заполните это поле"
) -> forms.CharField:
    attrs = {"autocomplete": "off"} | ({"class": css, "inputmode": "decimal"} if css else {})
    return forms.CharField(
        label=label if required or css else f"{label} (необязательно)",
        help_text=hint,
        required=required,
        max_length=most,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": wrong, "max_length": f"Не длиннее {most} знаков"},
    )


def _whole(label: str, initial: int, bounds: tuple[int, int]) -> forms.IntegerField:
    wrong = f"Целое число от {bounds[0]} до {bounds[1]}"
    return forms.IntegerField(
        label=label,
        initial=initial,
        min_value=bounds[0],
        max_value=bounds[1],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )

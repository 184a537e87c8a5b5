"""The forms of the desk. They check form only; whether a thing may be done, the business says."""

from __future__ import annotations

from typing import Any

from django import forms

from svet.domains.metering.rules import Verdict
from svet.kernel.period import Month
from svet.surfaces.web.templatetags.svet import month_name


class FindForm(forms.Form):
    """What the caller says: a number, a name, an address."""

    q = forms.CharField(
        label="Найти лицевой счёт",
        help_text="Номер, имя, адрес, телефон, счётчик или номер квитанции, в любом порядке",
        max_length=120,
        required=False,
        error_messages={"max_length": "Не больше 120 знаков: введите только номер, имя или адрес"},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class ReviewForm(forms.Form):
    """What to do with a held reading."""

    verdict = forms.ChoiceField(
        label="Решение",
        choices=[(Verdict.ACCEPTED.value, "Принять"), (Verdict.REFUSED.value, "Не принять")],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите решение"},
    )
    reason = forms.CharField(
        label="Почему",
        help_text="Клиент увидит этот текст рядом с показанием",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a reason when the reading is refused."""
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == Verdict.REFUSED and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Напишите, почему показание не принято")
        return cleaned


class RunForm(forms.Form):
    """Which month to calculate, for trial or for real."""

    month = forms.ChoiceField(label="Месяц")
    kind = forms.ChoiceField(
        label="Какой расчёт",
        choices=[
            ("dry", "Пробный: покажет суммы и разницу с прошлым месяцем, ничего не начислит"),
            ("real", "Настоящий: начислит, после него можно выставить счета"),
        ],
        widget=forms.RadioSelect,
        initial="dry",
        error_messages={"required": "Выберите, какой расчёт"},
    )

    def __init__(self, *args: Any, months: list[Month], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(month.text, month_name(month)) for month in months]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Month:
        """The month asked for."""
        return Month(self.cleaned_data["month"])


class CloseForm(forms.Form):
    """The confirmation of closing a month."""

    sure = forms.BooleanField(
        label="Я проверил итоги, месяц можно закрыть", error_messages={"required": "Подтвердите, что итоги проверены"}
    )


class AssignForm(forms.Form):
    """Whose money this is, and how we know."""

    number = forms.CharField(
        label="Лицевой счёт",
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "digits", "autocomplete": "off"}),
        error_messages={"required": "Введите номер лицевого счёта"},
    )
    reason = forms.CharField(
        label="Как вы это узнали",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Напишите, как вы узнали, чей это платёж"},
    )


class MoveForm(forms.Form):
    """To which account a payment goes, and why."""

    number = forms.CharField(
        label="На какой лицевой счёт",
        help_text="10 цифр. Платёж переносится целиком",
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "digits", "autocomplete": "off"}),
        error_messages={"required": "Введите номер лицевого счёта"},
    )
    reason = forms.CharField(
        label="Почему",
        help_text="Например: плательщик ошибся в номере, показал чек",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Напишите, почему платёж переносится"},
    )

    def __init__(self, *args: Any, here: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.here = here

    def clean_number(self) -> str:
        """Refuse the account from which the payment is moved."""
        number: str = self.cleaned_data["number"]
        if number == self.here:
            raise forms.ValidationError("Введите другой счёт: этот платёж уже на нём")
        return number


class OutcomeForm(forms.Form):
    """What came of a recalculation."""

    outcome = forms.CharField(
        label="Чем кончилось",
        help_text="Например: начисления за октябрь отменены и сделаны заново, разница 120 ₽ в счёте за ноябрь",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Напишите, чем кончилось", "max_length": "Не длиннее 400 знаков"},
    )

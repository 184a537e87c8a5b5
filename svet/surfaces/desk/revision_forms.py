"""Forms of revisions: what to charge anew and why, how many at a stage, why it is taken back."""

from __future__ import annotations

from typing import Any

from django import forms

from svet.kernel.identifiers import ACCOUNT_NUMBER
from svet.kernel.period import Month
from svet.surfaces.web.revision_words import CAUSES
from svet.surfaces.web.templatetags.svet import month_name

ALL, ACCOUNT, POSTAL, CATEGORY = "all", "account", "postal", "category"


class RevisionForm(forms.Form):
    """From which month, for whom and why past months are charged anew."""

    first_month = forms.ChoiceField(label="С какого месяца", help_text="Этот и все следующие месяцы, уже начисленные")
    whom = forms.ChoiceField(
        label="Кому",
        choices=[
            (ACCOUNT, "Одному лицевому счёту"),
            (POSTAL, "По почтовому индексу"),
            (CATEGORY, "Одной категории потребителей"),
            (ALL, "Всем"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, кому"},
    )
    account = forms.CharField(label="Номер лицевого счёта", required=False, max_length=12)
    postal = forms.RegexField(
        r"^\d{6}$",
        label="Почтовый индекс",
        required=False,
        error_messages={"invalid": "Шесть цифр, например 600000"},
    )
    category = forms.ChoiceField(label="Категория потребителей", required=False)
    cause = forms.ChoiceField(
        label="Почему", choices=list(CAUSES.items()), error_messages={"required": "Выберите причину"}
    )
    reason = forms.CharField(
        label="Основание",
        help_text="Документ и суть: например, «Приказ № 12 от 20 ноября 2026: неверная цена за октябрь»",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Напишите основание", "max_length": "Не длиннее 400 знаков"},
    )
    beyond_limit_reason = forms.CharField(
        label="Почему дальше трёх лет",
        help_text="Нужно, только если месяц дальше срока давности",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, months: list[Month], categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_month"].choices = [(one.text, month_name(one).capitalize()) for one in months]  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", "—"), *categories]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the word that belongs to whom was chosen."""
        data = super().clean() or {}
        whom = data.get("whom")
        if whom == ACCOUNT and not ACCOUNT_NUMBER.fullmatch(data.get("account", "").strip()):
            self.add_error("account", "Укажите номер лицевого счёта: десять цифр")
        if whom == POSTAL and not data.get("postal") and "postal" not in self.errors:
            self.add_error("postal", "Укажите почтовый индекс")
        if whom == CATEGORY and not data.get("category"):
            self.add_error("category", "Выберите категорию")
        return data

    @property
    def scope(self) -> str:
        """Of whom, in the words of the engine."""
        whom = self.cleaned_data["whom"]
        return ALL if whom == ALL else f"{whom}:{self.cleaned_data[whom].strip()}"


class StageForm(forms.Form):
    """How large a share is charged anew now."""

    percent = forms.IntegerField(
        label="Провести для доли, %",
        help_text="Сначала малая доля: посмотрите на неё и увеличьте. Доля — всего, вместе с уже проведёнными.",
        min_value=1,
        max_value=100,
        error_messages={
            "required": "Укажите долю",
            "invalid": "Доля — целое число от 1 до 100",
            "min_value": "Доля — целое число от 1 до 100",
            "max_value": "Доля — целое число от 1 до 100",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    sure = forms.BooleanField(
        label="Я посмотрел примеры и наибольшие суммы", error_messages={"required": "Подтвердите, что посмотрели"}
    )


class TakeBackForm(forms.Form):
    """Why what was released is taken back."""

    reason = forms.CharField(
        label="Почему отменяется",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Напишите, почему", "max_length": "Не длиннее 400 знаков"},
    )

"""The forms of the till. They check how a thing is written; whether money may be taken, the business says."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal
from typing import Any

from django import forms

from svet.domains.customers.rules import normal_email, normal_phone
from svet.domains.payments.rules.tills import GROUND_NUMBER, CorrectionType, Means, OperationKind
from svet.surfaces.desk.operation_forms import day_field, reason_field

SPACES = re.compile(r"[\s\u00a0\u202f]")
ROUBLES = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,2})?", re.ASCII)


class RoublesField(forms.CharField):
    """An amount as people write it: «1 234,5» is 1234.50. Nothing else is money: no «1e5», no minus."""

    def __init__(self, *, zero: bool = False, **kwargs: Any) -> None:
        self.zero = zero
        attrs = {"inputmode": "decimal", "class": "digits", "autocomplete": "off"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        """Return roubles with kopecks, None when nothing was written where nothing may be."""
        text = SPACES.sub("", super().clean(value)).removesuffix("₽")
        if not text:
            return None
        if not ROUBLES.fullmatch(text):
            raise forms.ValidationError("Напишите сумму в рублях и копейках, например 1234,50")
        amount = Decimal(text.replace(",", ".")).quantize(Decimal("0.01"))
        if not amount and not self.zero:
            raise forms.ValidationError("Сумма должна быть больше нуля")
        return amount


class KeyedForm(forms.Form):
    """A form with the key that makes a second sending do nothing."""

    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput, error_messages={"required": "Откройте заново"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4().hex} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


class OpenShiftForm(KeyedForm):
    """How much cash lies in the drawer at the start."""

    opening_float = RoublesField(
        label="Наличные в кассе на начало, ₽",
        help_text="Пересчитайте деньги в ящике",
        zero=True,
        error_messages={"required": "Напишите, сколько наличных в кассе; если нисколько — 0"},
    )


class CloseShiftForm(forms.Form):
    """How much was counted, and why it is not what it should be."""

    counted = RoublesField(
        label="Насчитали наличных, ₽",
        zero=True,
        error_messages={"required": "Пересчитайте наличные и напишите сумму; если пусто — 0"},
    )
    explanation = forms.CharField(
        label="Если не сошлось — почему",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AccountForm(forms.Form):
    """Whose money is brought."""

    number = forms.RegexField(
        r"^\s*[0-9]{2}\s*[0-9]{4}\s*[0-9]{4}\s*$",
        label="Лицевой счёт",
        help_text="10 цифр, есть на счёте и в личном кабинете",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "digits", "autocomplete": "off"}),
        error_messages={"required": "Введите номер лицевого счёта", "invalid": "Лицевой счёт — это 10 цифр"},
    )

    def clean_number(self) -> str:
        """Return the ten figures."""
        return SPACES.sub("", self.cleaned_data["number"])


class TakeForm(KeyedForm):
    """How much is paid and by what."""

    amount = RoublesField(label="Сумма, ₽", error_messages={"required": "Напишите сумму"})
    means = forms.ChoiceField(
        label="Как платят",
        choices=[(Means.CASH.value, "Наличными"), (Means.CARD.value, "Картой")],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, как платят", "invalid_choice": "Выберите, как платят"},
    )
    cash_given = RoublesField(
        label="Получено наличными, ₽", help_text="Сдачу посчитает программа; пусто — без сдачи", required=False
    )
    slip = forms.CharField(
        label="Номер операции на чеке терминала (RRN)",
        help_text="12 цифр",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "digits", "autocomplete": "off"}),
    )

    receipt_to = forms.CharField(
        label="Чек на почту или телефон",
        help_text="Если плательщик просит электронный чек; тогда чек не печатается. Пусто — чек на бумаге",
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Не длиннее 64 знаков"},
    )

    def clean_receipt_to(self) -> str:
        """Return the address in its normal form."""
        typed: str = self.cleaned_data["receipt_to"]
        normal = normal_email(typed) if "@" in typed else normal_phone(typed)
        if typed and normal is None:
            raise forms.ValidationError("Это не похоже ни на почту, ни на телефон. Например: anna@example.org")
        return normal or ""

    def clean_slip(self) -> str:
        """Return the figures without the spaces between them."""
        return SPACES.sub("", self.cleaned_data["slip"])

    def clean(self) -> dict[str, Any]:
        """Ask for the slip of a card."""
        cleaned = super().clean() or {}
        if cleaned.get("means") == Means.CARD and not cleaned.get("slip"):
            self.add_error("slip", "Проведите карту через терминал и введите RRN с его чека")
        return cleaned


class GiveBackForm(KeyedForm):
    """How much goes back and why; by card also the slip of the return."""

    amount = RoublesField(
        label="Сколько вернуть, ₽",
        help_text="Пусто — всю сумму. Часть возвращают только из переплаты, один раз",
        required=False,
    )

    reason = forms.CharField(
        label="Почему возвращаете",
        help_text="Например: ошиблись лицевым счётом",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Напишите, почему возвращаете деньги"},
    )
    slip = forms.CharField(
        label="RRN с чека возврата на терминале",
        help_text="12 цифр",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "digits", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, by_card: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_card:
            del self.fields["slip"]

    def clean_slip(self) -> str:
        """Return the figures; a return by card has a slip of its own."""
        slip = SPACES.sub("", self.cleaned_data["slip"])
        if not slip:
            raise forms.ValidationError("Проведите возврат на терминале и введите RRN с его чека")
        return slip


class CorrectionForm(forms.Form):
    """By what ground a receipt is made after its time, and why it was not made then."""

    type = forms.ChoiceField(
        label="Почему делаете чек",
        choices=[(CorrectionType.OWN.value, "Нашли сами"), (CorrectionType.ORDER.value, "По предписанию налоговой")],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, почему делаете чек", "invalid_choice": "Выберите, почему делаете чек"},
    )
    on = day_field("Дата основания", "Если нашли сами — день, когда приняли деньги без чека")
    number = forms.CharField(
        label="Номер документа",
        help_text="Акта или предписания; если нашли сами и акта нет, оставьте пустым",
        max_length=GROUND_NUMBER,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": f"Не длиннее {GROUND_NUMBER} знаков"},
    )
    reason = reason_field("Почему не было чека", "Например: аппарат сломался, деньги приняли до его замены")
    is_sure = forms.BooleanField(
        label="Чека по этой операции нет ни на ленте, ни у оператора фискальных данных: я проверил", required=False
    )

    def __init__(self, *args: Any, must_be_sure: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not must_be_sure:
            del self.fields["is_sure"]


class CashForm(KeyedForm):
    """Cash put into the drawer or taken out of it."""

    kind = forms.ChoiceField(
        label="Что делаете",
        choices=[
            (OperationKind.DEPOSIT.value, "Вношу наличные: размен"),
            (OperationKind.WITHDRAWAL.value, "Изымаю наличные: инкассация, сейф"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, вносите вы деньги или изымаете"},
    )
    amount = RoublesField(label="Сумма, ₽", error_messages={"required": "Напишите сумму"})
    reason = forms.CharField(
        label="Откуда или куда", max_length=400, error_messages={"required": "Напишите, откуда или куда деньги"}
    )

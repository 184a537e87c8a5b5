"""Who comes at a booked time; of who has not signed in what a robot does not do is asked, as in the form of appeals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from svet.domains.access.queries import Person
from svet.domains.customers.rules import normal_phone
from svet.surfaces.web.appeal_forms import email_field, text_field
from svet.surfaces.website import robots

CONSENT = (
    "Я согласен на обработку имени, телефона и почты, чтобы компания записала меня на приём и напомнила о нём. "
    "Через 60 дней после приёма эти данные удаляются."
)


class BookingForm(forms.Form):
    """A name and a way to remind."""

    name = text_field("Как к вам обращаться", most=120, required="Напишите, как к вам обращаться", autocomplete="name")
    email = email_field("Пришлём подтверждение и напоминание")
    phone = text_field("Или мобильный телефон", "Напомним по СМС", most=40, autocomplete="tel", inputmode="tel")
    website = forms.CharField(label="Не заполняйте это поле", required=False, max_length=300)
    sum = text_field(
        "Проверка, что вы не робот", most=40, required="Ответьте на вопрос: так мы отличаем людей от роботов"
    )
    consent = forms.BooleanField(
        label=CONSENT, error_messages={"required": "Без согласия мы не можем записать вас: отметьте его"}
    )
    mark = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, now: datetime, who: Person | None = None) -> None:
        mark = data.get("mark", "") if data is not None else ""
        self.now = now
        self.key, self.since, until = robots.opened(mark)
        self.is_stale = until is None or now > until
        if self.is_stale:
            mark = robots.new_mark(now)
            if data is not None:
                data = data.copy()
                data["mark"], data["sum"] = mark, ""
            self.key = robots.opened(mark)[0]
        known = {"name": who.name, "email": who.email, "phone": who.phone} if who else {}
        super().__init__(data, initial={"mark": mark} | known)
        if who is not None:
            for name in ("website", "sum", "consent"):
                del self.fields[name]
            return
        self.fields["sum"].help_text = f"{robots.question(self.key)} Ответьте числом"
        self.fields["website"].widget.attrs = {"tabindex": "-1", "autocomplete": "off"}

    def clean_phone(self) -> str:
        """Return the phone in normal form; refuse what is none."""
        given = self.cleaned_data["phone"]
        if not given:
            return ""
        found = normal_phone(given)
        if found is None:
            raise forms.ValidationError("Введите мобильный телефон, например +7 900 123-45-67")
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse what robots send; ask for a way to remind."""
        given = super().clean() or {}
        if "sum" not in self.fields:
            self._ask_for_a_way(given)
            return given
        if self.is_stale:
            self.add_error("sum", "Форма была открыта слишком давно. Ответьте на новый вопрос и отправьте ещё раз")
        elif given.get("sum") and not robots.is_answer(self.key, given["sum"]):
            self.add_error("sum", "Ответ неверный. Сложите числа ещё раз")
        elif self.since is not None and self.now < self.since:
            self.add_error(None, "Слишком быстро: подождите несколько секунд и отправьте ещё раз")
        if given.get("website"):
            self.add_error(None, "Похоже на робота: очистите поле, которое заполнять не надо, и отправьте ещё раз")
        self._ask_for_a_way(given)
        return given

    def _ask_for_a_way(self, given: dict[str, Any]) -> None:
        if not self.errors and not (given.get("email") or given.get("phone")):
            self.add_error("email", "Оставьте почту или телефон: туда придут код записи и напоминание")

"""The part of a public form that tells people from robots (see `robots`); its mark is the key of what is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from svet.surfaces.web.appeal_forms import text_field
from svet.surfaces.website import robots


class FromPeople(forms.Form):
    """A form of somebody who has not signed in. `key`: of its mark; a stale form is shown with a new question."""

    website = forms.CharField(label="Не заполняйте это поле", required=False, max_length=300)
    sum = text_field(
        "Проверка, что вы не робот", most=40, required="Ответьте на вопрос: так мы отличаем людей от роботов"
    )
    mark = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, now: datetime, initial: dict[str, Any] | None = None, **terms: Any) -> None:
        mark = data.get("mark", "") if data is not None else ""
        self.now = now
        self.key, self.since, until = robots.opened(mark)
        self.is_stale = until is None or now > until
        if self.is_stale:
            mark = robots.new_mark(now)
            data = None if data is None else _changed(data, mark=mark, sum="")
            self.key = robots.opened(mark)[0]
        super().__init__(data, initial={"mark": mark} | (initial or {}), **terms)
        self.fields["sum"].help_text = f"{robots.question(self.key)} Ответьте числом"
        self.fields["sum"].widget.attrs |= {"autocomplete": "off"}
        self.fields["website"].widget.attrs = {"tabindex": "-1", "autocomplete": "off"}

    @property
    def is_from_a_person(self) -> bool:
        """Whether nothing speaks for a robot; before that no file is kept."""
        given = self.data
        return not (self.is_stale or given.get("website")) and robots.is_answer(self.key, str(given.get("sum", "")))

    def clean(self) -> dict[str, Any]:
        """Refuse what robots send."""
        given = super().clean() or {}
        if self.is_stale:
            self.add_error("sum", "Форма была открыта слишком давно. Ответьте на новый вопрос и отправьте ещё раз")
        elif given.get("sum") and not robots.is_answer(self.key, given["sum"]):
            self.add_error("sum", "Ответ неверный. Сложите числа ещё раз")
        elif self.since is not None and self.now < self.since:
            self.add_error(None, "Слишком быстро: подождите несколько секунд и отправьте ещё раз")
        if given.get("website"):
            self.add_error(None, "Похоже на робота: очистите поле, которое заполнять не надо, и отправьте ещё раз")
        return given


def _changed(data: Any, **values: str) -> Any:
    changed = data.copy()
    for name, value in values.items():
        changed[name] = value
    return changed

"""The living page of the shared look: every component in every state, for those who build pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from svet.surfaces.web.charts import Bar, Chart


class SampleForm(forms.Form):
    """One field of each kind."""

    reading = forms.CharField(label="День (Т1)", help_text="В прошлый раз: 4 390", max_length=9)
    taken_on = forms.DateField(label="Когда снято", widget=forms.DateInput(attrs={"type": "date", "class": "date"}))
    purpose = forms.ChoiceField(
        label="Зачем вы открываете счёт?",
        choices=[("call", "Звонок клиента"), ("visit", "Клиент в офисе")],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label="Я сверил итоги")
    reason = forms.CharField(label="Причина", widget=forms.Textarea(attrs={"rows": 3}))


def sample_chart() -> Chart:
    """Return a chart of twelve months with an estimate and a gap."""
    values = [210, 198, 187, 160, 121, None, 96, 104, 130, 171, 205, 237]
    names = "дек янв фев мар апр май июн июл авг сен окт ноя".split()  # noqa: SIM905
    bars = [
        Bar(
            name,
            name,
            None if value is None else Decimal(value),
            str(value or "—"),
            weak=value == 104,
            mark=mark,
            mark_shown=str(mark),
        )
        for name, value in zip(names, values, strict=True)
        for mark in (Decimal(150 if value is None else value + 12),)
    ]
    return Chart(
        "Расход за 12 месяцев", "От 96 до 237 кВт·ч, больше всего в ноябре", "кВт·ч", bars, top_label="249 кВт·ч"
    )


def show(request: HttpRequest) -> HttpResponse:
    """Show the components to staff (and to everybody signed in while debugging)."""
    if not (settings.DEBUG or request.user.is_staff):
        raise PermissionDenied
    context = {
        "fine": SampleForm(),
        "wrong": SampleForm(prefix="wrong", data={"wrong-reading": "12345678901", "wrong-reason": ""}),
        "chart": sample_chart(),
        "nav": [{"title": "Главная", "url": "#", "here": True}, {"title": "Показания", "url": "#", "here": False}],
        "today": date(2026, 11, 24),
        "amount": Decimal("2153.40"),
    }
    return render(request, "web/components.html", context)

"""What the past year would have cost under another zone plan or category, by the engine and by what was really used."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from svet.domains.accounts.queries import AccountView
from svet.domains.billing import queries as billing
from svet.infra import clock
from svet.kernel.energy import ConsumerCategory, Zoning
from svet.kernel.period import Month
from svet.surfaces.cabinet.door import own_account
from svet.surfaces.web import words

USUAL_NIGHT = 30
PLANS = [
    ("1", "Одна цена круглые сутки"),
    ("2", "День и ночь: ночью (с 23 до 7) дешевле"),
    ("3", "Пик, полупик и ночь"),
]


class PlanForm(forms.Form):
    """Which plan and category to try, and how much is used at night."""

    plan = forms.ChoiceField(label="Тариф", choices=PLANS, widget=forms.RadioSelect)
    category = forms.ChoiceField(label="Категория", required=False)
    night = forms.IntegerField(
        label="Сколько процентов энергии идёт ночью",
        help_text="С 23 до 7 часов: бойлер, тёплый пол, стиральная машина по таймеру. Обычно 25–35\N{NO-BREAK SPACE}%",
        min_value=0,
        max_value=100,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "Число от 0 до 100"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(one.value, words.of(one)) for one in ConsumerCategory]
        self.fields["category"].choices = [("", "как сейчас"), *kinds]  # type: ignore[attr-defined]


@require_safe
@own_account
def what_if(request: HttpRequest, account: AccountView) -> HttpResponse:
    """Show the year as it was beside the year as it would have been; the address says what was asked."""
    initial: dict[str, Any] = {"plan": "2", "night": USUAL_NIGHT}
    asked = PlanForm(request.GET if "plan" in request.GET else None, initial=initial)
    told = None
    if not asked.is_bound or asked.is_valid():
        chosen: dict[str, Any] = asked.cleaned_data if asked.is_bound else {**initial, "category": ""}
        told = billing.what_if(
            account.id,
            last=Month.of(clock.today()).previous,
            zoning=Zoning(chosen["plan"]),
            category=ConsumerCategory(chosen["category"]) if chosen["category"] else None,
            night_percent=chosen["night"],
        )
    context = {"account": account, "form": asked, "told": told}
    return render(request, "cabinet/what_if.html", context, status=422 if asked.errors else 200)

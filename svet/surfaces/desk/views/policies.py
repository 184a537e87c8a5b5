"""The switches of calculation: what is chosen where the rules are silent or disagree, since when and on what ground."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.tariffs.queries import PolicyView
from svet.flows import policy_pages
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.web import messages, policy_words
from svet.surfaces.web.doors import needs


class PolicyForm(forms.Form):
    """A new value of a switch from a day on, and on what ground."""

    value = forms.CharField(label="Новое значение", max_length=9)
    from_on = forms.DateField(
        label="Действует с",
        widget=forms.DateInput(attrs={"type": "date", "class": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Укажите день", "invalid": "Укажите день, например 01.12.2026"},
    )
    source = forms.CharField(
        label="Основание",
        help_text="Приказ, договор, письмо: его увидят в расшифровке счёта и в журнале",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": policy_words.ERRORS["policy_source_is_missing"]},
    )

    def __init__(self, *args: Any, switch: PolicyView, earliest: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"value": switch.now.value, "from_on": earliest}
        super().__init__(*args, **kwargs)
        policy = switch.policy
        if policy.choices:
            self.fields["value"] = forms.ChoiceField(
                label="Новое значение",
                choices=[(one, policy_words.value_text(one)) for one in policy.choices],
                widget=forms.RadioSelect,
            )
        else:
            limits = f"Целое число от {policy.minimum} до {policy.maximum}"
            self.fields["value"] = forms.IntegerField(
                label="Новое значение",
                help_text=limits,
                min_value=policy.minimum,
                max_value=policy.maximum,
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), limits),
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )


@require_safe
@needs(Right.PUBLISH_TARIFFS)
def policies(request: HttpRequest) -> HttpResponse:
    """Show all switches by what they are about."""
    switches = {one.policy.name: one for one in policy_pages.switches(on=clock.today())}
    groups = [(title, [switches[name] for name in names]) for title, names in policy_words.GROUPS]
    context = {"groups": groups, "of_houses": policy_pages.choices_of_houses(on=clock.today())}
    return render(request, "desk/policies.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.PUBLISH_TARIFFS)
def policy(request: HttpRequest, policy_name: str) -> HttpResponse:
    """Show one switch with its past, and give it a new value from an open month on."""
    now = clock.now()
    page = policy_pages.switch(policy_name, on=now.date())
    form = PolicyForm(request.POST or None, switch=page.view, earliest=page.earliest)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            policy_pages.change(
                policy_name, value=str(given["value"]), from_on=given["from_on"], source=given["source"], at=now
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Записано.", extra_tags="good")
            return redirect("desk:policies")
    return render(request, "desk/policy.html", {"page": page, "form": form}, status=422 if form.errors else 200)

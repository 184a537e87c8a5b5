"""The switchboard of channels: what is on, and turning one off or on with a reason and words for people (clause M5)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.offices import actions
from svet.domains.offices.rules.channels import LONGEST_REDIRECT, Deed, Way, WayState
from svet.flows import channel_pages
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.web import messages, office_words
from svet.surfaces.web.channels import DEEDS, NAMES, way_rows
from svet.surfaces.web.doors import needs, person

MOST_TURNS = 50
FIELDS = {
    "channel_needs_a_redirect": "redirect",
    "redirect_is_too_long": "redirect",
    "turn_needs_a_reason": "reason",
    "turn_is_past": "from_at",
    "turn_is_too_far": "from_at",
}


class TurnForm(forms.Form):
    """When and why a channel is turned, and what people read while it is off."""

    redirect = forms.CharField(
        label="Что прочтут люди",
        help_text=f"Куда обратиться вместо этого, до {LONGEST_REDIRECT} знаков. Покажем на сайте, в счёте и в СМС",
        required=False,
        max_length=LONGEST_REDIRECT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": office_words.ERRORS["redirect_is_too_long"].format(most=LONGEST_REDIRECT)},
    )
    reason = forms.CharField(
        label="Причина",
        help_text="Останется в журнале, людям не видна",
        max_length=300,
        widget=forms.TextInput(),
        error_messages={"required": office_words.ERRORS["turn_needs_a_reason"], "max_length": "Не длиннее 300 знаков"},
    )
    from_at = forms.DateTimeField(
        label="С какого времени",
        help_text="Оставьте пустым, чтобы переключить сейчас",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M"],
        error_messages={"invalid": "Укажите день и время, например 01.12.2026 09:00"},
    )

    def __init__(self, *args: Any, state: WayState, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not state.is_on:
            del self.fields["redirect"]


@never_cache
@require_safe
@needs(Right.SWITCH_CHANNELS)
def channels(request: HttpRequest) -> HttpResponse:
    """Show every way of giving readings, paying and appealing, and who turned what."""
    turned = [
        {"row": one, "deed": DEEDS[one.turn.deed], "name": NAMES[one.turn.way]}
        for one in channel_pages.turns(limit=MOST_TURNS)
    ]
    return render(request, "desk/channels.html", {"ways": way_rows(), "turns": turned})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SWITCH_CHANNELS)
def turn_channel(request: HttpRequest, deed: str, way: str) -> HttpResponse:
    """Turn a way off, or on again."""
    now = clock.now()
    state = channel_pages.state(way, deed, at=now)
    form = TurnForm(request.POST or None, state=state)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.turn_channel(
                Way(way),
                Deed(deed),
                is_on=not state.is_on,
                redirect=given.get("redirect", ""),
                reason=given["reason"],
                from_at=given["from_at"],
                by=person(request).user_id,
                at=now,
            )
        except DomainError as error:
            form.add_error(FIELDS.get(error.code), messages.of_error(error))
        else:
            flash.success(request, "Записано: изменение увидят везде.", extra_tags="good")
            return redirect("desk:channels")
    context = {"form": form, "state": state, "deed": DEEDS[state.deed], "name": NAMES[state.way]}
    return render(request, "desk/turn_channel.html", context, status=422 if form.errors else 200)

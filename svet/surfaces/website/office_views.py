"""The directory of offices on the site: list with search and map, page of an office, the same for machines.

A search stands in the address, so that it can be sent on. A phone's position comes rounded to about a kilometre.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from svet.domains.offices import queries as offices
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.opening import Opening, Plan
from svet.domains.offices.rules.places import Feature, Point
from svet.flows import office_pages
from svet.flows.office_pages import OfficeCard, OfficePage, Wanted
from svet.infra import clock
from svet.surfaces.web import office_words
from svet.surfaces.web.templatetags.svet import clock_time, short_day
from svet.surfaces.website import office_data
from svet.surfaces.website.office_map import drawing


class SearchForm(forms.Form):
    """What a visitor looks for; a wrong value asks for nothing."""

    text = forms.CharField(
        label="Город, посёлок или улица",
        help_text="Например, Покров или улица Мира",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Напишите короче: до 200 знаков"},
    )
    audience = forms.ChoiceField(
        label="Кого принимают",
        required=False,
        choices=[("", "Всех"), *((one.value, office_words.AUDIENCES[one.value]) for one in Audience)],
        error_messages={"invalid_choice": "Выберите из списка"},
    )
    open_now = forms.BooleanField(label="Открыты сейчас", required=False)
    feature = forms.MultipleChoiceField(
        label="Что есть в офисе",
        required=False,
        choices=[(one.value, office_words.FEATURES[one.value].capitalize()) for one in Feature],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Выберите из списка"},
    )
    near = forms.RegexField(
        regex=r"^-?[0-9]{1,2}\.[0-9]{1,3},-?[0-9]{1,3}\.[0-9]{1,3}$",
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": "Не получилось понять, где вы. Напишите город"},
    )

    def clean_near(self) -> Point | None:
        """Return the point; refuse what is not on Earth."""
        given = self.cleaned_data["near"]
        if not given:
            return None
        latitude, longitude = given.split(",")
        try:
            return Point(float(latitude), float(longitude))
        except ValueError as error:
            raise forms.ValidationError("Не получилось понять, где вы. Напишите город") from error

    @property
    def wanted(self) -> Wanted:
        """What is asked for; nothing when the form is wrong."""
        if not self.is_valid():
            return Wanted()
        given = self.cleaned_data
        return Wanted(
            text=given["text"],
            near=given["near"],
            audience=Audience(given["audience"]) if given["audience"] else None,
            features=tuple(Feature(name) for name in given["feature"]),
            open_now=given["open_now"],
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring days with the same unusual hours, and why."""

    first_on: date
    last_on: date
    hours: str
    reasons: tuple[str, ...]


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the offices with their state now, by search and filters, and the map."""
    form, now = SearchForm(request.GET), clock.now()
    found = office_pages.listed(form.wanted, at=now)
    region = offices.region()
    context = {
        "form": form,
        "found": found,
        "cards": [_shown(card) for card in found.cards],
        "map": drawing(region, [card.office for card in found.cards]),
        "region": region,
    }
    return render(request, "website/offices.html", context, status=422 if form.errors else 200)


@require_safe
def office(request: HttpRequest, code: str) -> HttpResponse:
    """Show one office: state now, week, coming days, equipment, place, phones."""
    now = clock.now()
    page = office_pages.page(code, at=now)
    region = offices.region()
    url = request.build_absolute_uri(reverse("website:office", kwargs={"code": code}))
    company = offices.company(on=now.date())
    context = {
        "page": page,
        "office": page.card.office,
        "card": _shown(page.card),
        "changes": _changes(page),
        "features": _features(page.card),
        "map": drawing(region, [page.card.office]),
        "region": region,
        "markup": SafeString(office_data.markup(page, company=company, url=url)),
    }
    return render(request, "website/office.html", context)


@require_safe
def offices_json(request: HttpRequest) -> HttpResponse:
    """Give all offices with hours, places and equipment as JSON."""
    found = office_pages.listed(Wanted(), at=clock.now())
    told = [
        office_data.as_json(
            card, url=request.build_absolute_uri(reverse("website:office", kwargs={"code": card.office.code}))
        )
        for card in found.cards
    ]
    return JsonResponse({"offices": told}, json_dumps_params={"ensure_ascii": False})


@require_safe
def hours(request: HttpRequest, code: str) -> HttpResponse:
    """Give an office's hours of the coming two months as a calendar to subscribe to."""
    now = clock.now()
    office, days = office_pages.coming_days(code, at=now)
    file = office_data.calendar(office, days, at=now.astimezone(UTC))
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{office.code}.ics"'
    return response


def _changes(page: OfficePage) -> list[tuple[str, list[Stretch]]]:
    """Return the coming days with other hours, neighbouring equal ones together; alike for both audiences: once."""
    told = [(office_words.AUDIENCES[audience], _stretches(plans)) for audience, plans in page.changes if plans]
    if len(told) == len(Audience) and told[0][1] == told[1][1]:
        return [("Для всех", told[0][1])]
    return told


def _stretches(plans: tuple[Plan, ...]) -> list[Stretch]:
    found: list[Stretch] = []
    for plan in plans:
        why = plan.reason or office_words.WHY[plan.why]
        last = found[-1] if found else None
        if last and last.last_on.toordinal() + 1 == plan.day.toordinal() and last.hours == _hours(plan):
            reasons = last.reasons if why in last.reasons else (*last.reasons, why)
            found[-1] = replace(last, last_on=plan.day, reasons=reasons)
        else:
            found.append(Stretch(plan.day, plan.day, _hours(plan), (why,)))
    return found


def _hours(plan: Plan) -> str:
    return ", ".join(f"{clock_time(since)}–{clock_time(until)}" for since, until in plan.spans) or "закрыто"


def _shown(card: OfficeCard) -> dict[str, Any]:
    return {
        "office": card.office,
        "states": [
            (office_words.AUDIENCES[audience], opening.is_open, in_words(opening))
            for audience, opening in card.openings
        ],
        "distance": None if card.distance is None else f"{max(1, round(card.distance))} км",
        "features": [name for name, known in _features(card) if known == office_words.KNOWN["yes"]],
    }


def _features(card: OfficeCard) -> list[tuple[str, str]]:
    return [(office_words.FEATURES[one], office_words.KNOWN[known]) for one, known in card.office.features.items()]


def in_words(opening: Opening) -> str:
    """Return the state of an office: «открыто до 17:00», «перерыв до 13:00», «откроется в понедельник в 8:00»."""
    if opening.is_open:
        until = clock_time(opening.until)
        return f"открыто, в {until} перерыв" if opening.is_break else f"открыто до {until}"
    if opening.opens_at is None:
        return "закрыто" + (f": {opening.plan.reason}" if opening.plan.reason else "")
    when = clock_time(opening.opens_at)
    if opening.is_break:
        return f"перерыв до {when}"
    ahead = (opening.opens_at.date() - opening.plan.day).days
    if ahead == 0:
        day = "сегодня"
    elif ahead == 1:
        day = "завтра"
    elif ahead < 7:
        name = office_words.WEEKDAYS[opening.opens_at.weekday()]
        day = f"{'во' if name == 'вторник' else 'в'} {name}"
    else:
        day = short_day(opening.opens_at.date())
    return f"закрыто, откроется {day} в {when}"

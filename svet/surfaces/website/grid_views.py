"""Which grid company serves an address, with its phone (clause W2)."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from svet.domains.supply import queries as supply

SHORTEST = 3


class PlaceForm(forms.Form):
    """A settlement and, where it has several companies, a street."""

    settlement = forms.CharField(
        label="Город или посёлок",
        help_text="Например, Суздаль",
        min_length=SHORTEST,
        max_length=120,
        error_messages={
            "required": "Напишите город или посёлок",
            "min_length": f"Напишите хотя бы {SHORTEST} буквы",
            "max_length": "Слишком длинно",
        },
    )
    street = forms.CharField(
        label="Улица",
        help_text="Без слова «улица»; можно не писать",
        required=False,
        max_length=120,
        error_messages={"max_length": "Слишком длинно"},
    )


@require_safe
def grid_companies(request: HttpRequest) -> HttpResponse:
    """Ask for a place and show the companies whose nets are there; without one show all."""
    form = PlaceForm(request.GET if "settlement" in request.GET else None)
    asked = form.is_bound and form.is_valid()
    found = supply.network_operators_at(**form.cleaned_data) if asked else []
    context = {"form": form, "asked": asked, "found": found, "everybody": supply.network_operators()}
    return render(request, "website/grid_companies.html", context, status=422 if form.errors else 200)

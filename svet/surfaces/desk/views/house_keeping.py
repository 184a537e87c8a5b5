"""What a house is: made known, its premises, terms of common needs and meters; each change says by what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages as flash
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import Right
from svet.domains.houses import actions as houses
from svet.domains.houses import queries
from svet.domains.houses.rules import ChargedBy, Excess, Negative
from svet.flows import house_keeping
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.kernel.period import Month
from svet.surfaces.desk.house_keeping_forms import (
    TAKE_OUT,
    HouseMeterForm,
    MeterDownForm,
    NewHouseForm,
    PlacesForm,
    TermsForm,
)
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs

FIELDS = {
    "house_code_is_taken": "code",
    "house_terms_need_a_source": "source",
    "house_meter_is_known": "serial",
    "house_meter_was_read_later": "on",
    "house_places_unknown_numbers": "numbers",
    "house_places_not_found": "address",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_BILLING)
def new_house(request: HttpRequest) -> HttpResponse:
    """Make a house known."""
    form = NewHouseForm(request.POST or None)

    def act() -> HttpResponse:
        given = form.cleaned_data
        house_id = houses.register_house(
            given["code"], address=given["address"], reason=given["reason"], at=clock.now()
        )
        flash.success(request, "Дом записан. Теперь добавьте помещения и порядок начисления.", extra_tags="good")
        return redirect("desk:house", house_id=house_id, month=_month())

    words = {"title": "Новый дом", "button": "Записать дом"}
    return _form_page(request, form, act, None, words)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_BILLING)
def house_places(request: HttpRequest, house_id: int) -> HttpResponse:
    """Find premises by address or accounts, show them, then put them in or take them out."""
    house = queries.house_page(house_id, month=_month())
    form = PlacesForm(request.POST or None, initial={"deed": "put_in"})
    seen: dict[str, Any] = {}

    def act() -> HttpResponse | None:
        given, take_out = form.cleaned_data, form.cleaned_data["deed"] == TAKE_OUT
        places = house_keeping.find_places(address=given["address"], numbers=given["account_numbers"], on=clock.today())
        if request.POST.get("confirmed") != places.token:
            seen.update(places=places, take_out=take_out)
            return None
        count = house_keeping.move_places(house_id, places, take_out=take_out, reason=given["reason"], at=clock.now())
        told = "Убрано помещений" if take_out else "Добавлено помещений"
        flash.success(request, f"{told}: {count}.", extra_tags="good")
        return redirect("desk:house", house_id=house_id, month=_month())

    words = {"title": "Помещения дома", "button": "Найти помещения"}
    return _form_page(request, form, act, house, words, seen)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_BILLING)
def house_terms(request: HttpRequest, house_id: int) -> HttpResponse:
    """Say who charges common needs and by what, from a day."""
    house = queries.house_page(house_id, month=Month.of(clock.today()))
    now = house.terms
    names = ("charged_by", "all_area_m2", "common_area_m2", "norm_kwh_per_m2", "excess", "negative")
    initial = {name: getattr(now, name) for name in names} if now else {"charged_by": "supplier"}
    form = TermsForm(request.POST or None, initial={**initial, "from_on": Month.of(clock.today()).first_on})

    def act() -> HttpResponse:
        given = form.cleaned_data
        houses.set_terms(
            house_id,
            from_on=given["from_on"],
            charged_by=ChargedBy(given["charged_by"]),
            all_area_m2=given["all_area_m2"],
            common_area_m2=given["common_area_m2"],
            norm_kwh_per_m2=given["norm_kwh_per_m2"],
            excess=Excess(given["excess"]) if given["excess"] else None,
            negative=Negative(given["negative"]) if given["negative"] else None,
            source=given["source"],
            at=clock.now(),
        )
        told = "Порядок записан. Если он меняет рассчитанный месяц, рассчитайте дом за этот месяц заново."
        flash.success(request, told, extra_tags="good")
        return redirect("desk:house", house_id=house_id, month=Month.of(given["from_on"]))

    words = {"title": "Порядок общедомовых нужд", "button": "Записать порядок"}
    return _form_page(request, form, act, house, words)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_BILLING)
def hang_house_meter(request: HttpRequest, house_id: int) -> HttpResponse:
    """Say that a common meter hangs in the house."""
    house = queries.house_page(house_id, month=_month())
    form = HouseMeterForm(request.POST or None, initial={"digits": 6, "multiplier": 1})

    def act() -> HttpResponse:
        given = form.cleaned_data
        houses.hang_meter(
            house_id, serial=given["serial"], from_on=given["from_on"], digits=given["digits"],
            multiplier=given["multiplier"], reason=given["reason"], at=clock.now(),
        )  # fmt: skip
        flash.success(request, "Счётчик записан. Запишите его первое показание.", extra_tags="good")
        return redirect("desk:house", house_id=house_id, month=_month())

    words = {"title": "Повесить счётчик дома", "button": "Записать счётчик"}
    return _form_page(request, form, act, house, words)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_BILLING)
def take_house_meter_down(request: HttpRequest, house_id: int, meter_id: int) -> HttpResponse:
    """Say that a common meter hangs there no more."""
    house = queries.house_page(house_id, month=_month())
    meter = next((one for one in house.meters if one.meter_id == meter_id), None)
    if meter is None:
        raise NotFound(house_meter=meter_id)
    form = MeterDownForm(request.POST or None, initial={"on": clock.today()})

    def act() -> HttpResponse:
        houses.take_meter_down(meter_id, on=form.cleaned_data["on"], reason=form.cleaned_data["reason"], at=clock.now())
        flash.success(request, f"Счётчик № {meter.serial} снят.", extra_tags="good")
        return redirect("desk:house", house_id=house_id, month=_month())

    words = {"title": f"Снять счётчик № {meter.serial}", "button": "Снять счётчик"}
    return _form_page(request, form, act, house, words)


def _form_page(
    request: HttpRequest,
    form: Form,
    act: Callable[[], HttpResponse | None],
    house: queries.HousePage | None,
    words: dict[str, str],
    seen: dict[str, Any] | None = None,
) -> HttpResponse:
    """Act when the form is sound; else show it with what was typed and what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except DomainError as error:
            if error.code == "not_found":
                raise
            field = FIELDS.get(error.code)
            form.add_error(field if field in form.fields else None, messages.of_error(error))
        else:
            if done is not None:
                return done
    context = {"form": form, "house": house, "month": _month(), **words, **(seen or {})}
    return render(request, "desk/house_keeping.html", context, status=422 if form.errors else 200)


def _month() -> Month:
    return Month.of(clock.today()).previous

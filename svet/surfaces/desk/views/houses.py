"""Houses with common needs: the month's balance of all of them, one house by months, entry of its readings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages as flash
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svet.domains.access.rules import Right
from svet.domains.billing import actions as billing
from svet.domains.houses import actions as houses
from svet.domains.houses import queries
from svet.domains.houses.actions import HouseReadingRefused, Unsettled
from svet.domains.houses.queries import HousePage
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.kernel.period import Month
from svet.surfaces.desk.house_forms import HouseReadingForm, OtherUseForm, SettleAgainForm, TakeReadingBackForm
from svet.surfaces.web import house_words, messages
from svet.surfaces.web.charts import Bar, Chart
from svet.surfaces.web.doors import needs, person
from svet.surfaces.web.templatetags.svet import kwh, month_name

SHOWN = 200


@never_cache
@require_safe
@needs(Right.RUN_BILLING)
def house_list(request: HttpRequest, month: Month | None = None) -> HttpResponse:
    """Show the houses with the month's balance."""
    chosen = month or _last_month(clock.today())
    text = request.GET.get("q", "")[:120]
    lines = queries.house_lines(month=chosen, text=text, limit=SHOWN)
    context = {"lines": lines, "month": chosen, "q": text, "before": chosen.previous, "after": chosen.next}
    context |= {"words": house_words.FINDINGS, "is_full": len(lines) == SHOWN}
    return render(request, "desk/houses.html", context)


@never_cache
@require_safe
@needs(Right.RUN_BILLING)
def house(request: HttpRequest, house_id: int, month: Month) -> HttpResponse:
    """Show one house: the month's balance, a chart by month, a page of dwellings, meters with readings, forms."""
    return _page(request, house_id, month)


@require_POST
@needs(Right.RUN_BILLING)
def house_reading(request: HttpRequest, house_id: int, month: Month) -> HttpResponse:
    """Take a reading of a common meter."""
    page = queries.house_page(house_id, month=month)
    form = HouseReadingForm(request.POST, meters=_meters(page))

    def record() -> None:
        given = form.cleaned_data
        houses.record_reading(
            int(given["meter"]), value=given["value"], taken_on=given["taken_on"], passed_zero=given["passed_zero"],
            reason=given["reason"], by=person(request).user_id, at=clock.now(),
        )  # fmt: skip
        flash.success(request, f"Показание {given['value']:f} записано.", extra_tags="good")

    return _done(request, house_id, month, form, record, name="reading", field="value")


@require_POST
@needs(Right.RUN_BILLING)
def house_other_use(request: HttpRequest, house_id: int, month: Month) -> HttpResponse:
    """Take what other premises used."""
    form = OtherUseForm(request.POST)

    def record() -> None:
        houses.record_other_use(
            house_id, month=month, kwh=form.cleaned_data["kwh"], reason=form.cleaned_data["reason"],
            by=person(request).user_id, at=clock.now(),
        )  # fmt: skip
        flash.success(request, "Расход нежилых помещений записан.", extra_tags="good")

    return _done(request, house_id, month, form, record, name="other", field="kwh")


@require_POST
@needs(Right.RUN_BILLING)
def settle_house(request: HttpRequest, house_id: int, month: Month) -> HttpResponse:
    """Settle the house by what is known now."""
    form = SettleAgainForm(request.POST)

    def settle() -> None:
        found = billing.settle_house_again(
            house_id, month=month, reason=form.cleaned_data["reason"], by=person(request).user_id, at=clock.now()
        )
        if isinstance(found, Unsettled):
            form.add_error(None, house_words.FINDINGS[found.code])
        elif found is None:
            form.add_error(None, "По этому дому общедомовые нужды начисляем не мы.")
        else:
            told = "Дом рассчитан. Если за месяц уже начислено, счета ждут перерасчёта."
            flash.success(request, told, extra_tags="good")

    return _done(request, house_id, month, form, settle, name="settle", field="reason")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_BILLING)
def take_house_reading_back(request: HttpRequest, house_id: int, month: Month, reading_id: int) -> HttpResponse:
    """Ask why a reading never was, and take it back."""
    page = queries.house_page(house_id, month=month)
    known = {one.reading_id: (meter, one) for meter in page.meters for one in meter.readings}
    if reading_id not in known:
        raise NotFound(house_reading=reading_id)
    form = TakeReadingBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            houses.take_back_reading(
                reading_id, reason=form.cleaned_data["reason"], by=person(request).user_id, at=clock.now()
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Показание снято.", extra_tags="good")
            return redirect("desk:house", house_id=house_id, month=month)
    meter, reading = known[reading_id]
    context = {"page": page, "month": month, "form": form, "meter": meter, "reading": reading}
    return render(request, "desk/house_reading_back.html", context, status=422 if form.errors else 200)


def _done(
    request: HttpRequest,
    house_id: int,
    month: Month,
    form: Form,
    act: Callable[[], None],
    *,
    name: str,
    field: str,
) -> HttpResponse:
    """Act when the form is sound, and show the page again; else with what is wrong."""
    if form.is_valid():
        try:
            act()
        except HouseReadingRefused as error:
            form.refuse(error, field=field)  # type: ignore[attr-defined]
        except DomainError as error:
            if error.code == "not_found":
                raise
            form.add_error(None, messages.of_error(error))
        if not form.errors:
            return redirect(f"{reverse('desk:house', args=[house_id, month])}")
    return _page(request, house_id, month, status=422, **{name: form})


def _page(request: HttpRequest, house_id: int, month: Month, *, status: int = 200, **forms: Form) -> HttpResponse:
    asked = request.GET.get("from", "")
    page = queries.house_page(house_id, month=month, first=int(asked) if asked.isdecimal() and len(asked) < 6 else 0)
    settled = next((one for one in page.months if one.month == month), None)
    context: dict[str, Any] = {
        "page": page,
        "month": month,
        "settled": settled,
        "before": month.previous,
        "after": month.next,
        "problems": next(iter(forms.values()), None),
        "reading": HouseReadingForm(meters=_meters(page), initial={"taken_on": clock.today()}),
        "other": OtherUseForm(),
        "settle": SettleAgainForm(),
        "chart": _chart(page) if len(page.months) > 1 else None,
        "findings": [house_words.FINDINGS[code] for code in settled.findings] if settled else [],
        "excess": house_words.EXCESS,
    }
    return render(request, "desk/house.html", {**context, **forms}, status=status)


def _chart(page: HousePage) -> Chart:
    """Return what the house used by month, its own volumes as a line across."""
    months = list(reversed(page.months))
    bars = [
        Bar(
            label=f"{one.month.first_on:%m}",
            name=month_name(one.month).capitalize(),
            value=one.house,
            shown=kwh(one.house),
            weak=one.facts["use_rule"] != "H01",
            mark=one.own + one.other,
            mark_shown=kwh(one.own + one.other),
        )
        for one in months
    ]
    top = max((bar.value or Decimal(0) for bar in bars), default=Decimal(0))
    return Chart(
        title="Расход дома по месяцам",
        description=f"С {month_name(months[0].month)} по {month_name(months[-1].month)}",
        unit="кВт·ч",
        bars=bars,
        top_label=kwh(top),
        mark_name="все помещения вместе",
    )


def _meters(page: HousePage) -> list[tuple[str, str]]:
    return [(str(one.meter_id), f"№ {one.serial}") for one in page.meters]


def _last_month(today: date) -> Month:
    return Month.of(today).previous

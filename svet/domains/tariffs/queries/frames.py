"""Reads of prices, norms, policies and the calendar for the calculation.

Frames have exactly the columns that `billing.rules.frames` declares, in whole units: watt-hours, millionths of a
rouble per kWh. Only published versions are ever handed out.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from svet.domains.tariffs.models import DayOff, PolicySwitch, VatRate
from svet.domains.tariffs.rules.policies import BY_NAME
from svet.infra.copying import copy_out
from svet.kernel.calendar import WorkingCalendar
from svet.kernel.errors import NotFound
from svet.kernel.period import Month

TARIFF_COLUMNS = {
    "tariff_version_id": pl.Int64,
    "territory": pl.String,
    "category": pl.String,
    "structure": pl.String,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "zoning": pl.String,
    "band": pl.String,
    "step": pl.Int32,
    "up_to_wh": pl.Int64,
    "rate_urub": pl.Int64,
}
SOCIAL_NORM_COLUMNS = {
    "territory": pl.String,
    "category": pl.String,
    "privileged": pl.Boolean,
    "persons": pl.Int32,
    "wh": pl.Int64,
    "wh_each_next": pl.Int64,
    "from_on": pl.Date,
    "until_on": pl.Date,
}
CONSUMPTION_NORM_COLUMNS = {
    "territory": pl.String,
    "rooms": pl.Int32,
    "persons": pl.Int32,
    "electric_stove": pl.Boolean,
    "electric_heating": pl.Boolean,
    "wh_per_person": pl.Int64,
    "from_on": pl.Date,
    "until_on": pl.Date,
}


def tariff_frame(month: Month, *, since: Month | None = None) -> pl.DataFrame:
    """Return the prices of all published versions in force on a day from `since` (default: `month`) to `month`.

    One row per rate.
    """
    return _frame(
        "SELECT v.id AS tariff_version_id, t.territory, t.category, v.structure,"
        " lower(v.valid) AS from_on, upper(v.valid) AS until_on, r.zoning, r.band, r.step,"
        " (r.up_to_kwh * 1000)::bigint AS up_to_wh, (r.rate * 1000000)::bigint AS rate_urub"
        " FROM tariffs_version v JOIN tariffs_tariff t ON t.id = v.tariff_id JOIN tariffs_rate r ON r.version_id = v.id"
        " WHERE v.published_at IS NOT NULL AND v.valid && daterange(%s, %s) ORDER BY v.id, r.zoning, r.band, r.step",
        month,
        TARIFF_COLUMNS,
        since=since,
    )


def social_norm_frame(month: Month, *, since: Month | None = None) -> pl.DataFrame:
    """Return the social norms in force on a day from `since` (default: `month`) to `month`."""
    return _frame(
        "SELECT territory, category, privileged, persons, (kwh * 1000)::bigint AS wh,"
        " (kwh_each_next * 1000)::bigint AS wh_each_next, lower(valid) AS from_on, upper(valid) AS until_on"
        " FROM tariffs_social_norm WHERE valid && daterange(%s, %s) ORDER BY id",
        month,
        SOCIAL_NORM_COLUMNS,
        since=since,
    )


def consumption_norm_frame(month: Month) -> pl.DataFrame:
    """Return the consumption norms in force on a day of `month`."""
    return _frame(
        "SELECT territory, rooms, persons, electric_stove, electric_heating,"
        " (kwh_per_person * 1000)::bigint AS wh_per_person, lower(valid) AS from_on, upper(valid) AS until_on"
        " FROM tariffs_consumption_norm WHERE valid && daterange(%s, %s) ORDER BY id",
        month,
        CONSUMPTION_NORM_COLUMNS,
    )


def vat_frame(month: Month, *, since: Month) -> pl.DataFrame:
    """Return the VAT inside household prices of each month from `since` to `month` (`month_on`, `vat_percent_e2`).

    A month before whose VAT is unknown is left out; raise NotFound when that of `month` is.
    """
    rows = [(row.valid.lower, row.valid.upper, int(row.percent.scaleb(2))) for row in VatRate.objects.all()]
    known, that = [(month.first_on, vat_percent_e2(month.first_on))], since
    while that < month:
        on = that.first_on
        known += [(on, percent) for start, end, percent in rows if start <= on and (end is None or on < end)]
        that = that.next
    return pl.DataFrame(known, schema={"month_on": pl.Date, "vat_percent_e2": pl.Int64}, orient="row")


def vat_percent_e2(on: date) -> int:
    """Return the VAT inside household prices on a day, in hundredths of a per cent; raise NotFound when unknown."""
    found = VatRate.objects.filter(valid__contains=on).first()
    if found is None:
        raise NotFound("no_vat_rate", on=on)
    return int(found.percent.scaleb(2))


def policy_values(on: date) -> dict[str, str]:
    """Return the values of all policies set for a day by name; a policy never set is left to its default."""
    rows = PolicySwitch.objects.filter(valid__contains=on, name__in=BY_NAME).order_by("name")
    return dict(rows.values_list("name", "value"))


def working_calendar() -> WorkingCalendar:
    """Return the production calendar of all years that are loaded; raise NotFound when none is."""
    days = frozenset(DayOff.objects.values_list("on", flat=True))
    if not days:
        raise NotFound("no_working_calendar")
    return WorkingCalendar(days, first_on=date(min(days).year, 1, 1), last_on=date(max(days).year, 12, 31))


def days_off(*, first_on: date, last_on: date) -> dict[date, str]:
    """Return the days off of the production calendar from one day to another, with their names (weekends have none)."""
    return dict(DayOff.objects.filter(on__range=(first_on, last_on)).values_list("on", "note"))


def calendar_years() -> frozenset[int]:
    """Return the years whose production calendar is loaded."""
    return frozenset(day.year for day in DayOff.objects.dates("on", "year"))


def _frame(query: str, month: Month, columns: dict[str, Any], *, since: Month | None = None) -> pl.DataFrame:
    return copy_out(query, [(since or month).first_on, month.next.first_on], schema=columns)

"""Reads of prices, norms, policies and the calendar, for billing (frames) and for pages (plain values).

Frames have exactly the columns that `billing.rules.frames` declares, in whole units: watt-hours, millionths of a
rouble per kWh. Only published versions are ever handed out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from django.db.models import QuerySet

from svet.domains.tariffs.models import (
    ConsumptionNorm,
    DayOff,
    PolicySwitch,
    SocialNorm,
    TariffVersion,
    Territory,
    VatRate,
)
from svet.domains.tariffs.rules.policies import BY_NAME
from svet.infra.copying import copy_out
from svet.kernel.calendar import WorkingCalendar
from svet.kernel.energy import BANDS, Zoning
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


@dataclass(frozen=True, slots=True)
class PriceView:
    """One price of a table: roubles per kWh, VAT included; `up_to_kwh` None means without bound."""

    zoning: str
    band: str
    step: int
    up_to_kwh: Decimal | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class TariffView:
    """A published price list in force on a day, with the order that set it and where that was read."""

    version_id: int
    code: str
    name: str
    territory: str
    territory_name: str
    category: str
    structure: str
    from_on: date
    until_on: date | None
    order_number: str
    order_on: date | None
    source: str
    note: str
    prices: tuple[PriceView, ...]


@dataclass(frozen=True, slots=True)
class SocialNormView:
    """The social norm of a household size: kWh a month, and how much each person more adds (last row)."""

    territory: str
    territory_name: str
    category: str
    privileged: bool
    persons: int
    kwh: Decimal
    kwh_each_next: Decimal | None
    order_number: str
    source: str


@dataclass(frozen=True, slots=True)
class ConsumptionNormView:
    """The norm in kWh per person and month for a home of so many rooms and persons."""

    territory: str
    territory_name: str
    rooms: int
    persons: int
    electric_stove: bool
    electric_heating: bool
    kwh_per_person: Decimal
    order_number: str
    source: str


# ── for the calculation ────────────────────────────────────────────────────────────────────────────


def tariff_frame(month: Month) -> pl.DataFrame:
    """Return the prices of all published versions that are in force on a day of `month`, one row per rate."""
    return _frame(
        "SELECT v.id AS tariff_version_id, t.territory, t.category, v.structure,"
        " lower(v.valid) AS from_on, upper(v.valid) AS until_on, r.zoning, r.band, r.step,"
        " (r.up_to_kwh * 1000)::bigint AS up_to_wh, (r.rate * 1000000)::bigint AS rate_urub"
        " FROM tariffs_version v JOIN tariffs_tariff t ON t.id = v.tariff_id JOIN tariffs_rate r ON r.version_id = v.id"
        " WHERE v.published_at IS NOT NULL AND v.valid && daterange(%s, %s) ORDER BY v.id, r.zoning, r.band, r.step",
        month,
        TARIFF_COLUMNS,
    )


def social_norm_frame(month: Month) -> pl.DataFrame:
    """Return the social norms in force on a day of `month`."""
    return _frame(
        "SELECT territory, category, privileged, persons, (kwh * 1000)::bigint AS wh,"
        " (kwh_each_next * 1000)::bigint AS wh_each_next, lower(valid) AS from_on, upper(valid) AS until_on"
        " FROM tariffs_social_norm WHERE valid && daterange(%s, %s) ORDER BY id",
        month,
        SOCIAL_NORM_COLUMNS,
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


# ── for pages ──────────────────────────────────────────────────────────────────────────────────────


def tariff_table(on: date) -> list[TariffView]:
    """Return the published price lists in force on a day, by territory and category."""
    versions = TariffVersion.objects.filter(published_at__isnull=False, valid__contains=on)
    return _tables(versions)


def upcoming_tariffs(on: date) -> list[TariffView]:
    """Return the published price lists that will be in force after a day."""
    versions = TariffVersion.objects.filter(published_at__isnull=False, valid__startswith__gt=on)
    return _tables(versions)


def drafts() -> list[TariffView]:
    """Return the versions that are not published yet."""
    return _tables(TariffVersion.objects.filter(published_at__isnull=True))


def social_norms(on: date) -> list[SocialNormView]:
    """Return the social norms in force on a day, smallest households first."""
    names = territories()
    rows = SocialNorm.objects.filter(valid__contains=on).order_by("territory", "category", "privileged", "persons")
    return [
        SocialNormView(
            territory=row.territory,
            territory_name=names.get(row.territory, row.territory),
            category=row.category,
            privileged=row.privileged,
            persons=row.persons,
            kwh=row.kwh,
            kwh_each_next=row.kwh_each_next,
            order_number=row.order_number,
            source=row.source,
        )
        for row in rows
    ]


def consumption_norms(on: date) -> list[ConsumptionNormView]:
    """Return the consumption norms in force on a day."""
    names = territories()
    rows = ConsumptionNorm.objects.filter(valid__contains=on)
    return [
        ConsumptionNormView(
            territory=row.territory,
            territory_name=names.get(row.territory, row.territory),
            rooms=row.rooms,
            persons=row.persons,
            electric_stove=row.electric_stove,
            electric_heating=row.electric_heating,
            kwh_per_person=row.kwh_per_person,
            order_number=row.order_number,
            source=row.source,
        )
        for row in rows.order_by("territory", "electric_heating", "electric_stove", "rooms", "persons")
    ]


def territories() -> dict[str, str]:
    """Return the Russian names of territories by code."""
    return dict(Territory.objects.order_by("name").values_list("code", "name"))


def _tables(versions: QuerySet[TariffVersion]) -> list[TariffView]:
    names = territories()
    rows = versions.select_related("tariff").prefetch_related("rates").order_by("tariff__code", "valid")
    return [_table(row, names) for row in rows]


def _table(version: TariffVersion, names: dict[str, str]) -> TariffView:
    order = {(zoning, band): place for zoning in Zoning for place, band in enumerate(BANDS[zoning])}
    rates: list[Any] = sorted(version.rates.all(), key=lambda r: (r.zoning, r.step, order.get((r.zoning, r.band), 9)))
    return TariffView(
        version_id=version.pk,
        code=version.tariff.code,
        name=version.tariff.name,
        territory=version.tariff.territory,
        territory_name=names.get(version.tariff.territory, version.tariff.territory),
        category=version.tariff.category,
        structure=version.structure,
        from_on=version.valid.lower,
        until_on=version.valid.upper,
        order_number=version.order_number,
        order_on=version.order_on,
        source=version.source,
        note=version.note,
        prices=tuple(PriceView(r.zoning, r.band, r.step, r.up_to_kwh, r.rate) for r in rates),
    )


def _frame(query: str, month: Month, columns: dict[str, Any]) -> pl.DataFrame:
    return copy_out(query, [month.period.start, month.period.end], schema=columns)

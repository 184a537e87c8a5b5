"""Reads of prices and norms for pages: plain values with the order that set them and where it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from svet.domains.tariffs.models import ConsumptionNorm, SocialNorm, TariffVersion, Territory
from svet.domains.tariffs.rules import Structure
from svet.domains.tariffs.rules.coverage import Candidate, Price, check
from svet.infra.fields import to_period
from svet.kernel.energy import BANDS, TimeBand, Zoning
from svet.kernel.errors import NotFound
from svet.kernel.findings import Finding
from svet.kernel.period import Period

Names = Mapping[str, str] | None
"""The names of territories, where whoever asks has read them already."""


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
    is_published: bool
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


def tariff_table(on: date) -> list[TariffView]:
    """Return the published price lists in force on a day, by territory and category."""
    versions = TariffVersion.objects.filter(published_at__isnull=False, valid__contains=on)
    return _tables(versions)


def upcoming_tariffs(on: date) -> list[TariffView]:
    """Return the published price lists that will be in force after a day."""
    versions = TariffVersion.objects.filter(published_at__isnull=False, valid__startswith__gt=on)
    return _tables(versions)


def published_tariffs(*, names: Names = None) -> list[TariffView]:
    """Return all price lists ever published, by territory and category, the earliest first."""
    return _tables(TariffVersion.objects.filter(published_at__isnull=False), names)


def drafts() -> list[TariffView]:
    """Return the versions that are not published yet."""
    return _tables(TariffVersion.objects.filter(published_at__isnull=True))


def version(version_id: int) -> TariffView:
    """Return one version, published or not; raise NotFound("no_such_tariff_version")."""
    found = _tables(TariffVersion.objects.filter(pk=version_id))
    if not found:
        raise NotFound("no_such_tariff_version", version_id=version_id)
    return found[0]


def version_before(version_id: int) -> TariffView | None:
    """Return the published version of the same price list that this one would follow, None when it is the first."""
    here = TariffVersion.objects.filter(pk=version_id).first()
    if here is None:
        raise NotFound("no_such_tariff_version", version_id=version_id)
    earlier = TariffVersion.objects.filter(
        tariff=here.tariff_id, published_at__isnull=False, valid__startswith__lt=here.valid.lower
    )
    last = earlier.order_by("-valid").first()
    return None if last is None else version(last.pk)


def latest_version(tariff_code: str) -> TariffView:
    """Return the published version with the latest first day; raise NotFound("no_such_tariff")."""
    found = TariffVersion.objects.filter(tariff__code=tariff_code, published_at__isnull=False).order_by("-valid")
    last = found.first()
    if last is None:
        raise NotFound("no_such_tariff", tariff=tariff_code)
    return version(last.pk)


def findings_of(version_id: int) -> list[Finding]:
    """Return what keeps a draft from being published: gaps, overlaps, missing papers (rules T01 to T11)."""
    row = TariffVersion.objects.select_related("tariff").filter(pk=version_id).first()
    if row is None:
        raise NotFound("no_such_tariff_version", version_id=version_id)
    others = TariffVersion.objects.filter(tariff=row.tariff_id, published_at__isnull=False).exclude(pk=version_id)
    published = [to_period(valid) for valid in others.values_list("valid", flat=True)]
    return check(candidate(row), published=published, norms=norm_periods(row))


def candidate(row: TariffVersion) -> Candidate:
    """Return a version with its prices as the rules of coverage take it."""
    return Candidate(
        structure=Structure(row.structure),
        period=to_period(row.valid),
        prices=tuple(
            Price(Zoning(r.zoning), TimeBand(r.band), r.step, r.up_to_kwh, r.rate) for r in row.rates.order_by("pk")
        ),
        order_number=row.order_number,
        source=row.source,
    )


def norm_periods(row: TariffVersion) -> list[Period]:
    """Return when the social norm of one person is set for the version's territory and category."""
    rows = SocialNorm.objects.filter(
        territory=row.tariff.territory, category=row.tariff.category, privileged=False, persons=1
    )
    return [to_period(valid) for valid in rows.values_list("valid", flat=True)]


def social_norms(on: date, *, names: Names = None) -> list[SocialNormView]:
    """Return the social norms in force on a day, smallest households first."""
    names = territories() if names is None else names
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


def consumption_norms(on: date, *, names: Names = None) -> list[ConsumptionNormView]:
    """Return the consumption norms in force on a day."""
    names = territories() if names is None else names
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


def _tables(versions: QuerySet[TariffVersion], names: Names = None) -> list[TariffView]:
    names = territories() if names is None else names
    rows = versions.select_related("tariff").prefetch_related("rates").order_by("tariff__code", "valid")
    return [_table(row, names) for row in rows]


def _table(version: TariffVersion, names: Mapping[str, str]) -> TariffView:
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
        is_published=version.published_at is not None,
        prices=tuple(PriceView(r.zoning, r.band, r.step, r.up_to_kwh, r.rate) for r in rates),
    )

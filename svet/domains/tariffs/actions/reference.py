"""The shipped reference data: published tables, norms, VAT, policies and the production calendar.

Loading only adds what is absent, so it may be repeated after each update of the program and never takes back what
people changed since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from svet.domains.tariffs.actions.versions import define_tariff, define_territory, draft_version, publish_version
from svet.domains.tariffs.models import (
    ConsumptionNorm,
    DayOff,
    PolicySwitch,
    SocialNorm,
    TariffVersion,
    Territory,
    VatRate,
)
from svet.domains.tariffs.rules import Structure
from svet.domains.tariffs.rules.coverage import Price
from svet.domains.tariffs.rules.policies import POLICIES
from svet.infra import audit
from svet.infra.fields import to_range
from svet.kernel.energy import ConsumerCategory, TimeBand, Zoning
from svet.kernel.period import Period

DATA = Path(__file__).resolve().parents[1] / "data"
POLICIES_FROM = date(2012, 1, 1)
"""Defaults hold for every month that can be billed: consumption norms begin here."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows of each kind were added."""

    territories: int
    versions: int
    social_norms: int
    consumption_norms: int
    vat_rates: int
    policies: int
    days_off: int

    @property
    def anything(self) -> bool:
        """Whether anything was added."""
        return any((self.territories, self.versions, self.social_norms, self.consumption_norms,
                    self.vat_rates, self.policies, self.days_off))  # fmt: skip


def load_reference(*, at: datetime) -> Loaded:
    """Add the shipped reference data that is not there yet, all or nothing; return what was added."""
    prices, norms, calendar = (_read(name) for name in ("tariffs", "norms", "calendar"))
    with transaction.atomic():
        loaded = Loaded(
            territories=_territories(prices["territories"], at),
            social_norms=sum(_social_norms(table) for table in norms["social_norms"]),
            consumption_norms=sum(_consumption_norms(table) for table in norms["consumption_norms"]),
            versions=sum(_versions(tariff, at) for tariff in prices["tariffs"]),
            vat_rates=_vat(prices["vat"]),
            policies=_policies(),
            days_off=sum(_year(int(year), days) for year, days in calendar["years"].items()),
        )
        if loaded.anything:
            audit.record("tariffs.load_reference", target_kind="reference", target_id="tariffs", at=at)
    return loaded


def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return document


def _territories(names: Mapping[str, str], at: datetime) -> int:
    known = set(Territory.objects.values_list("code", flat=True))
    for code in names.keys() - known:
        define_territory(code, name=names[code], at=at)
    return len(names.keys() - known)


def _versions(tariff: Mapping[str, Any], at: datetime) -> int:
    category = ConsumerCategory(tariff["category"])
    define_tariff(tariff["code"], name=tariff["name"], territory=tariff["territory"], category=category, at=at)
    if TariffVersion.objects.filter(tariff__code=tariff["code"]).exists():
        return 0  # somebody keeps this price list already
    for version in tariff["versions"]:
        version_id = draft_version(
            tariff["code"],
            structure=Structure(version["structure"]),
            period=_period(version),
            prices=_prices(version),
            order_number=version["order_number"],
            source=version["source"],
            note=version["note"],
            at=at,
        )
        publish_version(version_id, at=at)
    return len(tariff["versions"])


def _prices(version: Mapping[str, Any]) -> Iterator[Price]:
    for zoning, bands in version["prices"].items():
        for band, rates in bands.items():
            bounds = version.get("steps") or [None] * len(rates)
            for step, (bound, rate) in enumerate(zip(bounds, rates, strict=True), start=1):
                up_to = None if bound is None else Decimal(bound)
                yield Price(Zoning(zoning), TimeBand(band), step, up_to, Decimal(rate))


def _social_norms(table: Mapping[str, Any]) -> int:
    added = 0
    for territory in table["territories"]:
        for category in table["categories"]:
            of = {"territory": territory, "category": category, "privileged": table["privileged"]}
            if SocialNorm.objects.filter(**of).exists():
                continue
            largest = max(table["by_persons"])
            for persons, kwh in table["by_persons"].items():
                each_next = Decimal(table["each_next"]) if persons == largest else None
                SocialNorm.objects.create(
                    **of, persons=persons, kwh=Decimal(kwh), kwh_each_next=each_next, **_papers(table)
                )
                added += 1
    return added


def _consumption_norms(table: Mapping[str, Any]) -> int:
    added = 0
    for territory in table["territories"]:
        of = {"territory": territory, "electric_stove": table["electric_stove"], "electric_heating": False}
        if ConsumptionNorm.objects.filter(**of).exists():
            continue
        for rooms, by_persons in table["by_rooms"].items():
            for persons, kwh in enumerate(by_persons, start=1):
                ConsumptionNorm.objects.create(
                    **of, rooms=rooms, persons=persons, kwh_per_person=Decimal(kwh), **_papers(table)
                )
                added += 1
    return added


def _vat(rates: list[Mapping[str, Any]]) -> int:
    if VatRate.objects.exists():
        return 0
    for rate in rates:
        VatRate.objects.create(percent=Decimal(rate["percent"]), valid=to_range(_period(rate)), source=rate["source"])
    return len(rates)


def _policies() -> int:
    known = set(PolicySwitch.objects.values_list("name", flat=True))
    absent = [policy for policy in POLICIES if policy.name not in known]
    for policy in absent:
        PolicySwitch.objects.create(
            name=policy.name, value=policy.default, valid=to_range(Period(POLICIES_FROM)), source=policy.source
        )
    return len(absent)


def _year(year: int, days: Mapping[str, Any]) -> int:
    if DayOff.objects.filter(on__year=year).exists():
        return 0
    off = {day: "" for day in _weekends(year) if day not in days["working"]} | days["days_off"]
    DayOff.objects.bulk_create(DayOff(on=day, note=note) for day, note in sorted(off.items()))
    return len(off)


def _weekends(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        if day.isoweekday() > 5:
            yield day
        day += timedelta(days=1)


def _period(row: Mapping[str, Any]) -> Period:
    return Period(row["from"], row.get("until"))


def _papers(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "valid": to_range(_period(table)),
        "order_number": table["order_number"],
        "source": table["source"],
    }

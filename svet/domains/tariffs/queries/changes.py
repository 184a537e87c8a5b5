"""What changes when: every first day of a price list, a norm, a tax rate, a policy, in the order of days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count

from svet.domains.tariffs.models import ConsumptionNorm, PolicySwitch, SocialNorm, TariffVersion, VatRate


class ChangeKind(StrEnum):
    """What begins on the day."""

    TARIFF = "tariff"
    DRAFT = "draft"
    SOCIAL_NORM = "social_norm"
    CONSUMPTION_NORM = "consumption_norm"
    VAT = "vat"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that begins on a day: `what` names it, `detail` is its value, `version_id` leads to a price list."""

    on: date
    kind: ChangeKind
    what: str
    detail: str
    source: str
    version_id: int | None = None


def changes(*, from_on: date, until_on: date) -> list[Change]:
    """Return all that begins from `from_on` on, before `until_on`, drafts too, the latest first."""
    found = [*_versions(from_on, until_on), *_norms(from_on, until_on), *_switches(from_on, until_on)]
    return sorted(found, key=lambda change: (change.on, change.kind, change.what), reverse=True)


def _versions(from_on: date, until_on: date) -> Iterator[Change]:
    rows = TariffVersion.objects.select_related("tariff").filter(
        valid__startswith__gte=from_on, valid__startswith__lt=until_on
    )
    for row in rows:
        kind = ChangeKind.DRAFT if row.published_at is None else ChangeKind.TARIFF
        yield Change(row.valid.lower, kind, row.tariff.name, row.order_number, row.source, version_id=row.pk)


def _norms(from_on: date, until_on: date) -> Iterator[Change]:
    for model, kind in ((SocialNorm, ChangeKind.SOCIAL_NORM), (ConsumptionNorm, ChangeKind.CONSUMPTION_NORM)):
        rows = model._default_manager.filter(valid__startswith__gte=from_on, valid__startswith__lt=until_on)
        for row in rows.values("valid", "territory", "order_number", "source").annotate(rows=Count("pk")):
            yield Change(row["valid"].lower, kind, row["territory"], row["order_number"], row["source"])


def _switches(from_on: date, until_on: date) -> Iterator[Change]:
    for rate in VatRate.objects.filter(valid__startswith__gte=from_on, valid__startswith__lt=until_on):
        yield Change(rate.valid.lower, ChangeKind.VAT, "vat", f"{rate.percent.normalize():f}", rate.source)
    for switch in PolicySwitch.objects.filter(valid__startswith__gte=from_on, valid__startswith__lt=until_on):
        yield Change(switch.valid.lower, ChangeKind.POLICY, switch.name, switch.value, switch.source)

"""Versions of price lists: drafted freely, published only when they cover everything, then never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from svet.domains.tariffs import queries
from svet.domains.tariffs.models import Tariff, TariffRate, TariffVersion, Territory
from svet.domains.tariffs.rules import Structure
from svet.domains.tariffs.rules.coverage import Price, check, closed_by
from svet.infra import audit, outbox
from svet.infra.fields import to_period, to_range
from svet.infra.locking import lock_row
from svet.kernel.energy import ConsumerCategory
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.findings import Finding
from svet.kernel.period import Period


class TariffRefused(DomainError):
    """The version leaves a gap or an overlap; `findings` say which."""

    code = "tariff_refused"

    def __init__(self, findings: Sequence[Finding], /) -> None:
        self.findings = tuple(findings)
        super().__init__(codes=[finding.code for finding in findings])


def define_territory(code: str, *, name: str, at: datetime) -> None:
    """Name a territory, or rename it."""
    with transaction.atomic():
        row, new = Territory.objects.get_or_create(code=code, defaults={"name": name})
        if new or row.name != name:
            Territory.objects.filter(pk=row.pk).update(name=name)
            audit.record("tariffs.define_territory", target_kind="territory", target_id=code, at=at)


def define_tariff(code: str, *, name: str, territory: str, category: ConsumerCategory, at: datetime) -> int:
    """Make the price list of a territory and category, without prices yet, and return its id.

    The same again changes nothing. Raises Conflict("tariff_is_another") when the code or the place is taken.
    """
    with transaction.atomic():
        if not Territory.objects.filter(code=territory).exists():
            raise NotFound("no_such_territory", territory=territory)
        found = Tariff.objects.filter(code=code).first()
        taken = Tariff.objects.filter(territory=territory, category=category).first()
        if found != taken:
            raise Conflict("tariff_is_another", code=code, territory=territory, category=category.value)
        if found is None:
            found = Tariff.objects.create(code=code, name=name, territory=territory, category=category)
            audit.record("tariffs.define_tariff", target_kind="tariff", target_id=found.pk, at=at)
        return int(found.pk)


def draft_version(
    tariff_code: str,
    *,
    structure: Structure,
    period: Period,
    prices: Iterable[Price],
    order_number: str,
    source: str,
    at: datetime,
    order_on: date | None = None,
    note: str = "",
) -> int:
    """Write down a version with its prices and return its id; nothing is priced by it until it is published.

    Raises NotFound("no_such_tariff") and DomainError("price_is_listed_twice").
    """
    rows = list(prices)
    if len({(p.zoning, p.band, p.step) for p in rows}) != len(rows):
        raise DomainError("price_is_listed_twice", tariff=tariff_code)
    with transaction.atomic():
        tariff = Tariff.objects.filter(code=tariff_code).first()
        if tariff is None:
            raise NotFound("no_such_tariff", tariff=tariff_code)
        version = TariffVersion.objects.create(
            tariff=tariff,
            structure=structure,
            valid=to_range(period),
            order_number=order_number,
            order_on=order_on,
            source=source,
            note=note,
        )
        TariffRate.objects.bulk_create(
            TariffRate(version=version, zoning=p.zoning, band=p.band, step=p.step, up_to_kwh=p.up_to_kwh, rate=p.rate)
            for p in rows
        )
        audit.record("tariffs.draft_version", target_kind="tariff_version", target_id=version.pk, at=at)
    return int(version.pk)


def discard_draft(version_id: int, *, at: datetime) -> None:
    """Throw a draft away; raises Conflict("version_is_published") when it is not one any more."""
    with transaction.atomic():
        version = _locked(version_id)
        version.delete()
        audit.record("tariffs.discard_draft", target_kind="tariff_version", target_id=version_id, at=at)


def publish_version(version_id: int, *, at: datetime) -> None:
    """Put a draft in force; the open end of the version before it is closed on its first day.

    Raises TariffRefused with its findings when the tariff would leave a gap or an overlap, Conflict
    ("version_is_published") when it is published already.
    """
    with transaction.atomic():
        version = _locked(version_id)
        others = list(TariffVersion.objects.filter(tariff=version.tariff_id, published_at__isnull=False))
        published = [to_period(other.valid) for other in others]
        period = to_period(version.valid)
        findings = check(queries.candidate(version), published=published, norms=queries.norm_periods(version))
        if findings:
            raise TariffRefused(findings)
        closing = closed_by(period, published)
        for other in others:
            if closing is not None and to_period(other.valid) == closing:
                other.valid = to_range(Period(closing.start, period.start))
                other.save(update_fields=["valid"])
        version.published_at = at
        version.save(update_fields=["published_at"])
        facts = {"version_id": version.pk, "tariff": version.tariff.code, "from_on": period.start.isoformat()}
        audit.record("tariffs.publish_version", target_kind="tariff_version", target_id=version.pk, at=at, data=facts)
        outbox.record("tariffs.version_published", at=at, payload=facts)


def _locked(version_id: int) -> TariffVersion:
    """Return the draft with its whole price list locked: neighbours may not be published meanwhile."""
    tariff_id = TariffVersion.objects.filter(pk=version_id).values_list("tariff_id", flat=True).first()
    if tariff_id is None:
        raise NotFound("no_such_tariff_version", version_id=version_id)
    lock_row("tariffs_tariff", tariff_id)
    version = TariffVersion.objects.select_for_update(of=("self",)).select_related("tariff").get(pk=version_id)
    if version.published_at is not None:
        raise Conflict("version_is_published", version_id=version_id)
    return version

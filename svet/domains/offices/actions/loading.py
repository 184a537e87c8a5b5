"""What changes in offices and contacts: the load of the Standard's facts, and of the shipped reference data.

The Standard is the whole truth about offices and phones: what it does not name any more is removed. It says nothing
of the company's names and bank details; a load leaves them as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import connection, transaction

from svet.domains.offices.models import Company, CompanyPhone, Office, OfficeHours
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.facts import (
    CONTACT_NAMES,
    OfficeFacts,
    PhoneFacts,
    StandardFacts,
    from_document,
)
from svet.domains.offices.rules.hours import DayHours
from svet.infra import audit, outbox
from svet.infra.fields import to_range
from svet.kernel.period import Period

DATA = Path(__file__).resolve().parents[1] / "data" / "offices.yaml"
PLACES = DATA.with_name("places.yaml")
ONE_LOAD_AT_A_TIME = 7_301_001
"""The advisory lock of loads: two at once would both believe that an office is missing."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what it is ("office", "phone", "contact"), its name, and whether it came, changed or went."""

    kind: str
    name: str
    how: str


def load_standard(facts: StandardFacts, *, at: datetime, dry_run: bool = False) -> tuple[Change, ...]:
    """Make offices, phones and contacts what the Standard says, all or nothing; return the differences.

    With `dry_run` the differences are found in the same way and nothing is kept. The same facts again change nothing.
    """
    with transaction.atomic():
        _lock()
        changes = (*_offices(facts.offices), *_phones(facts.phones), *_contacts(facts, at))
        if changes and not dry_run:
            counts = {how: sum(change.how == how for change in changes) for how in ("added", "changed", "removed")}
            audit.record("offices.load_standard", target_kind="standard", target_id="annexes", at=at, data=counts)
            outbox.record("offices.standard_loaded", at=at, payload=counts)
        if dry_run:
            transaction.set_rollback(True)
    return changes


def load_reference(*, at: datetime) -> tuple[Change, ...]:
    """Add the shipped company record and, to an installation without offices, the shipped offices and contacts."""
    document: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    with transaction.atomic():
        _lock()
        if not Company.objects.exists():
            _create_company(document["company"])
            audit.record("offices.load_reference", target_kind="reference", target_id="company", at=at)
        changes = () if Office.objects.exists() else load_standard(from_document(document), at=at)
        _place_offices()
    return changes


def _place_offices() -> None:
    """Give the shipped coordinate to offices that have none; what somebody entered stays."""
    places: dict[str, Any] = yaml.safe_load(PLACES.read_text(encoding="utf-8"))["places"]
    for row in Office.objects.filter(code__in=places, place_source=""):
        place = places[row.code]
        row.latitude, row.longitude = (Decimal(str(degrees)) for degrees in place["at"])
        row.precision, row.place_source = place["precision"], place["source"]
        row.save()


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_LOAD_AT_A_TIME])


def _create_company(record: Mapping[str, Any]) -> None:
    values = {name: value for name, value in record.items() if name != "from"}
    Company.objects.create(**values, valid=to_range(Period(date.fromisoformat(record["from"]))))


def _offices(wanted: tuple[OfficeFacts, ...]) -> list[Change]:
    known = {office.code: office for office in Office.objects.prefetch_related("hours")}
    changes = []
    for order, facts in enumerate(wanted, start=1):
        row = known.pop(facts.code, None)
        how = "changed" if row else "added"
        row = row or Office(code=facts.code)
        if _write_office(row, facts, order):
            changes.append(Change("office", f"{facts.settlement}, {facts.street_address}", how))
    for row in known.values():
        changes.append(Change("office", str(row), "removed"))
        row.delete()
    return changes


def _write_office(row: Office, facts: OfficeFacts, order: int) -> bool:
    values = {
        "order": order,
        "postal_code": facts.postal_code,
        "settlement": facts.settlement,
        "street_address": facts.street_address,
    }
    moved = row.pk is None or any(getattr(row, name) != value for name, value in values.items())
    if moved:
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    hours = {(audience, day) for audience, days in facts.hours for day in days}
    present = {(Audience(h.audience), _day(h)): h for h in row.hours.all()}
    if hours == set(present):
        return moved
    OfficeHours.objects.filter(pk__in=[h.pk for key, h in present.items() if key not in hours]).delete()
    OfficeHours.objects.bulk_create(
        OfficeHours(office=row, audience=audience, **asdict(day)) for audience, day in sorted(hours - set(present))
    )
    return True


def _day(row: OfficeHours) -> DayHours:
    return DayHours(row.weekday, row.opens_at, row.closes_at, row.break_from, row.break_until)


def _phones(wanted: tuple[PhoneFacts, ...]) -> list[Change]:
    known = {(Audience(row.audience), row.number): row for row in CompanyPhone.objects.all()}
    changes = []
    for order, facts in enumerate(wanted, start=1):
        row = known.pop((facts.audience, facts.number), None)
        how = "changed" if row else "added"
        row = row or CompanyPhone(audience=facts.audience, number=facts.number)
        values = {**asdict(facts), "order": order}
        if row.pk is None or any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
            changes.append(Change("phone", facts.number, how))
    for row in known.values():
        changes.append(Change("phone", row.number, "removed"))
        row.delete()
    return changes


def _contacts(facts: StandardFacts, at: datetime) -> list[Change]:
    wanted = asdict(facts.contacts)
    on = at.date()
    row = Company.objects.select_for_update().filter(valid__contains=on).first()
    if row is None:
        row = Company(valid=to_range(Period(on)))
    names = [name for name in CONTACT_NAMES if getattr(row, name) != wanted[name]]
    how = {name: "changed" if getattr(row, name) else "added" for name in names}
    how |= {name: "removed" for name in names if not wanted[name]}
    if names:
        for name in names:
            setattr(row, name, wanted[name])
        row.save()
    return [Change("contact", name, how[name]) for name in names]

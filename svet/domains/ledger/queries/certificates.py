"""Certificates given out: of one account, and the check that anybody may make of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from svet.domains.ledger.models import Certificate, Entry
from svet.domains.ledger.rules import CertificateKind, EntryKind, Service, settled
from svet.kernel.errors import NotFound
from svet.kernel.period import Month

LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate as it was given out; sums in roubles, plus = the customer owed. Nothing in it changes later."""

    number: int
    code: str
    kind: CertificateKind
    stated_on: date
    amount: Decimal
    amounts: dict[Service, Decimal]
    charged_until: Month | None
    issued_at: datetime
    issued_by: int | None
    channel: str
    snapshot: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CheckedCertificate:
    """What anybody who holds a certificate may learn of it: that it is genuine, its kind and days."""

    number: int
    kind: CertificateKind
    stated_on: date
    issued_at: datetime


def certificates_of(account_id: int) -> list[CertificateView]:
    """Return the account's certificates, the latest first."""
    return [_view(row) for row in Certificate.objects.filter(account_id=account_id).order_by("-number")]


def certificate(account_id: int, number: int) -> CertificateView:
    """Return one certificate of the account; raise NotFound when it is not the account's."""
    found = Certificate.objects.filter(account_id=account_id, number=min(number, LARGEST)).first()
    if found is None:
        raise NotFound(certificate=number)
    return _view(found)


def check_certificate(number: int, *, code: str) -> CheckedCertificate | None:
    """Return what may be told of the certificate with this number and code, None unless both are right."""
    found = Certificate.objects.filter(number=min(number, LARGEST), code=code).first()
    if found is None:
        return None
    return CheckedCertificate(found.number, CertificateKind(found.kind), found.stated_on, found.issued_at)


def balances_by_service(account_id: int, *, on: date) -> dict[Service, Decimal]:
    """Return what the account owed for each service at the end of the day, energy always first.

    Money left over from the price of energy has closed penalties.
    """
    found = {Service.ENERGY: Decimal("0.00")}
    rows = Entry.objects.filter(account_id=account_id, posted_on__lte=on).values("service").order_by("service")
    return settled(found | {Service(row["service"]): row["owed"] for row in rows.annotate(owed=Sum("amount"))})


def last_charged_month(account_id: int, *, on: date) -> date | None:
    """Return the first day of the latest month that was charged up to the day, None when none was."""
    charges = Entry.objects.filter(account_id=account_id, kind=EntryKind.CHARGE, posted_on__lte=on)
    last: date | None = charges.order_by("-concerns").values_list("concerns", flat=True).first()
    return last


def _view(row: Certificate) -> CertificateView:
    return CertificateView(
        number=row.number,
        code=row.code,
        kind=CertificateKind(row.kind),
        stated_on=row.stated_on,
        amount=row.amount,
        amounts={Service(service): Decimal(amount) for service, amount in row.amounts.items()},
        charged_until=Month.of(row.charged_until) if row.charged_until else None,
        issued_at=row.issued_at,
        issued_by=row.issued_by,
        channel=row.channel,
        snapshot=row.snapshot,
    )

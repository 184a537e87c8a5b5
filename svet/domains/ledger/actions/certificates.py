"""Certificates given out: numbered without gaps, frozen, each with a code by which anybody can check it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from svet.domains.ledger import queries
from svet.domains.ledger.models import Certificate
from svet.domains.ledger.queries import CertificateView
from svet.domains.ledger.rules import CODE_DIGITS, CertificateKind, refuse_debt
from svet.infra import audit, numbering, outbox
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError

SERIES = "ledger.certificate"


def issue_certificate(
    account_id: int,
    *,
    kind: CertificateKind,
    stated_on: date,
    channel: str,
    issued_by: int | None,
    request_key: str,
    snapshot: Mapping[str, Any],
    at: datetime,
) -> CertificateView:
    """Give out a certificate of what the account owed at the end of the day `stated_on`; return it.

    `snapshot` is whatever else the paper shows, kept for its reprints; the same `request_key` gets the same
    certificate. Raises DomainError("there_is_debt"), DomainError("day_has_not_come"), NotFound, Conflict("busy"), and
    Conflict("certificate_differs") when the key was used for another one.
    """
    if stated_on > at.astimezone(MOSCOW).date():
        raise DomainError("day_has_not_come", day=stated_on)
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        given = Certificate.objects.filter(account_id=account_id, request_key=request_key).first()
        if given is not None:
            if (given.kind, given.stated_on) != (kind, stated_on):
                raise Conflict("certificate_differs", number=given.number)
            return queries.certificate(account_id, given.number)
        amounts = queries.balances_by_service(account_id, on=stated_on)
        if kind is CertificateKind.NO_DEBT:
            refuse_debt(amounts)
        issued = Certificate.objects.create(
            account_id=account_id,
            number=numbering.take(SERIES),
            code=f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}",
            kind=kind,
            stated_on=stated_on,
            amount=sum(amounts.values(), Decimal("0.00")),
            amounts={service.value: str(amount) for service, amount in amounts.items()},
            charged_until=queries.last_charged_month(account_id, on=stated_on),
            issued_at=at,
            issued_by=issued_by,
            channel=channel,
            request_key=request_key,
            snapshot=dict(snapshot),
        )
        data = {"number": issued.number, "kind": kind, "stated_on": stated_on, "amount": str(issued.amount)}
        audit.record(
            "ledger.issue_certificate",
            target_kind="certificate",
            target_id=issued.number,
            at=at,
            account_id=account_id,
            data=data,
        )
        payload = data | {"stated_on": stated_on.isoformat()}
        outbox.record("ledger.certificate_issued", at=at, account_id=account_id, payload=payload)
    return queries.certificate(account_id, issued.number)

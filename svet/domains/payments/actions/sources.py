"""Open a channel of money, or change its terms."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from svet.domains.payments.models import PaymentSource
from svet.domains.payments.rules import SourceKind
from svet.infra import audit
from svet.kernel.errors import DomainError

LARGEST = Decimal(10) ** 9


def open_source(
    code: str,
    *,
    name: str,
    kind: SourceKind,
    at: datetime,
    active: bool = True,
    min_amount: Decimal = Decimal(1),
    max_amount: Decimal = Decimal(100_000),
    allowed_networks: Sequence[str] = (),
    secret_name: str = "",
) -> int:
    """Open the channel `code` with these terms, or give it these terms; return its id.

    `secret_name` names the environment variable that holds the password of its gate. Raises
    DomainError("network_is_wrong") for what is no network, ("limits_are_wrong") for limits that let nothing in.
    """
    _check_networks(allowed_networks)
    if not 0 < min_amount <= max_amount <= LARGEST:
        raise DomainError("limits_are_wrong", least=str(min_amount), most=str(max_amount))
    with transaction.atomic():
        row, _ = PaymentSource.objects.update_or_create(
            code=code,
            defaults={
                "name": name,
                "kind": kind,
                "active": active,
                "min_amount": min_amount,
                "max_amount": max_amount,
                "allowed_networks": list(allowed_networks),
                "secret_name": secret_name,
            },
        )
        audit.record(
            "payments.open_source",
            target_kind="payment_source",
            target_id=row.pk,
            at=at,
            data={"code": code, "active": active, "allowed_networks": list(allowed_networks)},
        )
    return row.pk


def _check_networks(networks: Sequence[str]) -> None:
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise DomainError("network_is_wrong", network=network) from error

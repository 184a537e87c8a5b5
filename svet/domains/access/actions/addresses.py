"""Addresses by which people sign in: proved by a code, ended when they are theirs no more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.access.models import SignInAddress
from svet.domains.access.rules import AddressKind
from svet.infra import audit
from svet.infra.locking import lock_row


def prove_address(user_id: int, *, kind: AddressKind, value: str, at: datetime) -> None:
    """Note that the person proved by a code that the address (in normal form) is his; raise NotFound."""
    with transaction.atomic():
        lock_row("access_user", user_id)
        known = SignInAddress.objects.filter(user_id=user_id, value=value, ended_at=None)
        if not known.update(proved_at=at):
            SignInAddress.objects.create(user_id=user_id, kind=AddressKind(kind), value=value, proved_at=at)
        data = {"kind": kind, "value": value}
        audit.record("access.prove_address", target_kind="user", target_id=user_id, at=at, data=data)


def forget_address(value: str, *, user_ids: list[int], at: datetime) -> None:
    """Let none of these people sign in by the address any more."""
    with transaction.atomic():
        for address in SignInAddress.objects.filter(value=value, user_id__in=user_ids, ended_at=None):
            address.ended_at = at
            address.save(update_fields=["ended_at"])
            data = {"kind": address.kind, "value": value}
            audit.record("access.forget_address", target_kind="user", target_id=address.user_id, at=at, data=data)

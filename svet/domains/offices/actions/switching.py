"""Turning a channel on or off, at once or from a moment to come (clause M5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from svet.domains.offices.models import ChannelSwitch
from svet.domains.offices.rules.channels import LONGEST_REDIRECT, OFFERED, Deed, Way
from svet.infra import audit
from svet.infra.locking import lock_names
from svet.kernel.errors import DomainError

FARTHEST = timedelta(days=366)


def turn_channel(
    way: Way,
    deed: Deed,
    *,
    is_on: bool,
    redirect: str,
    reason: str,
    from_at: datetime | None,
    by: int,
    at: datetime,
) -> int:
    """Turn a way of doing something from a moment on (None: now); return the turn's id.

    A way that is turned on needs no `redirect`: it is dropped. Raises DomainError("channel_is_not_offered"),
    ("channel_needs_a_redirect"), ("redirect_is_too_long"), ("turn_needs_a_reason"), ("turn_is_past"),
    ("turn_is_too_far").
    """
    told, why, moment = "" if is_on else " ".join(redirect.split()), reason.strip(), from_at or at
    if way not in OFFERED[deed]:
        raise DomainError("channel_is_not_offered")
    if not is_on and not told:
        raise DomainError("channel_needs_a_redirect")
    if len(told) > LONGEST_REDIRECT:
        raise DomainError("redirect_is_too_long", most=LONGEST_REDIRECT)
    if not why:
        raise DomainError("turn_needs_a_reason")
    if moment < at:
        raise DomainError("turn_is_past")
    if moment > at + FARTHEST:
        raise DomainError("turn_is_too_far")
    with transaction.atomic():
        lock_names("offices.channels")
        row = ChannelSwitch.objects.create(
            way=way, deed=deed, is_on=is_on, redirect=told, reason=why, from_at=moment, turned_by=by, turned_at=at
        )
        data = {"way": way.value, "deed": deed.value, "is_on": is_on, "redirect": told, "from_at": moment, "by": by}
        audit.record(
            "offices.channel_turned",
            target_kind="channel_switch",
            target_id=row.pk,
            at=at,
            data=data,
            reason=why,
            fact="offices.channel_turned",
        )
    return row.pk

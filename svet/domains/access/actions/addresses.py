"""A person's own way in: addresses proved by a code and ended, a password recovered, sessions ended."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.db import transaction

from svet.domains.access.models import SignInAddress, User
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


def recover_password(user_id: int, *, password: str, at: datetime) -> None:
    """Give the person the password he chose after a code, and end all his sessions; raise NotFound."""
    with transaction.atomic():
        lock_row("access_user", user_id)
        User.objects.filter(pk=user_id).update(password=make_password(password), password_is_temporary=False)
        audit.record("access.recover_password", target_kind="user", target_id=user_id, at=at)
        end_sessions(user_id, at=at)


def end_sessions(user_id: int, *, at: datetime, without: str = "", only: int | None = None) -> int:
    """End the person's sessions, all but the one with the key `without`, or the `only` one; return how many."""
    sessions = UserSession.objects.filter(user_id=user_id).exclude(session_key=without)
    if only is not None:
        sessions = sessions.filter(pk=only)
    ended = 0
    with transaction.atomic():
        for session in sessions:
            session.end()
            ended += 1
        if ended:
            data = {"count": ended}
            audit.record("access.end_sessions", target_kind="user", target_id=user_id, at=at, data=data)
    return ended

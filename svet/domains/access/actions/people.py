"""What changes in access: people get logins and roles, looks are recorded. Passwords are hashed by Django."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from svet.domains.access.models import User
from svet.domains.access.rules import LookPurpose, Role
from svet.infra import audit, context
from svet.infra.planned import planned_cursor
from svet.kernel.errors import Conflict, DomainError, NotFound


def create_user(
    username: str,
    *,
    password: str | None,
    at: datetime,
    family_name: str = "",
    given_name: str = "",
    patronymic: str = "",
    email: str | None = None,
    phone: str | None = None,
    position: str = "",
    roles: Iterable[str] = (),
) -> int:
    """Give a person a login and return the user's id; with `roles` the person is staff.

    The password is hashed; None makes a login that nobody can use yet. Raises Conflict("login_is_taken") when
    the username, e-mail or phone is somebody's already, DomainError("unknown_role") for a role that is not one.
    """
    known = _known(roles)
    user = User(
        username=username,
        password=make_password(password),
        last_name=family_name,
        first_name=given_name,
        patronymic=patronymic,
        email=email or None,
        phone=phone or None,
        position=position,
        is_staff=bool(known),
        roles=known,
        date_joined=at,
    )
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            audit.record("access.create_user", target_kind="user", target_id=user.pk, at=at, data={"roles": known})
    except IntegrityError as error:
        raise Conflict("login_is_taken", username=username) from error
    return int(user.pk)


def set_roles(user_id: int, *, roles: Iterable[str], at: datetime) -> None:
    """Replace a person's roles; without any role the person is no longer staff."""
    known = _known(roles)
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            raise NotFound("no_such_user", user_id=user_id)
        before, user.roles, user.is_staff = list(user.roles), known, bool(known)
        user.save(update_fields=["roles", "is_staff"])
        changes = {"before": before, "after": known}
        audit.record("access.set_roles", target_kind="user", target_id=user_id, at=at, data=changes)


def close_login(user_id: int, *, at: datetime, reason: str) -> None:
    """Stop a person from signing in (an employee who left); what he did stays under his name."""
    with transaction.atomic():
        if not User.objects.filter(pk=user_id).update(is_active=False):
            raise NotFound("no_such_user", user_id=user_id)
        audit.record("access.close_login", target_kind="user", target_id=user_id, at=at, reason=reason)


def set_up_authenticator(user_id: int, *, secret: str, at: datetime) -> None:
    """Give a person an authenticator application with this secret (base32), as if it had been set up by hand."""
    with transaction.atomic():
        user = User.objects.filter(pk=user_id).first()
        if user is None:
            raise NotFound("no_such_user", user_id=user_id)
        TOTP.activate(user, secret)
        audit.record("access.set_up_authenticator", target_kind="user", target_id=user_id, at=at)


_LOOK = """
INSERT INTO access_personal_data_look (at, user_id, account_id, purpose, page, contact_id, request_id)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_LOOKS = """
INSERT INTO access_personal_data_look (at, user_id, account_id, purpose, page, request_id)
SELECT %(at)s::timestamptz, %(user_id)s::bigint, asked.id, %(purpose)s::text, %(page)s::text, %(request_id)s::text
FROM (SELECT DISTINCT unnest(%(account_ids)s::bigint[]) AS id) asked
WHERE NOT EXISTS (SELECT FROM access_personal_data_look l WHERE l.account_id = asked.id
    AND l.user_id = %(user_id)s::bigint AND l.purpose = %(purpose)s::text AND l.page = %(page)s::text)
"""


def record_look(
    user_id: int, *, account_id: int, purpose: str, at: datetime, page: str = "", contact_id: int | None = None
) -> None:
    """Record that staff looked at an account's personal data (clause T3), in a contact when one is served.

    Raises DomainError("purpose_is_needed") unless `purpose` is one of LookPurpose.
    """
    _check(purpose)
    request_id = context.current().request_id
    with planned_cursor() as cursor:
        cursor.execute(_LOOK, [at, user_id, account_id, str(purpose), page[:120], contact_id, request_id])


def record_looks(user_id: int, *, account_ids: Collection[int], purpose: str, at: datetime, page: str) -> int:
    """Record a look of staff at each of many accounts in one statement; return how many were not on `page` before.

    Raises DomainError("purpose_is_needed") unless `purpose` is one of LookPurpose.
    """
    _check(purpose)
    told: dict[str, Any] = {"at": at, "user_id": user_id, "account_ids": list(account_ids), "purpose": str(purpose)}
    with planned_cursor() as cursor:
        cursor.execute(_LOOKS, told | {"page": page[:120], "request_id": context.current().request_id})
        return cursor.rowcount


def _check(purpose: str) -> None:
    if purpose not in set(LookPurpose):
        raise DomainError("purpose_is_needed", purpose=purpose)


def _known(roles: Iterable[str]) -> list[str]:
    given = list(dict.fromkeys(str(role) for role in roles))
    for role in given:
        if role not in set(Role):
            raise DomainError("unknown_role", role=role)
    return given

"""What an administrator does for staff: logins with a first password, roles, units, a new start for a lost factor.

Nobody manages himself: an administrator cannot change his own roles, close his own login or reset his own sign-in,
so that two people stand behind whatever gives somebody rights.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from svet.domains.access.actions.people import close_login, create_user, set_roles
from svet.domains.access.models import Unit, User
from svet.domains.access.rules import Role
from svet.infra import audit
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotAllowed, NotFound

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody mistakes for one another when a password is read out or copied from paper."""


def define_unit(name: str, *, parent_id: int | None, office_code: str, at: datetime, unit_id: int | None = None) -> int:
    """Name a unit (or rename and move one) and return its id.

    Raises Conflict("unit_is_named_already"), NotFound("unit_not_found"), DomainError("unit_below_itself").
    """
    title = " ".join(name.split())
    if not title:
        raise DomainError("unit_needs_a_name")
    try:
        with transaction.atomic():
            unit = Unit.objects.select_for_update().filter(pk=unit_id).first() if unit_id else Unit()
            if unit is None or (parent_id and not Unit.objects.filter(pk=parent_id).exists()):
                raise NotFound("unit_not_found", unit=unit_id)
            before = {"name": unit.name, "parent": unit.parent_id, "office": unit.office_code}
            if unit_id and parent_id in _below(unit_id):
                raise DomainError("unit_below_itself", name=title)
            unit.name, unit.parent_id, unit.office_code = title, parent_id, office_code
            unit.save()
            data = {"before": before, "after": {"name": title, "parent": parent_id, "office": office_code}}
            audit.record("access.define_unit", target_kind="unit", target_id=unit.pk, at=at, data=data)
    except IntegrityError as error:
        raise Conflict("unit_is_named_already", name=title) from error
    return int(unit.pk)


def employ(
    username: str,
    *,
    name: tuple[str, str, str],
    position: str,
    roles: Sequence[str],
    unit_id: int | None,
    email: str | None,
    by: int,
    at: datetime,
) -> tuple[int, str]:
    """Give an employee a login; return the user's id and a first password, which is shown once and kept nowhere.

    `name` is family name, given name, patronymic. Raises DomainError("roles_are_needed"), and whatever
    `create_user` raises.
    """
    if not roles:
        raise DomainError("roles_are_needed")
    password = _password()
    family, given, patronymic = name
    with transaction.atomic():
        user_id = create_user(
            username,
            password=password,
            at=at,
            family_name=family,
            given_name=given,
            patronymic=patronymic,
            email=email,
            position=position,
            roles=roles,
        )
        _unit_exists(unit_id)
        User.objects.filter(pk=user_id).update(unit=unit_id, password_is_temporary=True)
        audit.record("access.employ", target_kind="user", target_id=user_id, at=at, data={"unit": unit_id, "by": by})
    return user_id, password


def move_staff(
    user_id: int,
    *,
    position: str,
    roles: Sequence[str],
    unit_id: int | None,
    expected_roles: Sequence[str],
    by: int,
    at: datetime,
    reason: str,
) -> None:
    """Give an employee another position, unit and roles, because of `reason`.

    `expected_roles` are those the administrator saw. Raises NotAllowed("not_for_oneself"), NotFound, Conflict
    ("staff_changed_meanwhile"), Conflict("last_administrator") when nobody would be left to manage logins.
    """
    if not roles:
        raise DomainError("roles_are_needed")
    with transaction.atomic():
        user = _locked(user_id, by=by)
        if sorted(user.roles) != sorted(expected_roles):
            raise Conflict("staff_changed_meanwhile", username=user.username)
        if Role.ADMINISTRATOR in user.roles and Role.ADMINISTRATOR not in roles:
            _another_administrator(user_id)
        _unit_exists(unit_id)
        before = {"position": user.position, "unit": user.unit_id}
        User.objects.filter(pk=user_id).update(position=position, unit=unit_id)
        set_roles(user_id, roles=roles, at=at)
        data = {"before": before, "after": {"position": position, "unit": unit_id}, "by": by}
        audit.record("access.move_staff", target_kind="user", target_id=user_id, at=at, data=data, reason=reason)


def dismiss(user_id: int, *, by: int, at: datetime, reason: str) -> None:
    """Close the login of an employee who left; what he did stays under his name.

    Raises NotAllowed("not_for_oneself"), NotFound, Conflict("last_administrator").
    """
    with transaction.atomic():
        user = _locked(user_id, by=by)
        if Role.ADMINISTRATOR in user.roles:
            _another_administrator(user_id)
        close_login(user_id, at=at, reason=reason)


def reopen_login(user_id: int, *, by: int, at: datetime, reason: str) -> None:
    """Let somebody whose login was closed sign in again; raise NotAllowed, NotFound."""
    with transaction.atomic():
        _locked(user_id, by=by)
        User.objects.filter(pk=user_id).update(is_active=True)
        audit.record("access.reopen_login", target_kind="user", target_id=user_id, at=at, reason=reason)


def reset_sign_in(user_id: int, *, by: int, at: datetime, reason: str) -> str:
    """Give an employee who lost password or second factor a new first password; return it, shown once.

    All his sessions end (they are tied to the password), his authenticators and recovery codes are forgotten: he sets
    them up anew at the next sign-in. Raises NotAllowed("not_for_oneself"), NotFound.
    """
    password = _password()
    with transaction.atomic():
        user = _locked(user_id, by=by)
        user.password, user.password_is_temporary = make_password(password), True
        user.save(update_fields=["password", "password_is_temporary"])
        Authenticator.objects.filter(user=user).delete()
        audit.record("access.reset_sign_in", target_kind="user", target_id=user_id, at=at, reason=reason)
    return password


def choose_own_password(user_id: int, *, at: datetime) -> None:
    """Remember that the person has chosen a password himself."""
    with transaction.atomic():
        if User.objects.filter(pk=user_id, password_is_temporary=True).update(password_is_temporary=False):
            audit.record("access.choose_own_password", target_kind="user", target_id=user_id, at=at)


def _locked(user_id: int, *, by: int) -> User:
    if user_id == by:
        raise NotAllowed("not_for_oneself")
    lock_row("access_user", user_id)
    user = User.objects.filter(pk=user_id, is_staff=True).first()
    if user is None:
        raise NotFound("no_such_user", user_id=user_id)
    return user


def _another_administrator(user_id: int) -> None:
    others = User.objects.filter(is_active=True, roles__contains=[Role.ADMINISTRATOR]).exclude(pk=user_id)
    if not others.exists():
        raise Conflict("last_administrator")


def _unit_exists(unit_id: int | None) -> None:
    if unit_id is not None and not Unit.objects.filter(pk=unit_id, closed_on=None).exists():
        raise NotFound("unit_not_found", unit=unit_id)


def _below(unit_id: int) -> set[int]:
    """Return the unit and all units below it."""
    children: dict[int | None, list[int]] = {}
    for pk, parent in Unit.objects.values_list("pk", "parent"):
        children.setdefault(parent, []).append(pk)
    found, waiting = set[int](), [unit_id]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += children.get(one, [])
    return found


def _password() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))

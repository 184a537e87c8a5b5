"""Reads of people who sign in and of the log of looks. Nothing here decides; the doors are in surfaces/web."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from svet.domains.access.models import PersonalDataLook, User
from svet.domains.access.rules import Right, may, rights_of
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in. `name` is never empty: the login stands in when no name is known."""

    user_id: int
    username: str
    name: str
    email: str
    phone: str
    position: str
    is_staff: bool
    roles: tuple[str, ...]

    @property
    def rights(self) -> frozenset[Right]:
        """What this person's roles allow."""
        return rights_of(self.roles) if self.is_staff else frozenset()

    def may(self, right: Right) -> bool:
        """Say whether this person is staff and has `right`."""
        return self.is_staff and may(self.roles, right)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at an account's personal data."""

    at: datetime
    user_id: int
    user_name: str
    account_id: int
    purpose: str
    page: str
    request_id: str


def person(user_id: int) -> Person:
    """Return the person; raise NotFound("no_such_user") when there is none or the login is closed."""
    found = User.objects.filter(pk=user_id, is_active=True).first()
    if found is None:
        raise NotFound("no_such_user", user_id=user_id)
    return _person(found)


def person_by_username(username: str) -> Person | None:
    """Return the person with this login, or None."""
    found = User.objects.filter(username__iexact=username, is_active=True).first()
    return None if found is None else _person(found)


def names_of(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of these people by id; unknown ids are left out."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    return {user.pk: _name(user) for user in User.objects.filter(pk__in=wanted)} if wanted else {}


def looks(
    *,
    account_id: int | None = None,
    user_id: int | None = None,
    before: datetime | None = None,
    limit: int = 100,
) -> list[Look]:
    """Return looks, newest first, of one account or one member of staff when named, earlier than `before`."""
    rows = PersonalDataLook.objects.select_related("user").order_by("-at", "-pk")
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    if before is not None:
        rows = rows.filter(at__lt=before)
    return [
        Look(
            at=row.at,
            user_id=row.user_id,
            user_name=_name(row.user),
            account_id=row.account_id,
            purpose=row.purpose,
            page=row.page,
            request_id=row.request_id,
        )
        for row in rows[:limit]
    ]


def _name(user: User) -> str:
    return " ".join(part for part in (user.last_name, user.first_name, user.patronymic) if part) or user.username


def _person(user: User) -> Person:
    return Person(
        user_id=user.pk,
        username=user.username,
        name=_name(user),
        email=user.email or "",
        phone=user.phone or "",
        position=user.position,
        is_staff=user.is_staff,
        roles=tuple(user.roles),
    )

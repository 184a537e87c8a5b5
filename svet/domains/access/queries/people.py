"""Reads of people who sign in, of staff and their names. Nothing here decides; the doors are in surfaces/web."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from svet.domains.access.models import SignInAddress, User
from svet.domains.access.rules import Right, may, rights_of
from svet.infra.planned import planned_rows
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
class StaffMember:
    """An employee as the administrator of logins sees him."""

    person: Person
    family_name: str
    given_name: str
    patronymic: str
    unit_id: int | None
    unit_name: str
    is_active: bool
    has_second_factor: bool
    password_is_temporary: bool
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class SessionView:
    """One browser in which a person is signed in; `key` is the session's own and goes to nobody."""

    id: int
    key: str
    created_at: datetime
    ip: str
    user_agent: str


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


def login_is_taken(username: str) -> bool:
    """Say whether somebody has, or had, this login."""
    return User.objects.filter(username__iexact=username).exists()


def person_by_address(value: str) -> Person | None:
    """Return the customers' person who was the last to prove this e-mail or phone (in normal form), or None.

    Staff are never found: they sign in with a password and a second factor only.
    """
    found = _proved(value).filter(user__is_staff=False).first()
    return None if found is None else _person(found.user)


def login_by_address(value: str) -> str:
    """Return the login of whoever signs in with this e-mail or phone (in normal form), "" when nobody does."""
    proved = _proved(value).first()
    named = User.objects.filter(Q(email__iexact=value) | Q(phone=value)).order_by("pk").first()
    return proved.user.username if proved else named.username if named else ""


def addresses_of(user_id: int) -> list[tuple[str, str]]:
    """Return the kinds and values of the addresses that the person proved to be his, the latest first."""
    rows = SignInAddress.objects.filter(user_id=user_id, ended_at=None).order_by("-proved_at", "-pk")
    return [(row.kind, row.value) for row in rows]


def passkeys_of(user_id: int) -> list[str]:
    """Return the names of the person's passkeys, the oldest first."""
    keys = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.WEBAUTHN).order_by("pk")
    return [str(key.wrap().name) for key in keys]


def sessions_of(user_id: int) -> list[SessionView]:
    """Return where the person is signed in, the latest sign-in first; sessions that ended are forgotten."""
    user = User.objects.filter(pk=user_id).first()
    rows = UserSession.objects.purge_and_list(user) if user else []
    found = [SessionView(row.pk, row.session_key, row.created_at, row.ip, row.user_agent) for row in rows]
    return sorted(found, key=lambda one: one.created_at, reverse=True)


def staff() -> list[StaffMember]:
    """Return all staff, those who may sign in first, by name, in a constant number of queries."""
    users = User.objects.filter(is_staff=True).select_related("unit").order_by("-is_active", "last_name", "first_name")
    rows = list(users)
    proved = set(Authenticator.objects.filter(user__in=rows).values_list("user_id", flat=True))
    return [_member(user, has_second_factor=user.pk in proved) for user in rows]


def staff_member(user_id: int) -> StaffMember:
    """Return one employee; raise NotFound("no_such_user") for anybody else."""
    user = User.objects.filter(pk=user_id, is_staff=True).select_related("unit").first()
    if user is None:
        raise NotFound("no_such_user", user_id=user_id)
    return _member(user, has_second_factor=Authenticator.objects.filter(user=user).exists())


_NAMES = "SELECT id, last_name, first_name, patronymic, username FROM access_user WHERE id = ANY(%s::bigint[])"


_EMPLOYED = """
SELECT id, last_name, first_name, patronymic, username, roles FROM access_user WHERE is_staff AND is_active
ORDER BY last_name, first_name, id
"""


def employed_with(right: Right) -> list[tuple[int, str]]:
    """Return the ids and names of those who work now and have this right, by name."""
    found = planned_rows(_EMPLOYED, [])
    return [(pk, _named(*name)) for pk, *name, roles in found if may(roles, right)]


def names_of(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of these people by id; unknown ids are left out."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    if not wanted:
        return {}
    found = planned_rows(_NAMES, [list(wanted)])
    return {pk: _named(family, given, patronymic, login) for pk, family, given, patronymic, login in found}


def roles_of(user_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return for what these people are employed, by id; of who left, nothing."""
    rows = User.objects.filter(pk__in=set(user_ids)).values_list("pk", "roles")
    return {user_id: tuple(roles) for user_id, roles in rows}


def _proved(value: str) -> QuerySet[SignInAddress]:
    rows = SignInAddress.objects.filter(value=value, ended_at=None, user__is_active=True)
    return rows.select_related("user").order_by("-proved_at", "-pk")


def full_name(user: User) -> str:
    """Return what a person is called in full; his login where nobody entered a name."""
    return _named(user.last_name, user.first_name, user.patronymic, user.username)


def _named(family: str, given: str, patronymic: str, login: str) -> str:
    return " ".join(part for part in (family, given, patronymic) if part) or login


def _member(user: User, *, has_second_factor: bool) -> StaffMember:
    return StaffMember(
        person=_person(user),
        family_name=user.last_name,
        given_name=user.first_name,
        patronymic=user.patronymic,
        unit_id=user.unit_id,
        unit_name=user.unit.name if user.unit else "",
        is_active=user.is_active,
        has_second_factor=has_second_factor,
        password_is_temporary=user.password_is_temporary,
        last_login=user.last_login,
    )


def _person(user: User) -> Person:
    return Person(
        user_id=user.pk,
        username=user.username,
        name=full_name(user),
        email=user.email or "",
        phone=user.phone or "",
        position=user.position,
        is_staff=user.is_staff,
        roles=tuple(user.roles),
    )


def family_names(user_ids: Iterable[int]) -> dict[int, str]:
    """Return the family names of these people by id."""
    return dict(User.objects.filter(pk__in=set(user_ids)).values_list("pk", "last_name"))


def logins_of(user_ids: Iterable[int]) -> list[str]:
    """Return the logins of these people."""
    return list(User.objects.filter(pk__in=set(user_ids)).values_list("username", flat=True))

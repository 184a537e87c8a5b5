"""Reads of people who sign in and of the log of looks. Nothing here decides; the doors are in surfaces/web."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncHour

from svet.domains.access.models import (
    EntryAttempt,
    LiftedLimit,
    OneTimeCode,
    PersonalDataLook,
    SignInAddress,
    Unit,
    User,
)
from svet.domains.access.rules import LONGEST_WINDOW, Looked, Right, may, rank, rights_of
from svet.infra.clock import MOSCOW
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
class UnitView:
    """A part of the company; `depth` is how far it stands below the top, for lists."""

    unit_id: int
    name: str
    parent_id: int | None
    office_code: str
    depth: int
    staff: int


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
class Look:
    """One look at an account's personal data."""

    at: datetime
    user_id: int
    user_name: str
    account_id: int
    purpose: str
    page: str
    request_id: str


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


def units() -> list[UnitView]:
    """Return the units of the company as a tree written in lines: each followed by those below it, by name."""
    rows = list(Unit.objects.filter(closed_on=None).order_by("name"))
    members = Counter(User.objects.filter(unit__isnull=False, is_active=True).values_list("unit", flat=True))
    below: dict[int | None, list[Unit]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    found: list[UnitView] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for row in below.get(parent_id, []):
            found.append(UnitView(row.pk, row.name, row.parent_id, row.office_code, depth, members[row.pk]))
            walk(row.pk, depth + 1)

    walk(None, 0)
    return found


def office_of(user_id: int) -> str:
    """Return the code of the office in which this person works, by his unit or one above it; empty when in none."""
    user = User.objects.select_related("unit").filter(pk=user_id).first()
    unit = user.unit if user else None
    seen: set[int] = set()
    while unit is not None and not unit.office_code and unit.pk not in seen:
        seen.add(unit.pk)
        unit = unit.parent
    return unit.office_code if unit else ""


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


def _proved(value: str) -> QuerySet[SignInAddress]:
    rows = SignInAddress.objects.filter(value=value, ended_at=None, user__is_active=True)
    return rows.select_related("user").order_by("-proved_at", "-pk")


def _name(user: User) -> str:
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
        name=_name(user),
        email=user.email or "",
        phone=user.phone or "",
        position=user.position,
        is_staff=user.is_staff,
        roles=tuple(user.roles),
    )


def looked(*, since: datetime) -> list[Looked]:
    """Return who looked at which account within which hour of Moscow since then; a row for each, however many looks."""
    rows = PersonalDataLook.objects.filter(at__gte=since).annotate(hour=TruncHour("at", tzinfo=MOSCOW))
    grouped = rows.values_list("user_id", "account_id", "hour").annotate(in_contacts=Count("contact_id")).order_by()
    return [
        Looked(user_id=user_id, account_id=account_id, hour=hour.astimezone(MOSCOW), alone=in_contacts == 0)
        for user_id, account_id, hour, in_contacts in grouped
    ]


def family_names(user_ids: Iterable[int]) -> dict[int, str]:
    """Return the family names of these people by id."""
    return dict(User.objects.filter(pk__in=set(user_ids)).values_list("pk", "last_name"))


def logins_of(user_ids: Iterable[int]) -> list[str]:
    """Return the logins of these people."""
    return list(User.objects.filter(pk__in=set(user_ids)).values_list("username", flat=True))


def lifted_at(target: str, *, at: datetime) -> datetime:
    """Return since when tries about the target count: since its limit was lifted, or for the longest window."""
    lifted = LiftedLimit.objects.filter(target=target, at__gt=at - LONGEST_WINDOW).order_by("-at")
    return lifted.values_list("at", flat=True).first() or at - LONGEST_WINDOW


def counted_tries(targets: Sequence[str], *, at: datetime) -> tuple[int, int]:
    """Return how many codes were asked for under these names and how many facts were wrong, as far as limits count."""
    codes = wrong = 0
    for target in targets:
        since = lifted_at(target, at=at)
        codes += OneTimeCode.objects.filter(target=target, created_at__gt=since).count()
        wrong += EntryAttempt.objects.filter(target=target, succeeded=False, at__gt=since).count()
    return codes, wrong


@dataclass(frozen=True, slots=True)
class Above:
    """What stands above an employee: his unit and those over it up to the top, and who leads there."""

    unit_ids: frozenset[int]
    leader_ids: frozenset[int]


_ABOVE = """
WITH RECURSIVE chain (unit_id) AS (
    SELECT unit_id FROM access_user WHERE id = %(user_id)s AND unit_id IS NOT NULL
    UNION SELECT u.parent_id FROM access_unit u JOIN chain ON chain.unit_id = u.id WHERE u.parent_id IS NOT NULL
)
SELECT id, unit_id, roles, ARRAY(SELECT unit_id FROM chain) FROM access_user
WHERE id = %(user_id)s OR (is_staff AND unit_id IN (SELECT unit_id FROM chain))
"""
"""An employee and the staff of his unit and of those over it, each with these units."""


def above(user_id: int) -> Above:
    """Return what stands above an employee: the head leads all units below his, a supervisor those who are neither.

    Nobody leads himself. Who works in no unit has nobody above him.
    """
    found = planned_rows(_ABOVE, {"user_id": user_id})
    me = next((row for row in found if row[0] == user_id), None)
    if me is None or me[1] is None:
        return Above(frozenset(), frozenset())
    _, own_unit, own_roles, chain = me
    own = rank(own_roles)
    leaders = {pk for pk, unit, roles, _ in found if pk != user_id and rank(roles) > (own if unit == own_unit else 0)}
    return Above(frozenset(chain), frozenset(leaders))


_LEADERS = """
WITH RECURSIVE chain (unit_id, depth) AS (
    SELECT unit_id, 0 FROM access_user WHERE id = %(user_id)s::bigint AND unit_id IS NOT NULL
    UNION ALL SELECT u.parent_id, chain.depth + 1 FROM access_unit u JOIN chain ON chain.unit_id = u.id
    WHERE u.parent_id IS NOT NULL AND chain.depth < 20
)
SELECT u.id, u.roles, chain.depth FROM access_user u JOIN chain ON chain.unit_id = u.unit_id
WHERE u.id = %(user_id)s::bigint OR (u.is_staff AND u.is_active) ORDER BY chain.depth, u.id
"""


def leaders_of(user_id: int | None) -> list[int]:
    """Return who leads an employee most nearly: the lowest above him in his unit, else in the first unit over it.

    Of nobody (None): all supervisors, where there are none all heads. Who works in no unit has nobody above him.
    """
    if user_id is None:
        users = User.objects.filter(is_staff=True, is_active=True).order_by("pk").values_list("pk", "roles")
        return _lowest([(pk, rank(roles)) for pk, roles in users], above_rank=0)
    found = planned_rows(_LEADERS, {"user_id": user_id})
    own = next((rank(roles) for pk, roles, _ in found if pk == user_id), 0)
    for depth in sorted({depth for *_, depth in found}):
        here = [(pk, rank(roles)) for pk, roles, at in found if at == depth and pk != user_id]
        leaders = _lowest(here, above_rank=0 if depth else own)
        if leaders:
            return leaders
    return []


def _lowest(ranked: list[tuple[int, int]], *, above_rank: int) -> list[int]:
    """Return those of the lowest rank above this one."""
    above = [(pk, held) for pk, held in ranked if held > above_rank]
    lowest = min((held for _, held in above), default=0)
    return [pk for pk, held in above if held == lowest]

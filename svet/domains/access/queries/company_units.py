"""Reads of the units of the company: the tree, whose office, and who stands above whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from svet.domains.access.models import Unit, User
from svet.domains.access.rules import rank
from svet.infra.planned import planned_rows


@dataclass(frozen=True, slots=True)
class UnitView:
    """A part of the company; `depth` is how far it stands below the top, for lists."""

    unit_id: int
    name: str
    parent_id: int | None
    office_code: str
    depth: int
    staff: int


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

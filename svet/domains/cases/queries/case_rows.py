"""Cases as lists show them, each list in two statements: the cases, then the names of their handlers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from svet.domains.access import queries as access
from svet.domains.cases.models import Case
from svet.domains.cases.rules.register import OPEN_STATES
from svet.infra.planned import planned_rows

BESIDE, OF_ACCOUNT = 20, 5
ASSIGNEE = 10
"""The place of the handler among `_COLUMNS`."""
_COLUMNS = """
    c.id, c.number, c.channel, c.kind, coalesce(s.name, c.subject), c.title, coalesce(w.name, ''),
    coalesce(a.number, ''), c.state, c.resolution, c.assignee_id, c.registered_at, c.due_at, c.is_unread,
    c.is_escalated, c.missing <> '{}'
"""
_JOINED = """
JOIN cases_case c ON c.id = found.id
LEFT JOIN accounts_account a ON a.id = c.account_id
LEFT JOIN cases_applicant w ON w.case_id = c.id AND w.place = 1
LEFT JOIN LATERAL (SELECT name FROM cases_subject WHERE code = c.subject ORDER BY id DESC LIMIT 1) s ON true
"""
_ROWS = f"""
SELECT {_COLUMNS} FROM unnest(%s::bigint[]) WITH ORDINALITY found (id, place) {_JOINED} ORDER BY found.place
"""  # noqa: S608 (from constants alone)
SEEN = """
NOT EXISTS (SELECT FROM cases_about x WHERE x.case_id = c.id
    AND (x.user_id = ANY(%(users)s::bigint[]) OR x.unit_id = ANY(%(units)s::bigint[])))
"""
"""That a case `c` may be seen by whom `hidden_from` told of."""
_NEAR = f"""
WITH own AS (SELECT id, matter_id, account_id FROM cases_case WHERE id = %(case_id)s::bigint), found AS (
    SELECT id, 'own' AS near FROM own
    UNION ALL SELECT near.id, 'beside' FROM own, LATERAL (SELECT c.id FROM cases_case c
        WHERE c.matter_id = own.matter_id AND c.id <> own.id AND {SEEN} ORDER BY c.id DESC LIMIT {BESIDE}) near
    UNION ALL SELECT near.id, 'of_account' FROM own, LATERAL (SELECT c.id FROM cases_case c
        WHERE c.account_id = own.account_id AND c.id <> own.id AND {SEEN}
        ORDER BY c.registered_at DESC, c.id DESC LIMIT {OF_ACCOUNT}) near
)
SELECT {_COLUMNS}, found.near FROM found {_JOINED}
ORDER BY found.near, CASE WHEN found.near = 'of_account' THEN c.registered_at END DESC, c.id DESC
"""  # noqa: S608 (from constants alone)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list."""

    case_id: int
    number: str
    channel: str
    kind: str
    subject_name: str
    title: str
    applicant_name: str
    account_number: str
    state: str
    resolution: str
    assignee_id: int | None
    assignee_name: str
    registered_at: datetime
    due_at: datetime | None
    is_overdue: bool
    is_unread: bool
    is_escalated: bool
    is_incomplete: bool

    @property
    def is_open(self) -> bool:
        """Whether an answer is owed."""
        return self.state in OPEN_STATES


def hidden_from(user_id: int) -> dict[str, list[int]]:
    """Return about whom a case must not be to be seen by an employee, as `SEEN` takes it (clause A7)."""
    above = access.above(user_id)
    return {"users": [user_id, *above.leader_ids], "units": list(above.unit_ids)}


def as_rows(cases: QuerySet[Case], *, at: datetime) -> tuple[CaseRow, ...]:
    """Return cases as lists show them, in three queries however many there are."""
    return rows_of(list(cases.values_list("pk", flat=True)), at=at)


def rows_of(case_ids: Sequence[int], *, at: datetime) -> tuple[CaseRow, ...]:
    """Return the cases with these ids in their order, in two queries however many there are."""
    if not case_ids:
        return ()
    found = planned_rows(_ROWS, [list(case_ids)])
    return as_listed(found, names=access.names_of(row[ASSIGNEE] for row in found), at=at)


def found_near(case_id: int, *, user_id: int) -> dict[str, list[tuple[Any, ...]]]:
    """Return rows for `as_listed` of a case that exists ("own"), of others of its matter ("beside") and the latest
    others of its account ("of_account"), as an employee may see them.
    """
    near: dict[str, list[tuple[Any, ...]]] = {"own": [], "beside": [], "of_account": []}
    for *row, where in planned_rows(_NEAR, {"case_id": case_id, **hidden_from(user_id)}):
        near[where].append(tuple(row))
    return near


def as_listed(found: Sequence[tuple[Any, ...]], *, names: Mapping[int, str], at: datetime) -> tuple[CaseRow, ...]:
    """Return found rows as lists show them; `names` are those of their handlers (`ASSIGNEE` in a row)."""
    return tuple(
        CaseRow(
            case_id=case_id,
            number=number,
            channel=channel,
            kind=kind,
            subject_name=subject,
            title=title,
            applicant_name=applicant,
            account_number=account,
            state=state,
            resolution=resolution,
            assignee_id=assignee_id,
            assignee_name=names.get(assignee_id or 0, ""),
            registered_at=registered_at,
            due_at=due_at,
            is_overdue=due_at is not None and due_at <= at,
            is_unread=is_unread,
            is_escalated=is_escalated,
            is_incomplete=is_incomplete,
        )
        for case_id, number, channel, kind, subject, title, applicant, account, state, resolution, *told in found
        for assignee_id, registered_at, due_at, is_unread, is_escalated, is_incomplete in [told]
    )

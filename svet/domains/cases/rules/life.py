"""The life of a case: its present state is what its events make of it, one after another. Pure.

    registered ──taken/assigned──▶ in work ──answered──▶ answered ──closed──▶ closed
         ▲  └────────returned────────┘ ▲                    │                   │
         │                             └──────reopened──────┴───────────────────┘

A refusal, a merge and a withdrawal close an open case at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from svet.domains.cases.rules.register import OPEN_STATES, CaseState, EventKind, Resolution

E = EventKind


@dataclass(frozen=True, slots=True)
class Present:
    """Where a case stands now. Empty texts and Nones are not known yet."""

    state: str = CaseState.REGISTERED
    kind: str = ""
    subject: str = ""
    assignee_id: int | None = None
    resolution: str = ""
    missing: tuple[str, ...] = ()
    matter_id: int | None = None
    merged_into_id: int | None = None
    is_unread: bool = False
    is_escalated: bool = False
    reopened: int = 0
    answered_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether an answer is owed."""
        return self.state in OPEN_STATES


NEEDS_AN_OPEN_CASE = frozenset(
    {E.TAKEN, E.ASSIGNED, E.HANDED_OVER, E.RETURNED, E.ANSWERED, E.REFUSED, E.REFUSAL_PROPOSED, E.CLOCK_EXTENDED}
)
"""What can happen only while an answer is owed."""


def may_happen(kind: EventKind, present: Present) -> bool:
    """Say whether an event of this kind can happen to a case that stands so.

    >>> may_happen(E.REOPENED, Present()), may_happen(E.ANSWERED, Present())
    (False, True)
    """
    if present.merged_into_id is not None:
        return kind in {E.NOTED, E.JOINED, E.READ, E.OPENED, E.REVEALED, E.MATTER_JOINED, E.MATTER_LEFT, E.SPLIT}
    if kind in NEEDS_AN_OPEN_CASE:
        return present.is_open
    if kind is E.REOPENED:
        return not present.is_open
    if kind is E.CLOSED:
        return present.state != CaseState.CLOSED
    return True


def after(present: Present, *, kind: EventKind, data: Mapping[str, Any], at: datetime) -> Present:
    """Return where a case stands after an event; one that does not move it returns `present`.

    >>> noon = datetime(2026, 11, 18, 12)
    >>> after(Present(), kind=E.ASSIGNED, data={"to": 7}, at=noon).state.value
    'case_in_work'
    """
    match kind:
        case E.REGISTERED | E.CLASSIFIED | E.COMPLETED | E.MATTER_JOINED:
            return _told(present, data)
        case E.TAKEN | E.ASSIGNED | E.HANDED_OVER:
            return replace(present, state=CaseState.IN_WORK, assignee_id=int(data["to"]))
        case E.RETURNED:
            return replace(present, state=CaseState.REGISTERED, assignee_id=None)
        case E.ANSWERED:
            return replace(
                present,
                state=CaseState.ANSWERED,
                resolution=str(data["resolution"]),
                answered_at=at,
                is_unread=False,
                is_escalated=False,
            )
        case E.REFUSED | E.CLOSED | E.MERGED:
            return _closed(present, data, at)
        case E.REOPENED:
            state = CaseState.IN_WORK if present.assignee_id is not None else CaseState.REGISTERED
            return replace(
                present, state=state, resolution="", answered_at=None, closed_at=None, reopened=present.reopened + 1
            )
        case E.READ:
            return replace(present, is_unread=False, is_escalated=present.is_escalated and present.is_open)
        case E.JOINED | E.ESCALATED | E.MATTER_LEFT:
            return replace(present, **_MARKS[kind])
        case _:
            return present


_MARKS: dict[EventKind, dict[str, Any]] = {
    E.JOINED: {"is_unread": True},
    E.ESCALATED: {"is_escalated": True},
    E.MATTER_LEFT: {"matter_id": None},
}


def _told(present: Present, data: Mapping[str, Any]) -> Present:
    names = ("kind", "subject", "matter_id")
    told: dict[str, Any] = {name: data[name] for name in names if name in data}
    if "missing" in data:
        told["missing"] = tuple(data["missing"])
    return replace(present, **told)


def _closed(present: Present, data: Mapping[str, Any], at: datetime) -> Present:
    into = data.get("into")
    return replace(
        present,
        state=CaseState.CLOSED,
        resolution=Resolution.MERGED if into else str(data.get("resolution") or present.resolution),
        merged_into_id=into,
        closed_at=at,
        is_unread=False,
        is_escalated=False,
    )

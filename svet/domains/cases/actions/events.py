"""The one door through which a case changes: an event is appended and the row becomes what the events come to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from svet.domains.cases.models import Case, CaseClock, CaseEvent
from svet.domains.cases.rules.clocks import OURS, ClockState
from svet.domains.cases.rules.life import Present, after, may_happen
from svet.domains.cases.rules.register import OPEN_STATES, EventKind
from svet.infra import audit, outbox
from svet.infra.locking import lock_row, lock_rows
from svet.kernel.errors import Conflict, NotFound

PRESENT = (
    "state",
    "kind",
    "subject",
    "assignee_id",
    "resolution",
    "matter_id",
    "merged_into_id",
    "is_unread",
    "is_escalated",
    "reopened",
    "answered_at",
    "closed_at",
)


def locked(case_id: int) -> Case:
    """Lock the case until the transaction ends and return it; raise NotFound."""
    lock_row("cases_case", case_id)
    return Case.objects.get(pk=case_id)


def both_locked(one: int, other: int) -> tuple[Case, Case]:
    """Lock two cases, always in the same order; raise NotFound."""
    if lock_rows("cases_case", [one, other]) != 2:
        raise NotFound(case=one)
    rows = Case.objects.in_bulk([one, other])
    return rows[one], rows[other]


def append(case: Case, kind: EventKind, *, at: datetime, by: int | None, data: Mapping[str, Any] | None = None) -> int:
    """Append an event to a locked case, move its row on, and return the event's id.

    Raises Conflict("case_stands_otherwise") for what cannot happen to a case that stands so.
    """
    present = present_of(case)
    if not may_happen(kind, present):
        raise Conflict("case_stands_otherwise", number=case.number, state=case.state)
    facts = dict(data or {})
    moved = after(present, kind=kind, data=facts, at=at)
    case.events_count += 1
    event = CaseEvent.objects.create(
        case=case, position=case.events_count, at=at, kind=kind.value, by_id=by, data=facts
    )
    for name in PRESENT:
        setattr(case, name, getattr(moved, name))
    case.missing = list(moved.missing)
    case.save(update_fields=[*PRESENT, "missing", "events_count"])
    return event.pk


def tell(case: Case, what: str, *, at: datetime, data: Mapping[str, Any] | None = None, reason: str = "") -> None:
    """Audit `cases.<what>` about the case and record it as a fact; both carry its number.

    Neither names the account: who must not see a case (clause A7) must not read of it in the account's journal.
    """
    facts = {"case_id": case.pk, "number": case.number, **(data or {})}
    verb = f"cases.{what}"
    audit.record(verb, target_kind="case", target_id=case.pk, at=at, data=facts, reason=reason)
    outbox.record(verb, at=at, payload=facts)


def note_due(case: Case) -> None:
    """Write on the case's row which of the company's clocks ends first; None where none runs."""
    running = CaseClock.objects.filter(case=case, kind__in=OURS, state=ClockState.RUNNING).order_by("due_at")
    case.due_at = running.values_list("due_at", flat=True).first()
    case.save(update_fields=["due_at"])


def present_of(case: Case) -> Present:
    """Return where the case stands by its row."""
    return Present(missing=tuple(case.missing), **{name: getattr(case, name) for name in PRESENT})


def check_open(case: Case) -> None:
    """Raise Conflict("case_stands_otherwise") unless an answer is owed."""
    if case.state not in OPEN_STATES:
        raise Conflict("case_stands_otherwise", number=case.number, state=case.state)

"""Terms of a case: which run, from which moment, until when, and why that day. Pure; the calendar is an argument.

    ──●────────────┬─────────┬───────────────●──▶
    start        pause    resumed          due: what was left at the pause is counted on from the day of resuming

The day of the start is not counted (Civil Code, art. 191); a term ends with the end of its last day in Moscow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from svet.kernel.calendar import WorkingCalendar
from svet.kernel.period import Period

MOSCOW = ZoneInfo("Europe/Moscow")


class ClockKind(StrEnum):
    """What a term is for. Each kind runs at most once at a time in a case."""

    ANSWER = "answer_clock"
    CHECK = "charges_check_clock"
    MONEY = "money_back_clock"
    DATA = "data_clock"
    LATER_LETTER = "later_letter_clock"
    GRID = "grid_clock"


OURS = (ClockKind.ANSWER, ClockKind.CHECK, ClockKind.MONEY, ClockKind.LATER_LETTER)
"""Terms that the company keeps; of the others it waits for somebody else."""

FROM_THE_START = (ClockKind.ANSWER, ClockKind.CHECK, ClockKind.MONEY)
"""Terms that begin by themselves when a case is registered."""


class TermUnit(StrEnum):
    """In what a term is counted."""

    CALENDAR = "calendar_days"
    WORKING = "working_days"
    HOURS = "hours"


class CountedFrom(StrEnum):
    """From which moment a term is counted."""

    REGISTERED = "from_registration"
    RECEIVED = "from_receipt"
    STARTED = "from_its_start"


class Roll(StrEnum):
    """What happens to a last day that is a day off."""

    KEEP = "keep_day_off"
    NEXT = "next_working_day"
    PREVIOUS = "previous_working_day"


class Awaited(StrEnum):
    """Whose word ends a pause before its last day."""

    APPLICANT = "awaits_applicant"
    GRID = "awaits_grid"


LONGEST_PAUSE_DAYS = 365


class ClockState(StrEnum):
    """Where a term stands; a stopped one is never touched again."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Term:
    """A row of the reference table. An empty selector means any."""

    id: int
    code: str
    clock: str
    period: Period
    days: int
    unit: str
    counted_from: str
    roll: str
    warn_before: int
    most_extension: int
    source: str
    subject: str = ""
    case_kind: str = ""
    channel: str = ""
    applicant_kind: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The case for which terms are asked; `subjects` are its subject and those above it, the narrowest first."""

    subjects: tuple[str, ...]
    case_kind: str
    channel: str
    applicant_kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Due:
    """The moment by which it must be done, and the steps that lead to it (JSON-safe)."""

    at: datetime
    because: tuple[dict[str, Any], ...]


def choose(terms: Iterable[Term], *, asked: Asked) -> dict[str, Term]:
    """Return for each kind of clock the term that fits the case most narrowly: by subject, kind, channel, applicant.

    On equal narrowness the shorter term is taken, so that nobody waits longer than some rule allows.
    """
    best: dict[str, Term] = {}
    for term in terms:
        if not _fits(term, asked):
            continue
        other = best.get(term.clock)
        if other is None or _narrowness(term, asked) > _narrowness(other, asked):
            best[term.clock] = term
    return best


def due(term: Term, *, start: datetime, calendar: WorkingCalendar) -> Due:
    """Return the moment at which the term ends. Raise ValueError beyond the calendar.

    Thirty calendar days from 18.11.2026 end with 18.12.2026.
    """
    began = {"step": "start", "at": start.isoformat(), "from": term.counted_from, "source": term.source}
    if term.unit == TermUnit.HOURS:
        return Due(start + timedelta(hours=term.days), (began, _counted(term)))
    started_on = start.astimezone(MOSCOW).date()
    if term.unit == TermUnit.WORKING:
        last_on = calendar.add_working_days(started_on, term.days)
        off = _days_off(started_on, last_on, calendar)
        return Due(end_of(last_on), (began, _counted(term), {"step": "days_off", "days": off}))
    last_on = started_on + timedelta(days=term.days)
    rolled_on = _rolled(last_on, roll=term.roll, calendar=calendar)
    steps = [began, _counted(term)]
    if rolled_on != last_on:
        steps.append({"step": "rolled", "from": last_on.isoformat(), "to": rolled_on.isoformat(), "roll": term.roll})
    return Due(end_of(rolled_on), tuple(steps))


def resumed(
    due_at: datetime, *, paused_at: datetime, at: datetime, unit: str, calendar: WorkingCalendar
) -> tuple[datetime, dict[str, Any]]:
    """Return the new moment of a term that stood still, and the step that says so: what was left is counted on.

    A term that was overdue when it was paused stays as it was.
    """
    if unit == TermUnit.HOURS or due_at <= paused_at:
        later = due_at + (at - paused_at) if due_at > paused_at else due_at
        return later, {"step": "resumed", "paused_at": paused_at.isoformat(), "at": at.isoformat()}
    paused_on, resumed_on, last_on = (one.astimezone(MOSCOW).date() for one in (paused_at, at, last_moment(due_at)))
    if unit == TermUnit.WORKING:
        left = sum(calendar.is_working(paused_on + timedelta(days=n)) for n in range(1, (last_on - paused_on).days + 1))
        new_on = calendar.add_working_days(resumed_on, left)
    else:
        left = (last_on - paused_on).days
        new_on = resumed_on + timedelta(days=left)
    step = {"step": "resumed", "paused_on": paused_on.isoformat(), "on": resumed_on.isoformat(), "left": left}
    return end_of(new_on), step


def extended(due_at: datetime, *, days: int) -> tuple[datetime, dict[str, Any]]:
    """Return the moment `days` calendar days later, and the step that says so."""
    last_on = last_moment(due_at).astimezone(MOSCOW).date()
    new_on = last_on + timedelta(days=days)
    return end_of(new_on), {"step": "extended", "from": last_on.isoformat(), "to": new_on.isoformat(), "days": days}


def end_of(day: date) -> datetime:
    """Return the moment with which a day ends in Moscow.

    >>> end_of(date(2026, 12, 18)).isoformat()
    '2026-12-19T00:00:00+03:00'
    """
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=MOSCOW)


def last_moment(due_at: datetime) -> datetime:
    """Return a moment within the last day of a term."""
    return due_at - timedelta(microseconds=1)


def warn_at(due_at: datetime, *, days: int) -> datetime:
    """Return from which moment a term is worth a warning.

    >>> warn_at(end_of(date(2026, 12, 18)), days=3).date().isoformat()
    '2026-12-16'
    """
    return due_at - timedelta(days=days)


def _fits(term: Term, asked: Asked) -> bool:
    selectors: Sequence[tuple[str, tuple[str, ...]]] = (
        (term.subject, asked.subjects),
        (term.case_kind, (asked.case_kind,)),
        (term.channel, (asked.channel,)),
        (term.applicant_kind, (asked.applicant_kind,)),
    )
    return asked.on in term.period and all(not wanted or wanted in given for wanted, given in selectors)


def _narrowness(term: Term, asked: Asked) -> tuple[int, ...]:
    depth = len(asked.subjects) - asked.subjects.index(term.subject) if term.subject else 0
    return depth, bool(term.case_kind), bool(term.channel), bool(term.applicant_kind), -term.days


def _rolled(day: date, *, roll: str, calendar: WorkingCalendar) -> date:
    if roll == Roll.NEXT:
        return calendar.next_working(day)
    while roll == Roll.PREVIOUS and not calendar.is_working(day):
        day -= timedelta(days=1)
    return day


def _counted(term: Term) -> dict[str, Any]:
    return {"step": "counted", "count": term.days, "unit": term.unit}


def _days_off(first_on: date, last_on: date, calendar: WorkingCalendar) -> list[str]:
    days = (first_on + timedelta(days=n) for n in range(1, (last_on - first_on).days + 1))
    return [day.isoformat() for day in days if not calendar.is_working(day)]

"""Clocks of a case: they start by the reference table, stand still or are extended only with a reason and a notice
to the applicant, and stop. What a stopped clock was is never computed anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from svet.domains.cases.actions import letters
from svet.domains.cases.actions.events import append, check_open, locked, note_due, tell
from svet.domains.cases.models import Case, CaseClock
from svet.domains.cases.queries.reference import subject, term_for, terms
from svet.domains.cases.rules.clocks import (
    FROM_THE_START,
    LONGEST_PAUSE_DAYS,
    OURS,
    Asked,
    Awaited,
    ClockKind,
    ClockState,
    CountedFrom,
    Due,
    Term,
    choose,
    due,
    end_of,
    extended,
    last_moment,
    resumed,
    warn_at,
)
from svet.domains.cases.rules.register import EXTENSION, OPEN_STATES, EventKind
from svet.domains.tariffs import queries as tariffs
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, DomainError

E = EventKind
NEW_TERM = "{срок}"
"""What stands in the text of a notice for the day that is known only later."""


def start_first(case: Case, *, applicant_kind: str, outside: tuple[date, str] | None = None) -> None:
    """Start the clocks of a case just registered; `outside`: the last day that another system set, and its source."""
    on = case.registered_at.astimezone(MOSCOW).date()
    asked = Asked(subject(case.subject, on=on).chain, case.kind, case.channel, applicant_kind, on)
    chosen = choose(terms(on), asked=asked)
    calendar = tariffs.working_calendar()
    for kind in FROM_THE_START:
        term = chosen.get(kind)
        if term is None:
            continue
        found = due(term, start=_start(term, case, case.registered_at), calendar=calendar)
        if kind is ClockKind.ANSWER and outside is not None:
            step = {"step": "outside", "on": outside[0].isoformat(), "source": outside[1]}
            found = Due(end_of(outside[0]), (step,))
        _start_clock(case, kind, term, found, at=case.registered_at, by=case.registered_by_id)
    note_due(case)


def start(case: Case, kind: ClockKind, *, at: datetime, by: int | None, address: str = "") -> CaseClock | None:
    """Start a clock by its general term from now; None where such a clock runs in the case already."""
    if CaseClock.objects.filter(case=case, kind=kind).exclude(state=ClockState.STOPPED).exists():
        return None
    term = term_for(kind, on=at.astimezone(MOSCOW).date())
    found = due(term, start=at, calendar=tariffs.working_calendar())
    clock = _start_clock(case, kind, term, found, at=at, by=by, address=address)
    note_due(case)
    return clock


def stop(case: Case, kinds: Sequence[ClockKind], *, at: datetime, by: int | None, why: str) -> None:
    """Stop the case's clocks of these kinds that still run or stand."""
    found = CaseClock.objects.filter(case=case, kind__in=kinds).exclude(state=ClockState.STOPPED)
    for clock in list(found.order_by("pk")):
        clock.state, clock.stopped_at = ClockState.STOPPED, at
        clock.save(update_fields=["state", "stopped_at"])
        late = at > clock.due_at
        append(case, E.CLOCK_STOPPED, at=at, by=by, data={"clock": clock.kind, "why": why, "late": late})
    note_due(case)


def recount(case: Case, *, applicant_kind: str, at: datetime, by: int | None) -> None:
    """Start clocks that the case's new subject or kind asks for; one whose term is another is stopped and begun anew.

    Terms are those of the day of registration, counted from the same moments, so nothing is won by renaming; after a
    reopening, from when the old one began. What was extended, or set by another system, stands.
    """
    on = case.registered_at.astimezone(MOSCOW).date()
    chain = subject(case.subject, on=at.astimezone(MOSCOW).date()).chain
    chosen = choose(terms(on), asked=Asked(chain, case.kind, case.channel, applicant_kind, on))
    calendar = tariffs.working_calendar()
    for kind in FROM_THE_START:
        wanted = chosen.get(kind)
        running = CaseClock.objects.filter(case=case, kind=kind).exclude(state=ClockState.STOPPED).first()
        if running is not None and (wanted is None or wanted.id == running.term_id or _stands(running)):
            if wanted is None and not _stands(running):
                stop(case, [kind], at=at, by=by, why="classified")
            continue
        if wanted is None or (case.reopened and kind is not ClockKind.ANSWER):
            continue
        began = _start(wanted, case, at)
        if running is not None:
            stop(case, [kind], at=at, by=by, why="classified")
            began = running.started_at if case.reopened else began
        _start_clock(case, kind, wanted, due(wanted, start=began, calendar=calendar), at=at, by=by)
    note_due(case)


def _stands(clock: CaseClock) -> bool:
    """Say whether a running clock must not be replaced: people extended it, or another system set it."""
    return clock.extended_days > 0 or any(step.get("step") == "outside" for step in clock.because)


def pause_clock(
    case_id: int,
    *,
    kind: ClockKind,
    reason: str,
    notice: str,
    until: date,
    resume_notice: str,
    by: int,
    at: datetime,
    awaits: Awaited | None = None,
) -> None:
    """Let a running clock of the company stand until the end of a day, or until an answer comes, telling the applicant.

    `resume_notice` goes to him when the clock runs on to another day; `NEW_TERM` in it becomes that day. Raises
    DomainError("reason_is_needed"), ("notice_is_needed"), ("notice_has_no_term"), ("pause_ends_wrongly"),
    Conflict("clock_does_not_run").
    """
    _said(reason, notice)
    on = at.astimezone(MOSCOW).date()
    if not on <= until <= on + timedelta(days=LONGEST_PAUSE_DAYS):
        raise DomainError("pause_ends_wrongly", most=LONGEST_PAUSE_DAYS)
    if NEW_TERM not in resume_notice:
        raise DomainError("notice_has_no_term", term=NEW_TERM)
    with transaction.atomic():
        case = locked(case_id)
        check_open(case)
        clock = _running(case, kind)
        clock.state, clock.paused_at = ClockState.PAUSED, at
        clock.paused_until, clock.awaits = until, awaits or ""
        clock.resume_notice = letters.clean(resume_notice)[:4000]
        clock.save()
        data = {"clock": kind.value, "reason": reason.strip()[:500], "until": until.isoformat(), "awaits": clock.awaits}
        append(case, E.CLOCK_PAUSED, at=at, by=by, data=data)
        letters.write(case, text=notice, at=at, by=by)
        note_due(case)
        tell(case, "clock_paused", at=at, data=data, reason=reason.strip())


def resume_clock(case_id: int, *, kind: ClockKind, by: int, at: datetime) -> None:
    """Let a standing clock run on: what was left at the pause is counted on from now.

    Raises Conflict("clock_does_not_stand").
    """
    with transaction.atomic():
        case = locked(case_id)
        clock = CaseClock.objects.filter(case=case, kind=kind, state=ClockState.PAUSED).first()
        if clock is None:
            raise Conflict("clock_does_not_stand")
        _run_on(case, clock, at=at, by=by)


def resume_awaiting(case: Case, awaited: Awaited, *, at: datetime, by: int | None) -> None:
    """Let the clocks of a locked case run on that stood until this answer came."""
    standing = CaseClock.objects.filter(case=case, state=ClockState.PAUSED, awaits=awaited).order_by("pk")
    for clock in list(standing):
        _run_on(case, clock, at=at, by=by, why=_CAME[awaited])


def end_pauses(*, at: datetime, limit: int = 500) -> int:
    """Let the clocks run on whose last day of standing is over; return how many. Each case is a transaction."""
    over = CaseClock.objects.filter(state=ClockState.PAUSED, paused_until__lt=at.astimezone(MOSCOW).date())
    waiting = list(over.order_by("paused_until", "pk").values_list("pk", "case_id")[:limit])
    for clock_id, case_id in waiting:
        with transaction.atomic():
            case = locked(case_id)
            clock = CaseClock.objects.get(pk=clock_id)
            if clock.state == ClockState.PAUSED:
                _run_on(case, clock, at=at, by=None, why="pause_is_over")
    return len(waiting)


_CAME = {Awaited.APPLICANT: "applicant_has_answered", Awaited.GRID: "grid_has_answered"}


def _run_on(case: Case, clock: CaseClock, *, at: datetime, by: int | None, why: str = "") -> None:
    """Let a standing clock of a locked case run on, and tell the applicant the new day when it is another."""
    if clock.paused_at is None:
        raise Conflict("clock_does_not_stand")
    before, notice = clock.due_at, clock.resume_notice
    due_at, step = resumed(
        clock.due_at, paused_at=clock.paused_at, at=at, unit=clock.unit, calendar=tariffs.working_calendar()
    )
    _move(clock, due_at, step)
    clock.state, clock.paused_at, clock.paused_until = ClockState.RUNNING, None, None
    clock.awaits = clock.resume_notice = ""
    clock.save()
    data = {"clock": clock.kind, "due_at": due_at.isoformat(), "reason": why}
    append(case, E.CLOCK_RESUMED, at=at, by=by, data=data)
    if notice and due_at != before and case.state in OPEN_STATES:
        day = last_moment(due_at).astimezone(MOSCOW).date()
        letters.write(case, text=notice.replace(NEW_TERM, f"{day:%d.%m.%Y}"), at=at, by=by)
    note_due(case)
    tell(case, "clock_resumed", at=at, data=data)


def extend_clock(
    case_id: int, *, days: int, reason: str, notice: str, by: int, at: datetime, kind: ClockKind = ClockKind.ANSWER
) -> datetime:
    """Extend a running clock by calendar days and tell the applicant; return the new moment.

    Raises DomainError("reason_is_needed"), ("notice_is_needed"), ("extension_is_too_long") with the most that is left,
    Conflict("clock_is_overdue") when the term has ended already, ("clock_does_not_run").
    """
    _said(reason, notice)
    with transaction.atomic():
        case = locked(case_id)
        clock = _running(case, kind)
        if at >= clock.due_at:
            raise Conflict("clock_is_overdue")
        left = clock.term.most_extension - clock.extended_days
        if not 0 < days <= left:
            raise DomainError("extension_is_too_long", most=max(left, 0))
        due_at, step = extended(clock.due_at, days=days)
        _move(clock, due_at, {**step, "reason": reason.strip()[:500]})
        clock.extended_days += days
        clock.save()
        data = {"clock": kind.value, "days": days, "due_at": due_at.isoformat(), "reason": reason.strip()[:500]}
        event_id = append(case, E.CLOCK_EXTENDED, at=at, by=by, data=data)
        letter = letters.write(case, text=notice, at=at, by=by, key=f"{EXTENSION}{event_id}")
        note_due(case)
        tell(case, "clock_extended", at=at, data={**data, "letter_id": letter.pk}, reason=reason.strip())
    return due_at


def await_grid(case_id: int, *, question: str, address: str = "", by: int, at: datetime) -> None:
    """Note that the grid company was asked (by e-mail where an address is given) and start its clock.

    Raises DomainError("letter_is_empty"), Conflict("grid_is_asked").
    """
    if not question.strip():
        raise DomainError("letter_is_empty")
    with transaction.atomic():
        case = locked(case_id)
        check_open(case)
        if start(case, ClockKind.GRID, at=at, by=by, address=address.strip()[:254]) is None:
            raise Conflict("grid_is_asked")
        append(case, E.NOTED, at=at, by=by, data={"text": question.strip()[:4000], "to": "grid"})
        tell(case, "grid_asked", at=at, data={"text": question.strip()[:4000], "address": address.strip()[:254]})


def grid_answered(case_id: int, *, text: str, by: int, at: datetime) -> None:
    """Note what the grid company answered and stop its clock; raise Conflict("clock_does_not_run")."""
    with transaction.atomic():
        case = locked(case_id)
        _running(case, ClockKind.GRID)
        stop(case, [ClockKind.GRID], at=at, by=by, why="grid_answered")
        resume_awaiting(case, Awaited.GRID, at=at, by=by)
        append(case, E.NOTED, at=at, by=by, data={"text": text.strip()[:4000], "from": "grid"})
        tell(case, "grid_answered", at=at)


def tend_clocks(*, at: datetime, limit: int = 500) -> int:
    """Warn of terms that come near, escalate those that passed, remind the silent grid company; return how many.

    Each case is a transaction of its own, so one that is busy does not keep the others.
    """
    due_now = CaseClock.objects.filter(
        Q(warned_at=None) | Q(due_at__lte=at), state=ClockState.RUNNING, escalated_at=None, warn_at__lte=at
    )
    waiting = list(due_now.order_by("warn_at").values_list("pk", "case_id")[:limit])
    for clock_id, case_id in waiting:
        with transaction.atomic():
            case = locked(case_id)
            clock = CaseClock.objects.get(pk=clock_id)
            if clock.state == ClockState.RUNNING:
                _tend(case, clock, at=at)
    return len(waiting)


def _tend(case: Case, clock: CaseClock, *, at: datetime) -> None:
    data: dict[str, Any] = {"clock": clock.kind, "due_at": clock.due_at.isoformat(), "assignee_id": case.assignee_id}
    if clock.due_at > at:
        if clock.warned_at is None:
            clock.warned_at = at
            clock.save(update_fields=["warned_at"])
            append(case, E.WARNED, at=at, by=None, data=data)
            tell(case, "term_is_near", at=at, data=data)
        return
    clock.escalated_at = at
    clock.save(update_fields=["escalated_at"])
    if clock.kind == ClockKind.GRID:
        stop(case, [ClockKind.GRID], at=at, by=None, why="grid_is_silent")
        append(case, E.GRID_REMINDED, at=at, by=None, data=data)
        start(case, ClockKind.GRID, at=at, by=None, address=clock.address)
        tell(case, "grid_is_silent", at=at, data={**data, "address": clock.address})
        return
    what = E.ESCALATED if clock.kind in OURS else E.WARNED
    append(case, what, at=at, by=None, data=data)
    tell(case, "term_passed", at=at, data=data)


def _start(term: Term, case: Case, at: datetime) -> datetime:
    if term.counted_from == CountedFrom.RECEIVED:
        return case.received_at
    return case.registered_at if term.counted_from == CountedFrom.REGISTERED else at


def _start_clock(
    case: Case, kind: ClockKind, term: Term, found: Due, *, at: datetime, by: int | None, address: str = ""
) -> CaseClock:
    clock = CaseClock.objects.create(
        case=case,
        kind=kind,
        term_id=term.id,
        unit=term.unit,
        started_at=at,
        first_due_at=found.at,
        due_at=found.at,
        warn_at=warn_at(found.at, days=term.warn_before),
        because=list(found.because),
        address=address,
    )
    append(case, E.CLOCK_STARTED, at=at, by=by, data={"clock": kind.value, "due_at": found.at.isoformat()})
    return clock


def _move(clock: CaseClock, due_at: datetime, step: dict[str, Any]) -> None:
    clock.due_at, clock.because = due_at, [*clock.because, step]
    clock.warn_at, clock.warned_at, clock.escalated_at = warn_at(due_at, days=clock.term.warn_before), None, None


def _running(case: Case, kind: ClockKind) -> CaseClock:
    found = CaseClock.objects.select_related("term").filter(case=case, kind=kind, state=ClockState.RUNNING).first()
    if found is None:
        raise Conflict("clock_does_not_run")
    return found


def _said(reason: str, notice: str) -> None:
    if not reason.strip():
        raise DomainError("reason_is_needed")
    if not notice.strip():
        raise DomainError("notice_is_needed")

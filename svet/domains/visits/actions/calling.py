"""A window calls, begins, holds, transfers, finishes; a supervisor puts somebody first. One lock per hall."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.visits import queries
from svet.domains.visits.actions.telling import lock_hall, locked_ticket, tell
from svet.domains.visits.models import Duty, Series, Ticket, Window
from svet.domains.visits.queries import TicketView
from svet.domains.visits.queries.line import recent_reasons
from svet.domains.visits.rules import ON_THE_BOARD, Happened, Reason, State
from svet.domains.visits.rules.order import may_call, next_ticket
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, DomainError, NotFound


def call_next(operator_id: int, *, at: datetime) -> TicketView | None:
    """Call whoever is next for the operator's window; None when nobody waits for it.

    Raises Conflict("not_at_a_window"), ("window_is_paused"), ("finish_the_visitor_first").
    """
    with transaction.atomic():
        duty = _free_duty(operator_id)
        window, day = duty.window, at.astimezone(MOSCOW).date()
        line = queries.hall_line(window.office_code, day=day)
        serves = frozenset(duty.series)
        mine = [
            one.waiting
            for one in line
            if one.state == State.WAITING and may_call(one.waiting, window_id=window.pk, series=serves)
        ]
        choice = next_ticket(
            mine,
            recent=recent_reasons(window.office_code).get(window.pk, []),
            at=at,
            terms=queries.rules_on(day).order,
        )
        if choice is None:
            return None
        row = Ticket.objects.select_related("series").get(pk=choice.ticket_id)
        by_hand = choice.reason == Reason.RETURNED and not row.returned
        reason = Reason.BY_HAND if by_hand else choice.reason
        _call(row, duty, reason=reason, passed_over=choice.passed_over, at=at)
    return queries.ticket(row.pk, office_code=row.office_code)


def recall(operator_id: int, *, at: datetime) -> None:
    """Call the same number once more; raise Conflict("nobody_is_called")."""
    with transaction.atomic():
        row = _at_window(operator_id, {State.CALLED})
        tell(row, Happened.RECALLED, at=at, by=operator_id)


def begin(operator_id: int, *, contact_id: int, at: datetime) -> None:
    """The visitor has come to the window; raise Conflict("nobody_is_called")."""
    with transaction.atomic():
        row = _at_window(operator_id, {State.CALLED})
        row.state, row.begun_at, row.contact_id = State.SERVING, at, contact_id
        tell(row, Happened.BEGUN, at=at, by=operator_id, contact_id=contact_id)


def miss(operator_id: int, *, at: datetime) -> None:
    """Nobody came to the window; the number may come back once. Raises Conflict("nobody_is_called")."""
    with transaction.atomic():
        row = _at_window(operator_id, {State.CALLED})
        row.state, row.ended_at, row.missed = State.NO_SHOW, at, row.missed + 1
        tell(row, Happened.MISSED, at=at, by=operator_id)


def hold(operator_id: int, *, at: datetime) -> None:
    """Let the visitor fill in a form and come back to the head; raise Conflict("nobody_is_served")."""
    with transaction.atomic():
        row = _at_window(operator_id, {State.SERVING})
        row.state = State.HELD
        tell(row, Happened.HELD, at=at, by=operator_id)


def transfer(operator_id: int, *, series: str = "", window: int | None = None, at: datetime, note: str = "") -> None:
    """Send the visitor to another service or to a window by its number; he keeps the time he waits from.

    Raises Conflict("nobody_is_served"), NotFound("no_such_series"), NotFound("no_such_window").
    """
    with transaction.atomic():
        row = _at_window(operator_id, {State.SERVING})
        if series:
            row.series = _series(series)
        row.for_window = _working(row.office_code, window) if window is not None else None
        row.state, row.returned = State.WAITING, False
        tell(row, Happened.TRANSFERRED, at=at, by=operator_id, note=note.strip())
        row.window, row.duty = None, None
        row.save(update_fields=["window", "duty"])


def finish(operator_id: int, *, at: datetime) -> TicketView:
    """End the visit; raise Conflict("nobody_is_served")."""
    with transaction.atomic():
        row = _at_window(operator_id, {State.SERVING})
        row.state, row.ended_at = State.SERVED, at
        tell(row, Happened.FINISHED, at=at, by=operator_id)
    return queries.ticket(row.pk, office_code=row.office_code)


def put_first(ticket_id: int, *, office_code: str, why: str, by: int, at: datetime) -> None:
    """Put somebody who waits before all others, with a reason.

    Raises NotFound, DomainError("hall_reason_is_needed"), Conflict("ticket_is_not_waiting").
    """
    if not why.strip():
        raise DomainError("hall_reason_is_needed")
    with transaction.atomic():
        row = locked_ticket(ticket_id, office_code=office_code)
        if row.state != State.WAITING:
            raise Conflict("ticket_is_not_waiting")
        row.put_first = True
        tell(row, Happened.PUT_FIRST, at=at, by=by, note=why.strip())


def _free_duty(operator_id: int) -> Duty:
    """Lock the hall and return the operator's work at a window that has no visitor."""
    duty = Duty.objects.select_related("window").filter(operator_id=operator_id, ended_at=None).first()
    if duty is None:
        raise Conflict("not_at_a_window")
    lock_hall(duty.window.office_code)
    duty.refresh_from_db(fields=["ended_at", "paused_at", "series"])
    if duty.ended_at is not None:
        raise Conflict("not_at_a_window")
    if duty.paused_at is not None:
        raise Conflict("window_is_paused")
    if Ticket.objects.filter(duty=duty, state__in=ON_THE_BOARD).exists():
        raise Conflict("finish_the_visitor_first")
    return duty


def _call(row: Ticket, duty: Duty, *, reason: Reason, passed_over: int, at: datetime) -> None:
    row.state, row.window, row.duty, row.called_at = State.CALLED, duty.window, duty, at
    row.first_called_at = row.first_called_at or at
    row.call_reason = reason
    tell(row, Happened.CALLED, at=at, by=duty.operator_id, reason=reason, passed_over=passed_over)


def _at_window(operator_id: int, states: set[State]) -> Ticket:
    """Lock the hall and return who is at the operator's window."""
    duty = Duty.objects.select_related("window").filter(operator_id=operator_id, ended_at=None).first()
    if duty is None:
        raise Conflict("not_at_a_window")
    lock_hall(duty.window.office_code)
    row = Ticket.objects.select_related("series").filter(duty=duty, state__in=states).first()
    if row is None:
        raise Conflict("nobody_is_called" if State.CALLED in states else "nobody_is_served")
    return row


def _series(code: str) -> Series:
    row = Series.objects.filter(code=code, active=True).first()
    if row is None:
        raise NotFound("no_such_series", series=code)
    return row


def _working(office_code: str, number: int) -> Window:
    row = Window.objects.filter(office_code=office_code, number=number, active=True, duties__ended_at=None).first()
    if row is None:
        raise NotFound("no_such_window", window=number)
    return row

"""Who works at which window: sits down, chooses what to serve, pauses, leaves; a supervisor may send away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from svet.domains.visits.actions.telling import lock_hall, tell
from svet.domains.visits.models import Duty, Series, Ticket, Window
from svet.domains.visits.rules import ON_THE_BOARD, Happened, State
from svet.infra import audit
from svet.kernel.errors import Conflict, DomainError, NotFound


def sit_down(window_id: int, *, operator_id: int, services: Iterable[str] = (), at: datetime) -> int:
    """Begin work at a window, by default with all that it can serve; sitting there already changes nothing.

    Raises NotFound("no_such_window"), Conflict("window_is_taken"), Conflict("already_at_a_window").
    """
    with transaction.atomic():
        window = Window.objects.filter(pk=window_id, active=True).first()
        if window is None:
            raise NotFound("no_such_window", window=window_id)
        lock_hall(window.office_code)
        own = Duty.objects.filter(operator_id=operator_id, ended_at=None).first()
        if own is not None and own.window_id == window_id:
            return own.pk
        if own is not None:
            raise Conflict("already_at_a_window")
        try:
            with transaction.atomic():
                duty = Duty.objects.create(
                    window=window, operator_id=operator_id, series=_chosen(window, services), began_at=at
                )
        except IntegrityError as error:
            raise Conflict("window_is_taken") from error
        _record("sat_down", duty, at=at)
    return duty.pk


def change_services(operator_id: int, services: Iterable[str], *, at: datetime) -> None:
    """Serve other things from now on; raise Conflict("not_at_a_window"), DomainError("service_is_needed")."""
    with transaction.atomic():
        duty = _own(operator_id)
        duty.series = _chosen(duty.window, services)
        duty.save(update_fields=["series"])
        _record("changed_services", duty, at=at)


def pause(operator_id: int, *, why: str, at: datetime) -> None:
    """Stop calling for a while. Raises Conflict("not_at_a_window"), ("finish_the_visitor_first"), DomainError."""
    if not why.strip():
        raise DomainError("hall_reason_is_needed")
    with transaction.atomic():
        duty = _own(operator_id)
        if Ticket.objects.filter(duty=duty, state__in=ON_THE_BOARD).exists():
            raise Conflict("finish_the_visitor_first")
        duty.paused_at, duty.pause_reason = at, why.strip()[:120]
        duty.save(update_fields=["paused_at", "pause_reason"])
        _record("paused", duty, at=at, reason=duty.pause_reason)


def resume(operator_id: int, *, at: datetime) -> None:
    """Go on calling; raise Conflict("not_at_a_window")."""
    with transaction.atomic():
        duty = _own(operator_id)
        duty.paused_at, duty.pause_reason = None, ""
        duty.save(update_fields=["paused_at", "pause_reason"])
        _record("resumed", duty, at=at)


def leave(operator_id: int, *, at: datetime) -> None:
    """End work at the window. Raises Conflict("not_at_a_window"), Conflict("finish_the_visitor_first")."""
    with transaction.atomic():
        duty = _own(operator_id)
        if Ticket.objects.filter(duty=duty, state=State.SERVING).exists():
            raise Conflict("finish_the_visitor_first")
        end(duty, at=at, by=operator_id)


def send_away(window_id: int, *, office_code: str, why: str, by: int, at: datetime) -> None:
    """Free a window whose operator left it: its visitor goes to the head of the queue.

    Raises DomainError("hall_reason_is_needed"), Conflict("nobody_works_there").
    """
    if not why.strip():
        raise DomainError("hall_reason_is_needed")
    with transaction.atomic():
        lock_hall(office_code)
        found = Duty.objects.select_related("window").filter(window_id=window_id, ended_at=None)
        duty = found.filter(window__office_code=office_code).first()
        if duty is None:
            raise Conflict("nobody_works_there")
        end(duty, at=at, by=by, reason=why.strip())


def end(duty: Duty, *, at: datetime, by: int | None, reason: str = "") -> None:
    """End a duty inside the transaction that locked the hall: nobody is left waiting for a window without a person."""
    for row in Ticket.objects.select_related("series").filter(duty=duty, state__in=ON_THE_BOARD):
        row.state, row.returned, row.counts_from = State.WAITING, True, at
        tell(row, Happened.CALLED_OFF, at=at, by=by, note=reason)
        row.window, row.duty = None, None
        row.save(update_fields=["window", "duty"])
    Ticket.objects.filter(for_window=duty.window, state=State.WAITING).update(for_window=None)
    duty.ended_at = max(at, duty.began_at)
    duty.save(update_fields=["ended_at"])
    _record("left", duty, at=at, reason=reason)


def _own(operator_id: int) -> Duty:
    duty = Duty.objects.select_related("window").filter(operator_id=operator_id, ended_at=None).first()
    if duty is None:
        raise Conflict("not_at_a_window")
    lock_hall(duty.window.office_code)
    return duty


def _chosen(window: Window, services: Iterable[str]) -> list[str]:
    """Return what is served: of the chosen what the window can, of nothing chosen all of it."""
    known = list(Series.objects.filter(active=True).order_by("order", "code").values_list("code", flat=True))
    can = [code for code in known if not window.series or code in window.series]
    wanted = set(services)
    chosen = [code for code in can if code in wanted] if wanted else can
    if not chosen:
        raise DomainError("service_is_needed")
    return chosen


def _record(verb: str, duty: Duty, *, at: datetime, reason: str = "") -> None:
    data = {"window": duty.window_id, "operator": duty.operator_id, "series": duty.series}
    audit.record(f"visits.{verb}", target_kind="duty", target_id=duty.pk, at=at, data=data, reason=reason)

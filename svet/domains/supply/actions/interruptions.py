"""Supply that failed at a point: recorded once for the time it took, undone when it never was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from svet.domains.supply.models import Interruption, InterruptionUndone, OngoingPoint, SupplyEvent
from svet.domains.supply.rules import InterruptionKind, OngoingStepKind
from svet.infra import audit, outbox
from svet.infra.locking import lock_names, lock_row, lock_rows
from svet.kernel.errors import Conflict, DomainError, NotFound


class InterruptionRefused(DomainError):
    """An interruption is over, took time, has a reason and one or two sources. `why` says what is amiss."""

    code = "interruption_refused"


def record_interruption(
    supply_point_id: int,
    *,
    kind: InterruptionKind,
    from_at: datetime,
    until_at: datetime,
    independent_sources: int = 1,
    reason: str,
    event_id: int | None = None,
    by: int | None,
    at: datetime,
) -> int:
    """Record that supply failed at a point; return the id. The same said again gets the same id.

    Raises NotFound, `InterruptionRefused`, Conflict("interruption_overlaps") with another one that stands.
    """
    amiss = {
        "no_reason": not reason.strip(),
        "no_time": until_at <= from_at,
        "not_over": until_at > at,
        "sources": independent_sources not in (1, 2),
    }
    for why, is_so in amiss.items():
        if is_so:
            raise InterruptionRefused(why=why)
    with transaction.atomic():
        lock_row("supply_point", supply_point_id)
        beside = Interruption.objects.filter(
            supply_point_id=supply_point_id, undone=None, from_at__lt=until_at, until_at__gt=from_at
        ).first()
        if beside is not None:
            if (beside.kind, beside.from_at, beside.until_at) == (kind, from_at, until_at):
                return beside.pk
            raise Conflict("interruption_overlaps", interruption=beside.pk)
        meeting = OngoingPoint.objects.filter(supply_point_id=supply_point_id, ongoing__from_at__lt=until_at)
        if meeting.exclude(ongoing__steps__kind__in=(OngoingStepKind.ENDED, OngoingStepKind.WITHDRAWN)).exists():
            raise Conflict("interruption_overlaps", supply_point=supply_point_id)
        made = Interruption.objects.create(
            supply_point_id=supply_point_id,
            event_id=event_id,
            kind=kind,
            from_at=from_at,
            until_at=until_at,
            independent_sources=independent_sources,
            reason=reason.strip(),
            recorded_at=at,
            recorded_by=by,
        )
        told = {"kind": str(kind), "from_at": from_at.isoformat(), "until_at": until_at.isoformat()}
        _record("record_interruption", made, told, reason=reason, at=at)
    return made.pk


def undo_interruption(interruption_id: int, *, reason: str, by: int | None, at: datetime) -> None:
    """Undo an interruption that never was; raise NotFound, `InterruptionRefused`, Conflict("interruption_undone")."""
    if not reason.strip():
        raise InterruptionRefused(why="no_reason")
    with transaction.atomic():
        found = Interruption.objects.filter(pk=interruption_id).first()
        if found is None:
            raise NotFound(interruption=interruption_id)
        lock_row("supply_point", found.supply_point_id)
        if InterruptionUndone.objects.filter(interruption=found).exists():
            raise Conflict("interruption_undone", interruption=interruption_id)
        InterruptionUndone.objects.create(interruption=found, reason=reason.strip(), recorded_at=at, recorded_by=by)
        _record("undo_interruption", found, {"kind": found.kind}, reason=reason, at=at)


def record_event(
    supply_point_ids: Sequence[int],
    *,
    request_key: str,
    place: str,
    kind: InterruptionKind,
    from_at: datetime,
    until_at: datetime,
    independent_sources: int = 1,
    reason: str,
    ongoing_id: int | None = None,
    by: int | None,
    at: datetime,
) -> int:
    """Record what happened to all these points at once; return the event's id, the same one for the same request.

    `ongoing_id` names what was registered while it went on and has ended. All of them or none. Raises what
    `record_interruption` raises, `InterruptionRefused` for no point at all.
    """
    if not supply_point_ids:
        raise InterruptionRefused(why="nowhere")
    with transaction.atomic():
        lock_names(f"supply-event-{request_key}")
        known = SupplyEvent.objects.filter(request_key=request_key).first()
        if known is not None:
            return known.pk
        terms: dict[str, Any] = {
            "kind": kind, "from_at": from_at, "until_at": until_at, "independent_sources": independent_sources,
            "reason": reason.strip(),
        }  # fmt: skip
        event = SupplyEvent.objects.create(
            request_key=request_key, place=place, ongoing_id=ongoing_id, recorded_at=at, recorded_by=by, **terms
        )
        lock_rows("supply_point", list(supply_point_ids))
        for point_id in sorted(set(supply_point_ids)):
            record_interruption(point_id, event_id=event.pk, by=by, at=at, **terms)
    return event.pk


def undo_event(event_id: int, *, reason: str, by: int | None, at: datetime) -> int:
    """Undo all of an event that still stands; return how many points. Raises NotFound, Conflict("event_undone")."""
    if not reason.strip():
        raise InterruptionRefused(why="no_reason")
    with transaction.atomic():
        if not SupplyEvent.objects.filter(pk=event_id).exists():
            raise NotFound(supply_event=event_id)
        lock_names(f"undo-supply-event-{event_id}")
        standing = list(Interruption.objects.filter(event_id=event_id, undone=None).order_by("supply_point_id"))
        if not standing:
            raise Conflict("event_undone", event=event_id)
        for one in standing:
            undo_interruption(one.pk, reason=reason, by=by, at=at)
    return len(standing)


def _record(verb: str, one: Interruption, told: dict[str, str], *, reason: str, at: datetime) -> None:
    audit.record(
        f"supply.{verb}", target_kind="supply_point", target_id=one.supply_point_id, at=at,
        data={"after": told}, reason=reason.strip(),
    )  # fmt: skip
    outbox.record(f"supply.{verb}", at=at, payload={"supply_point_id": one.supply_point_id, **told})

"""Events of supply: what happened where, to how many points, and whether it was undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from svet.domains.supply.models import Interruption, InterruptionUndone, SupplyEvent
from svet.domains.supply.rules import InterruptionKind
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class SupplyEventView:
    """An event; `points` stand of `all_points`."""

    event_id: int
    place: str
    kind: InterruptionKind
    from_at: datetime
    until_at: datetime
    independent_sources: int
    reason: str
    recorded_at: datetime
    recorded_by: int | None
    all_points: int
    points: int
    undone_reason: str = ""

    @property
    def is_undone(self) -> bool:
        """Whether nothing of it stands."""
        return self.points == 0


def supply_events(*, limit: int = 50) -> list[SupplyEventView]:
    """Return events, the latest first."""
    return [_view(row) for row in _counted().order_by("-from_at", "-pk")[:limit]]


def supply_event(event_id: int) -> SupplyEventView:
    """Return one event; raise NotFound."""
    row = _counted().filter(pk=event_id).first()
    if row is None:
        raise NotFound(supply_event=event_id)
    undone = InterruptionUndone.objects.filter(interruption__event_id=event_id).order_by("-pk").first()
    return _view(row, undone.reason if undone else "")


def event_of_request(request_key: str) -> int | None:
    """Return the event that this request made already."""
    return SupplyEvent.objects.filter(request_key=request_key).values_list("pk", flat=True).first()


def points_of_event(event_id: int) -> list[int]:
    """Return the supply points of an event."""
    rows = Interruption.objects.filter(event_id=event_id).order_by("supply_point_id")
    return list(rows.values_list("supply_point_id", flat=True))


def interrupted_then(supply_point_ids: Sequence[int], *, from_at: datetime, until_at: datetime) -> set[int]:
    """Return those of the points at which something is recorded for that time already."""
    rows = Interruption.objects.filter(
        supply_point_id__in=list(supply_point_ids), undone=None, from_at__lt=until_at, until_at__gt=from_at
    )
    return set(rows.values_list("supply_point_id", flat=True))


def _counted() -> QuerySet[SupplyEvent]:
    return SupplyEvent.objects.annotate(all_count=Count("interruptions"), undone_count=Count("interruptions__undone"))


def _view(row: SupplyEvent, undone_reason: str = "") -> SupplyEventView:
    return SupplyEventView(
        event_id=row.pk,
        place=row.place,
        kind=InterruptionKind(row.kind),
        from_at=row.from_at,
        until_at=row.until_at,
        independent_sources=row.independent_sources,
        reason=row.reason,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        all_points=row.all_count,  # type: ignore[attr-defined]
        points=row.all_count - row.undone_count,  # type: ignore[attr-defined]
        undone_reason=undone_reason,
    )

"""Supply that fails now: what is known of it by event and by place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from svet.domains.supply.models import OngoingEvent, OngoingPoint, OngoingStep, SupplyPoint
from svet.domains.supply.rules import Cause, InterruptionKind, OngoingStepKind, told_places
from svet.infra.planned import planned_rows
from svet.kernel.errors import NotFound

OVER = (OngoingStepKind.ENDED, OngoingStepKind.WITHDRAWN)
PLACES_AT_ONCE = 40
"""How many streets of an event are told."""


@dataclass(frozen=True, slots=True)
class OngoingView:
    """What is known of an interruption that goes on; `expected_at` None: nobody knows when it ends."""

    ongoing_id: int
    kind: InterruptionKind
    from_at: datetime
    cause: Cause
    expected_at: datetime | None
    told_at: datetime

    def is_late(self, now: datetime) -> bool:
        """Whether the expected end has passed."""
        return self.expected_at is not None and self.expected_at <= now


@dataclass(frozen=True, slots=True)
class OngoingLine:
    """An interruption that goes on, in a list: `place` as staff named it, `streets` for everybody."""

    known: OngoingView
    place: str
    points: int
    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndedLine:
    """An interruption that has ended and waits to be reckoned."""

    ongoing_id: int
    kind: InterruptionKind
    from_at: datetime
    ended_at: datetime
    place: str
    points: int


@dataclass(frozen=True, slots=True)
class OngoingStepView:
    """A step: what was known then."""

    kind: OngoingStepKind
    cause: Cause
    expected_at: datetime | None
    reason: str
    recorded_at: datetime
    recorded_by: int | None


@dataclass(frozen=True, slots=True)
class OngoingPageView:
    """An interruption with its steps, the latest first; `event_id` is what it became when it ended."""

    known: OngoingView
    place: str
    independent_sources: int
    points: tuple[int, ...]
    steps: tuple[OngoingStepView, ...]
    event_id: int | None

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.steps[0].kind is OngoingStepKind.TOLD

    @property
    def ended_at(self) -> datetime | None:
        """When supply was back; None while it goes on, and for what never was."""
        return self.steps[0].expected_at if self.steps[0].kind is OngoingStepKind.ENDED else None


_AT_POINTS = """
SELECT DISTINCT e.id, e.kind, e.from_at, s.cause, s.expected_at, s.recorded_at
FROM supply_ongoing_point p
JOIN supply_ongoing_event e ON e.id = p.ongoing_id
JOIN LATERAL (
    SELECT kind, cause, expected_at, recorded_at FROM supply_ongoing_step
    WHERE ongoing_id = e.id ORDER BY id DESC LIMIT 1
) s ON s.kind = 'told'
WHERE p.supply_point_id = ANY(%s::bigint[])
ORDER BY e.from_at, e.id
"""
_LINES = """
SELECT e.id, e.kind, e.from_at, s.cause, s.expected_at, s.recorded_at, e.place, m.settlement, m.street, m.house
FROM supply_ongoing_event e
JOIN LATERAL (
    SELECT kind, cause, expected_at, recorded_at FROM supply_ongoing_step
    WHERE ongoing_id = e.id ORDER BY id DESC LIMIT 1
) s ON s.kind = 'told'
JOIN supply_ongoing_point p ON p.ongoing_id = e.id
JOIN supply_point o ON o.id = p.supply_point_id
JOIN supply_premises m ON m.id = o.premises_id
WHERE NOT EXISTS (SELECT FROM supply_ongoing_step t WHERE t.ongoing_id = e.id AND t.kind <> 'told')
ORDER BY e.from_at DESC, e.id DESC
"""


def ongoing_at(supply_point_ids: Sequence[int]) -> tuple[OngoingView, ...]:
    """Return what goes on at these points, the oldest first, in one query; nothing of what has ended."""
    if not supply_point_ids:
        return ()
    return tuple(_view(*row) for row in planned_rows(_AT_POINTS, [list(supply_point_ids)]))


def all_ongoing() -> list[OngoingLine]:
    """Return everything that goes on, the latest first, in one query."""
    lines: dict[int, tuple[OngoingView, str, list[tuple[str, str, str]]]] = {}
    for row in planned_rows(_LINES, []):
        lines.setdefault(row[0], (_view(*row[:6]), row[6], []))[2].append(row[7:])
    return [
        OngoingLine(known, place, len(homes), tuple(told_places(homes)[:PLACES_AT_ONCE]))
        for known, place, homes in lines.values()
    ]


def streets_of(points: Sequence[int]) -> tuple[str, ...]:
    """Return where these points are as everybody may read it, at most `PLACES_AT_ONCE` streets."""
    homes = SupplyPoint.objects.filter(pk__in=points).values_list(
        "premises__settlement", "premises__street", "premises__house"
    )
    return tuple(told_places(homes)[:PLACES_AT_ONCE])


def ended_unreckoned() -> list[EndedLine]:
    """Return what has ended and is not recorded as an event yet, so reckoned for nobody, the earliest end first."""
    steps = OngoingStep.objects.filter(kind=OngoingStepKind.ENDED, ongoing__event=None)
    counted = steps.annotate(at_points=Count("ongoing__points")).select_related("ongoing")
    return [
        EndedLine(
            one.ongoing_id, InterruptionKind(one.ongoing.kind), one.ongoing.from_at, ended_at, one.ongoing.place,
            one.at_points,
        )
        for one in counted.order_by("expected_at", "pk")
        if (ended_at := one.expected_at) is not None
    ]  # fmt: skip


def ongoing_page(ongoing_id: int) -> OngoingPageView:
    """Return one with its steps; raise NotFound."""
    found = OngoingEvent.objects.filter(pk=ongoing_id).select_related("event").first()
    if found is None:
        raise NotFound(ongoing=ongoing_id)
    steps = tuple(_step(row) for row in found.steps.order_by("-pk"))
    known = next(one for one in steps if one.kind is OngoingStepKind.TOLD)
    points = OngoingPoint.objects.filter(ongoing=found).order_by("supply_point_id")
    return OngoingPageView(
        known=_view(found.pk, found.kind, found.from_at, known.cause, known.expected_at, known.recorded_at),
        place=found.place,
        independent_sources=found.independent_sources,
        points=tuple(points.values_list("supply_point_id", flat=True)),
        steps=steps,
        event_id=found.event.pk if hasattr(found, "event") else None,
    )


def ongoing_of_request(request_key: str) -> int | None:
    """Return what this request registered already."""
    return OngoingEvent.objects.filter(request_key=request_key).values_list("pk", flat=True).first()


def failing_before(supply_point_ids: Sequence[int], *, until_at: datetime) -> set[int]:
    """Return those of the points at which something began before that moment and goes on."""
    rows = OngoingPoint.objects.filter(supply_point_id__in=list(supply_point_ids), ongoing__from_at__lt=until_at)
    return set(rows.exclude(ongoing__steps__kind__in=OVER).values_list("supply_point_id", flat=True))


def _view(
    ongoing_id: int, kind: str, from_at: datetime, cause: str, expected_at: datetime | None, told_at: datetime
) -> OngoingView:
    return OngoingView(ongoing_id, InterruptionKind(kind), from_at, Cause(cause), expected_at, told_at)


def _step(row: OngoingStep) -> OngoingStepView:
    return OngoingStepView(
        OngoingStepKind(row.kind), Cause(row.cause), row.expected_at, row.reason, row.recorded_at, row.recorded_by
    )

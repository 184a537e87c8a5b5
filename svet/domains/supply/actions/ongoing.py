"""Supply that fails now: registered before anybody has seen it end, told anew, ended or withdrawn.

Every point it touches is locked while it begins or widens, so at no point two of them go on at once. Ending it only
says so: what it costs is reckoned by `record_event`, which names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from svet.domains.supply.actions.interruptions import InterruptionRefused
from svet.domains.supply.models import Interruption, OngoingEvent, OngoingPoint, OngoingStep
from svet.domains.supply.rules import Cause, InterruptionKind, OngoingNews, OngoingStepKind
from svet.infra import audit
from svet.infra.locking import lock_names, lock_rows
from svet.kernel.errors import Conflict, NotFound

OVER = (OngoingStepKind.ENDED, OngoingStepKind.WITHDRAWN)


def begin_ongoing(
    supply_point_ids: Sequence[int],
    *,
    request_key: str,
    place: str,
    kind: InterruptionKind,
    from_at: datetime,
    independent_sources: int,
    cause: Cause,
    expected_at: datetime | None,
    reason: str,
    by: int | None,
    at: datetime,
) -> int:
    """Register that supply fails at these points since `from_at`; return the id, the same one for the same request.

    Raises `InterruptionRefused` (no_reason, not_begun, expected_past, sources, nowhere), NotFound and
    Conflict("interruption_overlaps") where something stands for that time or goes on already.
    """
    amiss = {
        "no_reason": not reason.strip(),
        "not_begun": from_at > at,
        "expected_past": expected_at is not None and expected_at <= at,
        "sources": independent_sources not in (1, 2),
        "nowhere": not supply_point_ids,
    }
    _refuse(amiss)
    with transaction.atomic():
        lock_names(f"ongoing-event-{request_key}")
        known = OngoingEvent.objects.filter(request_key=request_key).first()
        if known is not None:
            return known.pk
        points = sorted(set(supply_point_ids))
        _lock_undisturbed(points, from_at=from_at)
        made = OngoingEvent.objects.create(
            request_key=request_key, place=place, kind=kind, from_at=from_at, independent_sources=independent_sources,
            recorded_at=at, recorded_by=by,
        )  # fmt: skip
        OngoingPoint.objects.bulk_create(OngoingPoint(ongoing=made, supply_point_id=point) for point in points)
        told = _Told(OngoingStepKind.TOLD, OngoingNews.BEGUN, cause, expected_at, reason)
        _step(made, told, by=by, at=at, points=points)
    return made.pk


def widen_ongoing(
    ongoing_id: int, supply_point_ids: Sequence[int], *, reason: str, by: int | None, at: datetime
) -> tuple[int, ...]:
    """Say that supply fails at more points since the same moment; return those that were not of it yet.

    Raises NotFound, `InterruptionRefused` (no_reason, all_there), Conflict("ongoing_is_over"), and
    Conflict("interruption_overlaps") where something stands for that time or goes on already.
    """
    _refuse({"no_reason": not reason.strip()})
    with transaction.atomic():
        found = _open(ongoing_id)
        added = sorted(set(supply_point_ids) - set(found.points.values_list("supply_point_id", flat=True)))
        _refuse({"all_there": not added})
        _lock_undisturbed(added, from_at=found.from_at)
        OngoingPoint.objects.bulk_create(OngoingPoint(ongoing=found, supply_point_id=point) for point in added)
        last = found.steps.order_by("-pk")[0]
        told = _Told(OngoingStepKind.TOLD, OngoingNews.BEGUN, Cause(last.cause), last.expected_at, reason)
        _step(found, told, by=by, at=at, points=added)
    return tuple(added)


def tell_ongoing(
    ongoing_id: int, *, cause: Cause, expected_at: datetime | None, reason: str, by: int | None, at: datetime
) -> None:
    """Say anew why supply fails and when it is expected back (None: nobody knows).

    Raises NotFound, `InterruptionRefused` (no_reason, expected_past), Conflict("ongoing_is_over").
    """
    _refuse({"no_reason": not reason.strip(), "expected_past": expected_at is not None and expected_at <= at})
    with transaction.atomic():
        found = _open(ongoing_id)
        last = found.steps.order_by("-pk").first()
        if last is not None and (last.cause, last.expected_at, last.reason) == (cause, expected_at, reason.strip()):
            return
        is_news = last is None or (last.cause, last.expected_at) != (cause, expected_at)
        news = OngoingNews.CHANGED if is_news else OngoingNews.NOTHING
        _step(found, _Told(OngoingStepKind.TOLD, news, cause, expected_at, reason), by=by, at=at)


def end_ongoing(
    ongoing_id: int, *, ended_at: datetime, reason: str, by: int | None, at: datetime, was: bool = True
) -> None:
    """Say that it ended, or (not `was`) that it never was; the moment of the end is after its beginning, not ahead.

    Raises NotFound, `InterruptionRefused` (no_reason, no_time, not_over), Conflict("ongoing_is_over").
    """
    with transaction.atomic():
        found = _open(ongoing_id)
        _refuse(
            {"no_reason": not reason.strip(), "no_time": was and ended_at <= found.from_at, "not_over": ended_at > at}
        )
        kind = OngoingStepKind.ENDED if was else OngoingStepKind.WITHDRAWN
        cause = Cause(found.steps.order_by("-pk")[0].cause)
        told = _Told(kind, OngoingNews(kind.value), cause, ended_at if was else None, reason)
        _step(found, told, by=by, at=at)


def _open(ongoing_id: int) -> OngoingEvent:
    lock_names(f"ongoing-event-{ongoing_id}")
    found = OngoingEvent.objects.filter(pk=ongoing_id).first()
    if found is None:
        raise NotFound(ongoing=ongoing_id)
    if found.steps.filter(kind__in=OVER).exists():
        raise Conflict("ongoing_is_over", ongoing=ongoing_id)
    return found


def _refuse(amiss: dict[str, bool]) -> None:
    for why, is_so in amiss.items():
        if is_so:
            raise InterruptionRefused(why=why)


def _lock_undisturbed(points: Sequence[int], *, from_at: datetime) -> None:
    """Lock the points, in order; none may have something that goes on or stands since that moment."""
    lock_rows("supply_point", points)
    going_on = OngoingPoint.objects.filter(supply_point_id__in=points).exclude(ongoing__steps__kind__in=OVER)
    recorded = Interruption.objects.filter(supply_point_id__in=points, undone=None, until_at__gt=from_at)
    if going_on.exists() or recorded.exists():
        raise Conflict("interruption_overlaps")


@dataclass(frozen=True, slots=True)
class _Told:
    kind: OngoingStepKind
    news: OngoingNews
    cause: Cause
    expected_at: datetime | None
    reason: str


def _step(
    event: OngoingEvent, told: _Told, *, by: int | None, at: datetime, points: Sequence[int] | None = None
) -> None:
    """Write a step; its fact says what is news, and to whom: those at `points`, or all of the event."""
    OngoingStep.objects.create(
        ongoing=event, kind=told.kind, cause=told.cause, expected_at=told.expected_at, reason=told.reason.strip(),
        recorded_at=at, recorded_by=by,
    )  # fmt: skip
    expected = told.expected_at.isoformat() if told.expected_at else None
    known = {"after": {"cause": str(told.cause), "expected_at": expected}, "points": points, "news": told.news.value}
    audit.record(
        f"supply.ongoing_{told.kind}", target_kind="supply_ongoing_event", target_id=event.pk, at=at,
        data={"ongoing_id": event.pk, **known}, reason=told.reason.strip(), fact=f"supply.ongoing_{told.kind}",
    )  # fmt: skip

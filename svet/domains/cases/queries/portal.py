"""Reads of appeals on the state portal: by its GUID, by the case, those that are open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from svet.domains.cases.models import AppealOnPortal
from svet.domains.cases.rules.portal import PortalStatus
from svet.domains.cases.rules.register import OPEN_STATES


@dataclass(frozen=True, slots=True)
class PortalAppealView:
    """What the portal told last of an appeal, and the case it is here."""

    guid: UUID
    number: str
    case_id: int | None
    case_number: str
    is_case_open: bool
    status: PortalStatus
    created_on: date
    due_on: date | None
    found_by: str
    fingerprint: str
    told: Mapping[str, Any]
    changed_at: datetime


def portal_appeal(guid: UUID) -> PortalAppealView | None:
    """Return the appeal with the portal's GUID, None where it was never seen."""
    row = AppealOnPortal.objects.select_related("case").filter(guid=guid).first()
    return None if row is None else _view(row)


def portal_appeals(guids: Iterable[UUID]) -> dict[UUID, PortalAppealView]:
    """Return the appeals with these GUIDs, by GUID, in the order they were first seen."""
    rows = AppealOnPortal.objects.select_related("case").filter(guid__in=set(guids))
    return {row.guid: _view(row) for row in rows.order_by("pk")}


def portal_appeals_of(case_id: int) -> list[PortalAppealView]:
    """Return the appeals on the portal that the case answers: its own, and those of cases merged into it."""
    rows = AppealOnPortal.objects.filter(Q(case_id=case_id) | Q(case__merged_into_id=case_id))
    return [_view(row) for row in rows.select_related("case").order_by("pk")]


def open_portal_appeals(*, before: date) -> list[UUID]:
    """Return the GUIDs of appeals made before the day that the portal still held for open."""
    rows = AppealOnPortal.objects.filter(status__in=[PortalStatus.SENT, PortalStatus.IN_WORK], created_on__lt=before)
    return list(rows.order_by("created_on", "pk").values_list("guid", flat=True))


def _view(row: AppealOnPortal) -> PortalAppealView:
    return PortalAppealView(
        guid=row.guid,
        number=row.number,
        case_id=row.case_id,
        case_number=row.case.number if row.case else "",
        is_case_open=row.case is not None and row.case.state in OPEN_STATES,
        status=PortalStatus(row.status),
        created_on=row.created_on,
        due_on=row.due_on,
        found_by=row.found_by,
        fingerprint=row.fingerprint,
        told=row.told,
        changed_at=row.changed_at,
    )

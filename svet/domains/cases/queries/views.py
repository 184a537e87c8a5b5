"""Saved views of the register and files of it: whose they are, how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from svet.domains.access import queries as access
from svet.domains.cases.models import CaseExport, SavedView
from svet.domains.cases.queries.register import Filters, from_kept
from svet.domains.cases.rules.exporting import UNMADE, ExportState
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ViewOfRegister:
    """A named set of conditions; `owner_name` says who shared it, `unit_name` with whom ("" for one's own alone)."""

    id: int
    name: str
    filters: Filters
    kept: dict[str, str]
    owner_id: int
    owner_name: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class ExportView:
    """One file of the register; `done` of `found` rows are written, `size` in bytes, `accounts` looked at."""

    id: int
    user_id: int
    filters: Filters
    state: ExportState
    found: int
    done: int
    size: int
    accounts: int
    requested_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None

    @property
    def is_moving(self) -> bool:
        """Whether it is still being made."""
        return self.state in UNMADE


def views_for(user_id: int) -> list[ViewOfRegister]:
    """Return the views that an employee has: his own by name, then what others shared with his unit."""
    rows = list(_may_use(user_id).select_related("unit").order_by("name", "pk"))
    names = access.names_of(row.owner_id for row in rows)
    found = [_view(row, names[row.owner_id]) for row in rows]
    return sorted(found, key=lambda one: one.owner_id != user_id)


def view_for(user_id: int, view_id: int) -> ViewOfRegister:
    """Return one view that an employee may use; raise NotFound for another's."""
    row = _may_use(user_id).select_related("unit").filter(pk=view_id).first()
    if row is None:
        raise NotFound(view=view_id)
    return _view(row, access.names_of([row.owner_id])[row.owner_id])


def export(export_id: int) -> ExportView:
    """Return one export; raise NotFound."""
    row = CaseExport.objects.filter(pk=export_id).first()
    if row is None:
        raise NotFound(export=export_id)
    return as_export(row)


def export_for(user_id: int, export_id: int) -> ExportView:
    """Return an export that this employee asked for; raise NotFound for another's."""
    found = export(export_id)
    if found.user_id != user_id:
        raise NotFound(export=export_id)
    return found


def exports_of(user_id: int, *, limit: int = 20) -> list[ExportView]:
    """Return what the employee asked for, the latest first."""
    return [as_export(row) for row in CaseExport.objects.filter(user_id=user_id).order_by("-pk")[:limit]]


def exports_of_accounts(*, limit: int) -> list[ExportView]:
    """Return the exports of everybody in which there were accounts, the latest first, for who supervises looks."""
    return [as_export(row) for row in CaseExport.objects.filter(accounts__gt=0).order_by("-pk")[:limit]]


def as_export(row: CaseExport) -> ExportView:
    """Return the view of a row."""
    return ExportView(
        id=row.pk,
        user_id=row.user_id,
        filters=from_kept(row.filters),
        state=ExportState(row.state),
        found=row.found,
        done=row.done,
        size=row.size,
        accounts=row.accounts,
        requested_at=row.requested_at,
        finished_at=row.finished_at,
        expires_at=row.expires_at,
    )


def _may_use(user_id: int) -> QuerySet[SavedView]:
    units = access.above(user_id).unit_ids
    return SavedView.objects.filter(Q(owner_id=user_id) | Q(unit_id__in=units))


def _view(row: SavedView, owner: str) -> ViewOfRegister:
    return ViewOfRegister(
        id=row.pk,
        name=row.name,
        filters=from_kept(row.filters),
        kept=row.filters,
        owner_id=row.owner_id,
        owner_name=owner,
        unit_name=row.unit.name if row.unit else "",
    )

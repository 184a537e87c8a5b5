"""Saved views of the register: named, shared with the unit, renamed, dropped by who made them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.access import queries as access
from svet.domains.cases.models import SavedView
from svet.domains.cases.queries.register import Filters, kept
from svet.domains.cases.rules.exporting import LONGEST_NAME, MOST_VIEWS
from svet.infra import audit
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound


def save_view(name: str, *, filters: Filters, shared: bool, by: int, at: datetime) -> int:
    """Keep conditions of the register under a name, for oneself or also for one's unit; return the view's id.

    Raises DomainError("view_has_no_name"), ("no_unit_to_share_with"), Conflict("view_name_is_taken"),
    ("too_many_views").
    """
    with transaction.atomic():
        lock_row("access_user", by)
        if SavedView.objects.filter(owner_id=by).count() >= MOST_VIEWS:
            raise Conflict("too_many_views", most=MOST_VIEWS)
        given, unit_id = _name(name, by=by), _unit(by) if shared else None
        row = SavedView.objects.create(owner_id=by, unit_id=unit_id, name=given, filters=kept(filters), saved_at=at)
        _record("save_view", row, at=at)
    return row.pk


def change_view(view_id: int, *, name: str, shared: bool, by: int, at: datetime) -> None:
    """Rename one's view, share it or keep it to oneself. Raises as `save_view` does, NotFound for another's view."""
    with transaction.atomic():
        row = _own(view_id, by=by)
        row.name, row.unit_id = _name(name, by=by, but=view_id), _unit(by) if shared else None
        row.save(update_fields=["name", "unit"])
        _record("change_view", row, at=at)


def drop_view(view_id: int, *, by: int, at: datetime) -> None:
    """Drop one's view; raise NotFound for another's."""
    with transaction.atomic():
        row = _own(view_id, by=by)
        _record("drop_view", row, at=at)
        row.delete()


def _own(view_id: int, *, by: int) -> SavedView:
    lock_row("access_user", by)
    row = SavedView.objects.filter(pk=view_id, owner_id=by).first()
    if row is None:
        raise NotFound(view=view_id)
    return row


def _name(name: str, *, by: int, but: int | None = None) -> str:
    given = " ".join(name.replace("\x00", "").split())[:LONGEST_NAME]
    if not given:
        raise DomainError("view_has_no_name")
    same = set(SavedView.objects.filter(owner_id=by, name__iexact=given).values_list("pk", flat=True))
    if same - {but}:
        raise Conflict("view_name_is_taken", name=given)
    return given


def _unit(user_id: int) -> int:
    unit_id = access.staff_member(user_id).unit_id
    if unit_id is None:
        raise DomainError("no_unit_to_share_with")
    return unit_id


def _record(what: str, row: SavedView, *, at: datetime) -> None:
    data = {"name": row.name, "filters": row.filters, "unit_id": row.unit_id, "owner_id": row.owner_id}
    audit.record(f"cases.{what}", target_kind="saved_view", target_id=row.pk, at=at, data=data)

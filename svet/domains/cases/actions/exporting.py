"""The register as a file: asked for by an employee, made by a job, taken by who asked alone, destroyed after some days.

Each step is in the audit with the conditions and the number of rows, and each account in it has a look in the log: it
is a look at the data of many people at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction
from django.db.models import F, Q

from svet.domains.access import actions as access
from svet.domains.access.rules import LookPurpose
from svet.domains.cases.models import Case, CaseAbout, CaseExport, CaseExportPart
from svet.domains.cases.queries.case_rows import hidden_from
from svet.domains.cases.queries.register import Filters, kept
from svet.domains.cases.queries.views import ExportView, as_export
from svet.domains.cases.rules.exporting import KEPT_FOR, MOST_WAITING, UNMADE, ExportState
from svet.infra import audit
from svet.infra.jobs import defer_once
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, NotFound

EXPORTER = "export_cases"
"""The name of the job that makes one (surfaces/desk/jobs.py)."""
QUEUE = "exports"
STUCK = timedelta(minutes=10)
"""After so long without progress an export is begun again: its worker was killed."""
PART_BYTES = 1024 * 1024


def request_export(user_id: int, *, filters: Filters, at: datetime) -> ExportView:
    """Begin a file of what the conditions find; who waits for the same already gets that one.

    Raises Conflict("too_many_exports").
    """
    told = kept(filters)
    with transaction.atomic():
        lock_row("access_user", user_id)
        waiting = CaseExport.objects.filter(user_id=user_id, state__in=UNMADE)
        same = next((row for row in waiting if row.filters == told), None)
        if same is not None:
            return as_export(same)
        if len(waiting) >= MOST_WAITING:
            raise Conflict("too_many_exports", most=MOST_WAITING)
        row = CaseExport.objects.create(user_id=user_id, filters=told, requested_at=at, moved_at=at)
        _record("requested", row, at=at)
        _enqueue(row.pk)
    return as_export(row)


def begin_export(export_id: int, *, found: int, at: datetime) -> None:
    """Note that its rows are being read, how many there are, and about whom none of them is."""
    row = CaseExport.objects.get(pk=export_id)
    hidden = hidden_from(row.user_id)
    CaseExport.objects.filter(pk=export_id, state__in=UNMADE).update(
        state=ExportState.MAKING,
        found=found,
        done=0,
        hidden_users=sorted(hidden["users"]),
        hidden_units=sorted(hidden["units"]),
        moved_at=at,
    )


def note_looks(export_id: int, *, case_ids: Collection[int], at: datetime) -> None:
    """Record a look of the asker at each account of these cases, once in an export however often it is begun again."""
    accounts = Case.objects.filter(pk__in=case_ids, account_id__isnull=False).order_by()
    with transaction.atomic():
        row = _locked(export_id)
        new = access.record_looks(
            row.user_id,
            account_ids=list(accounts.values_list("account_id", flat=True).distinct()),
            purpose=LookPurpose.REGISTER_EXPORT,
            at=at,
            page=f"case_export:{export_id}",
        )
        CaseExport.objects.filter(pk=export_id).update(accounts=F("accounts") + new)


def note_rows(export_id: int, *, done: int, at: datetime) -> None:
    """Note how many rows are written."""
    CaseExport.objects.filter(pk=export_id, state__in=UNMADE).update(done=done, moved_at=at)


def finish_export(export_id: int, *, file: BinaryIO, rows: int, at: datetime) -> None:
    """Keep the finished file for `KEPT_FOR`, read by pieces; a second time changes nothing. Raise NotFound."""
    with transaction.atomic():
        row = _locked(export_id)
        if row.state not in UNMADE:
            return
        size, place = 0, 0
        while piece := file.read(PART_BYTES):
            CaseExportPart.objects.create(export=row, place=place, content=piece)
            size, place = size + len(piece), place + 1
        row.state, row.found, row.done, row.size = ExportState.READY, rows, rows, size
        row.finished_at, row.moved_at, row.expires_at = at, at, at + KEPT_FOR
        row.save()
        _record("finished", row, at=at)


def fail_export(export_id: int, *, error: str, at: datetime) -> None:
    """Note that it cannot be made, so that it may be asked for again. Raise NotFound."""
    with transaction.atomic():
        row = _locked(export_id)
        if row.state not in UNMADE:
            return
        row.state, row.error, row.finished_at = ExportState.FAILED, error[:200], at
        row.save(update_fields=["state", "error", "finished_at"])
        _record("failed", row, at=at)


def take_export(export_id: int, *, user_id: int, at: datetime) -> tuple[ExportView, Iterator[bytes]]:
    """Hand the file, piece by piece, to who asked for it and record that; NotFound for others, and when it is gone.

    A file in which a case might be that has come to be about him, his leaders or his unit (clause A7) is destroyed
    instead, and nothing says why.
    """
    with transaction.atomic():
        row = CaseExport.objects.filter(pk=export_id, user_id=user_id, state=ExportState.READY).first()
        if row is None or row.expires_at is None or row.expires_at <= at:
            raise NotFound(export=export_id)
        is_his = not _holds_hidden(row)
        if is_his:
            _record("taken", row, at=at)
        else:
            _destroy(_locked(export_id), at=at)
    if not is_his:
        raise NotFound(export=export_id)
    return as_export(row), _pieces(export_id)


def drop_export(export_id: int, *, user_id: int, at: datetime) -> None:
    """Destroy the file before its days are over; raise NotFound for another's and one that is not ready."""
    with transaction.atomic():
        if not CaseExport.objects.filter(pk=export_id, user_id=user_id, state=ExportState.READY).exists():
            raise NotFound(export=export_id)
        _destroy(_locked(export_id), at=at)


def expire_exports(*, at: datetime) -> int:
    """Destroy the files whose days are over; return how many."""
    over = list(CaseExport.objects.filter(state=ExportState.READY, expires_at__lte=at).values_list("pk", flat=True))
    for export_id in over:
        with transaction.atomic():
            row = _locked(export_id)
            if row.state == ExportState.READY:
                _destroy(row, at=at)
    return len(over)


def restart_exports(*, at: datetime) -> int:
    """Put those that stand still into the queue again; return how many."""
    stuck = CaseExport.objects.filter(state__in=UNMADE, moved_at__lte=at - STUCK).values_list("pk", flat=True)
    return sum(_enqueue(export_id) for export_id in stuck)


def _pieces(export_id: int) -> Iterator[bytes]:
    places = CaseExportPart.objects.filter(export_id=export_id).order_by("place").values_list("pk", flat=True)
    for pk in list(places):
        part = CaseExportPart.objects.filter(pk=pk).first()
        if part is None:
            raise NotFound(export=export_id)
        yield bytes(part.content)


def _holds_hidden(row: CaseExport) -> bool:
    """Say whether the asker stands otherwise than when it was made, or something was made to be about him since."""
    hidden = hidden_from(row.user_id)
    if not (set(hidden["users"]) <= set(row.hidden_users) and set(hidden["units"]) <= set(row.hidden_units)):
        return True
    about = Q(user_id__in=hidden["users"]) | Q(unit_id__in=hidden["units"])
    since = CaseAbout.objects.filter(about, at__gte=row.requested_at)
    return since.filter(case__registered_at__lte=row.finished_at).exists()


def _locked(export_id: int) -> CaseExport:
    lock_row("cases_export", export_id)
    return CaseExport.objects.get(pk=export_id)


def _destroy(row: CaseExport, *, at: datetime) -> None:
    CaseExportPart.objects.filter(export=row).delete()
    row.state = ExportState.EXPIRED
    row.save(update_fields=["state"])
    _record("expired", row, at=at)


def _enqueue(export_id: int) -> bool:
    return defer_once(EXPORTER, queue=QUEUE, queueing_lock=f"{EXPORTER}-{export_id}", export_id=export_id)


def _record(what: str, row: CaseExport, *, at: datetime) -> None:
    data = {"user_id": row.user_id, "filters": row.filters, "rows": row.found}
    audit.record(f"cases.export_{what}", target_kind="case_export", target_id=row.pk, at=at, data=data)

"""Background entry points of the desk: files of the register are made here, because their words are."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile

from svet.domains.cases import actions, queries
from svet.domains.cases.queries import CaseRow
from svet.infra import clock
from svet.infra.jobs import app
from svet.surfaces.paper import case_book

log = logging.getLogger(__name__)


@app.task(name=actions.EXPORTER, pass_context=False)
def export_cases(export_id: int) -> None:
    """Write the register as its asker may see it into a file; a second run of a finished one changes nothing."""
    asked, now = queries.export(export_id), clock.now()
    if not asked.is_moving:
        return
    try:
        found = queries.count_found(asked.user_id, filters=asked.filters, at=now)
        actions.begin_export(export_id, found=found, at=now)
        batches = _looked_at(export_id, queries.all_found(asked.user_id, filters=asked.filters, at=now))
        with TemporaryFile() as file:
            rows = case_book.write(
                file, batches, told=lambda done: actions.note_rows(export_id, done=done, at=clock.now())
            )
            file.seek(0)
            actions.finish_export(export_id, file=file, rows=rows, at=clock.now())
    except Exception as error:
        # The error's own text may hold what the file holds.
        log.error("export %s cannot be made: %s", export_id, type(error).__name__)
        actions.fail_export(export_id, error=type(error).__name__, at=clock.now())
        raise


def _looked_at(export_id: int, batches: Iterable[tuple[CaseRow, ...]]) -> Iterator[tuple[CaseRow, ...]]:
    for batch in batches:
        actions.note_looks(export_id, case_ids=[row.case_id for row in batch], at=clock.now())
        yield batch


@app.task(queueing_lock="tend_exports", pass_context=False)
def tend_exports(timestamp: int) -> None:
    """Destroy files whose days are over, begin again what stands still (every ten minutes)."""
    actions.expire_exports(at=clock.now())
    actions.restart_exports(at=clock.now())

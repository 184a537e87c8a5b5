"""Loads one file or frame of a kind: everything in one transaction, or nothing of it.

Read → check each cell → the domain's action checks references and writes → keep or undo. A dry run does all of it
but the last commit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

import polars as pl

from svet.flows.region_files import tables
from svet.flows.region_files.kinds import Kind, kind_called
from svet.flows.region_files.report import Report
from svet.flows.region_files.tables import Table
from svet.flows.region_files.texts import FileRefused
from svet.infra import audit
from svet.infra.loading import LoadResult, all_or_nothing
from svet.kernel.findings import Level
from svet.kernel.row_findings import NO_FINDINGS, sound, together

Progress = Callable[[str, int, int], None]
"""Called with the stage ("reading", "checking", "writing", "keeping"), the rows done in it and the rows in all."""


def load(
    kind: str,
    data: bytes | pl.DataFrame,
    *,
    at: datetime,
    file_name: str = "",
    dry_run: bool = False,
    skip_bad: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Load a CSV file or workbook (or a frame of text or values) of `kind` and say what became of its rows.

    With an error anywhere nothing is loaded, unless `skip_bad` lets the good rows in. A dry run finds everything
    and keeps nothing. Raises NotFound for the kind, Conflict when others changed the same rows meanwhile; never
    for what is in the file.
    """
    what = kind_called(kind)
    tell = progress or _quiet
    tell("reading", 0, 0)
    try:
        table = tables.of_frame(data, kind=what) if isinstance(data, pl.DataFrame) else tables.read(data, kind=what)
    except FileRefused as refusal:
        return _refused(what, refusal, file_name=file_name, dry_run=dry_run)
    tell("checking", 0, table.height)
    good, findings = tables.typed(table, kind=what)
    findings = together([table.findings, findings])
    good = sound(good, table.findings)
    origin = {"file_name": file_name, "sha256": "" if isinstance(data, pl.DataFrame) else _digest(data)}
    result, is_kept = _write(
        what, good, findings, at=at, dry_run=dry_run, skip_bad=skip_bad, progress=tell, origin=origin
    )
    return _report(what, table, together([findings, result.findings]), result, file_name, dry_run, is_kept)


def load_frame(kind: str, frame: pl.DataFrame, *, at: datetime, trusted_types: bool = False) -> Report:
    """Load a frame in the kind's columns; with `trusted_types` its values are taken as they are, cells unchecked.

    Raises NotFound for the kind, Conflict as `load` does. With an error in any row nothing is loaded.
    """
    if not trusted_types:
        return load(kind, frame, at=at)
    what = kind_called(kind)
    rows = tables.trusted(frame, kind=what)
    result, is_kept = _write(
        what, rows, NO_FINDINGS, at=at, dry_run=False, skip_bad=False, progress=_quiet, origin={"file_name": ""}
    )
    return _report(what, Table(rows), result.findings, result, "", False, is_kept)


def _write(
    what: Kind,
    good: pl.DataFrame,
    findings: pl.DataFrame,
    *,
    at: datetime,
    dry_run: bool,
    skip_bad: bool,
    progress: Progress,
    origin: dict[str, str],
) -> tuple[LoadResult, bool]:
    """Let the domain write the rows; return its result and whether it was kept."""
    done = 0

    def written(count: int) -> None:
        nonlocal done
        done += count
        progress("writing", done, good.height)

    with all_or_nothing() as undo:
        progress("writing", 0, good.height)
        result = what.load(good, at=at, progress=written)
        is_bad = any((frame["level"] == Level.REFUSE.value).any() for frame in (findings, result.findings))
        is_kept = not dry_run and (skip_bad or not is_bad)
        if is_kept:
            counts = {"inserted": result.inserted, "updated": result.updated, "unchanged": result.unchanged}
            audit.record("region_files.load", target_kind="file", target_id=what.name, at=at, data={**origin, **counts})
            progress("keeping", good.height, good.height)
        else:
            undo.ask()
    return result, is_kept


def _report(
    what: Kind,
    table: Table,
    findings: pl.DataFrame,
    result: LoadResult,
    file_name: str,
    is_dry_run: bool,
    is_kept: bool,
) -> Report:
    errors = findings.filter(pl.col("level") == Level.REFUSE.value)
    return Report(
        kind=what.name,
        file_name=file_name,
        rows=table.height,
        inserted=result.inserted,
        updated=result.updated,
        unchanged=result.unchanged,
        is_dry_run=is_dry_run,
        is_loaded=is_kept,
        findings=findings,
        bad=table.rows.join(errors, on="line", how="semi", maintain_order="left"),
        broken=table.broken,
    )


def _refused(what: Kind, refusal: FileRefused, *, file_name: str, dry_run: bool) -> Report:
    facts = pl.DataFrame([refusal.facts or {"": None}]).select(pl.struct(pl.all()).struct.json_encode()).item()
    finding = pl.DataFrame(
        {"line": [0], "column": [None], "code": [refusal.code], "level": ["refuse"], "value": [None], "facts": [facts]},
        schema=NO_FINDINGS.schema,
    )
    return Report(
        kind=what.name,
        file_name=file_name,
        rows=0,
        inserted=0,
        updated=0,
        unchanged=0,
        is_dry_run=dry_run,
        is_loaded=False,
        findings=finding,
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _quiet(stage: str, done: int, total: int) -> None:
    """Tell nobody."""

"""How fast files come in, from their bytes to the kept rows, beside a bare COPY of the very rows they became.

The floor is measured in the same run: the final rows of the same tables, with the same keys, indexes and triggers.
"""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from datetime import datetime

import polars as pl
from django.db import connection, transaction

from svet.flows import region_files
from svet.surfaces.console.bench import Figure
from svet.surfaces.console.demo import town

TABLES = {
    "customers": ("customers_customer",),
    "meters": ("metering_meter", "metering_register", "metering_installation", "metering_reading"),
}
NEEDED_BEFORE_METERS = ("supply_points", "accounts", "agreements")


def run(size: int, *, at: datetime) -> dict[str, Figure]:
    """Measure files of `size` customers and their meters; everything is undone at the end."""
    frames = town.import_frames(town.build(size))
    # Serials of so large a town must not meet by chance.
    serials = pl.int_range(pl.len()).cast(pl.String)
    frames["meters"] = frames["meters"].with_columns(serial=pl.concat_str(pl.lit("B"), serials))
    figures = {}
    with transaction.atomic():
        figures["customers imported"] = _measure("customers", frames["customers"], at=at)
        for kind in NEEDED_BEFORE_METERS:
            _loaded(kind, frames[kind], at=at)
        figures["meters imported"] = _measure("meters", frames["meters"], at=at)
        transaction.set_rollback(True)
    return figures


def _measure(kind: str, frame: pl.DataFrame, *, at: datetime) -> Figure:
    """Load a file of `kind`, take its rows out, put the same rows back by COPY; the second is the floor."""
    data = frame.write_csv(None, separator=";").encode()
    before = {table: _last_id(table) for table in TABLES[kind]}
    started = time.perf_counter()
    report = region_files.load(kind, data, at=at)
    connection.check_constraints()
    spent = time.perf_counter() - started
    if not report.is_loaded or report.inserted != frame.height:
        raise RuntimeError(f"{kind} were not loaded: {report.errors.head(3)}")
    final = [(table, *_copied_out(table, after=before[table])) for table in TABLES[kind]]
    kept = transaction.savepoint()
    # Row triggers forbid deleting readings; what was just loaded goes away as a whole.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in reversed(TABLES[kind]):
            cursor.execute(f"DELETE FROM {table} WHERE id > %s", [before[table]])  # noqa: S608 — our own tables
        cursor.execute("SET LOCAL session_replication_role = origin")
    started = time.perf_counter()
    for table, columns, body in final:
        _copy_in(table, columns, body)
    connection.check_constraints()
    bare = time.perf_counter() - started
    transaction.savepoint_rollback(kept)
    return Figure.against(frame.height / spent, floor=frame.height / bare, unit="rows/s")


def _loaded(kind: str, frame: pl.DataFrame, *, at: datetime) -> None:
    if not region_files.load_frame(kind, frame, at=at).is_loaded:
        raise RuntimeError(f"{kind} were not loaded")


def _last_id(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 — our own tables
        return int(cursor.fetchone()[0])


def _copied_out(table: str, *, after: int) -> tuple[list[str], bytes]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 — our own tables
        columns = [column.name for column in cursor.description]
        buffer = io.BytesIO()
        query = f"COPY (SELECT * FROM {table} WHERE id > {after} ORDER BY id) TO STDOUT"  # noqa: S608 — our own tables
        with cursor.cursor.copy(query) as copy:
            for chunk in copy:
                buffer.write(chunk)
    return columns, buffer.getvalue()


def _copy_in(table: str, columns: Sequence[str], body: bytes) -> None:
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        copy.write(body)

"""The floor of what a run writes: a bare COPY of its very rows, one stream and one transaction in the same database.

Two floors of the same rows: into empty copies of the tables, with their indices built and constraints checked
afterwards, as PostgreSQL does it quickest; and into the grown tables themselves, each row checked and indexed as it
comes. The rows are spooled to files, so that they take no memory, and are given up afterwards.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from svet.infra.references import References

AHEAD = 1_000_000_000
"""Added to the ids of the copied rows, so that the floor meets the same constraints and no equal keys."""
CHUNK = 1 << 20
ACCRUED = {
    "debts_accrual": (
        "SELECT id + {ahead} AS id, account_id, version + 1000 AS version, {spare} AS run_id, month, as_of, total,"
        " amount, even_on, kept, accrued_at FROM debts_accrual WHERE run_id = {accrued}"
    ),
    "debts_accrual_line": (
        "SELECT l.account_id, accrual_id + {ahead} AS accrual_id, l.number, l.debt_month, l.due_on, l.from_on,"
        " l.until_on, l.base, l.share, l.percent FROM debts_accrual_line l JOIN debts_accrual a ON a.id = l.accrual_id"
        " WHERE a.run_id = {accrued}"
    ),
    "ledger_entry": (
        "SELECT account_id, service, kind, amount, month, concerns, posted_on, source_kind,"
        " source_id + {ahead} AS source_id, line, recorded_at FROM ledger_entry"
        " WHERE source_kind = 'penalty' AND month = '{month}'"
    ),
}
"""What penalties write, by table: the rows of the run `accrued` go to the run `spare`, which has none yet."""


@dataclass(frozen=True, slots=True)
class Spool:
    """The rows of a table as COPY tells them, in a file."""

    table: str
    columns: str
    path: Path


@dataclass(frozen=True, slots=True)
class Floors:
    """The seconds that COPY takes for the same rows."""

    empty: float
    grown: float


def floors_of(tables: Mapping[str, str], **words: object) -> Floors:
    """Return both floors of the rows of these queries, by table, the tables they refer to first."""
    with _spooled(tables, **words) as spools:
        return Floors(empty=_into_empty(spools), grown=_into_grown(spools))


def copied_out(query: str, into: BinaryIO) -> str:
    """Write the rows of a query as COPY tells them; return its columns."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({query}) AS rows LIMIT 0")  # noqa: S608
        columns = ", ".join(column.name for column in cursor.description)
        with cursor.cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
            for chunk in copy:
                into.write(chunk)
    return columns


@contextmanager
def _spooled(tables: Mapping[str, str], **words: object) -> Iterator[list[Spool]]:
    with TemporaryDirectory(dir=settings.VAR_DIR) as folder:
        spools = []
        for table, query in tables.items():
            path = Path(folder) / table
            with path.open("wb") as file:
                columns = copied_out(query.format(ahead=AHEAD, **words), file)
            spools.append(Spool(table, columns, path))
        yield spools


def _into_grown(spools: Sequence[Spool]) -> float:
    with _given_up() as cursor:
        started = time.perf_counter()
        for spool in spools:
            _copy_in(cursor, spool, spool.table)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return time.perf_counter() - started


def _into_empty(spools: Sequence[Spool]) -> float:
    copies = {spool.table: f"floor_of_{spool.table}" for spool in spools}
    with _given_up() as cursor:
        started = time.perf_counter()
        for spool in spools:
            cursor.execute(f"CREATE TABLE {copies[spool.table]} (LIKE {spool.table} INCLUDING ALL EXCLUDING INDEXES)")
            _copy_in(cursor, spool, copies[spool.table])
            for statement in _built_afterwards(cursor, spool.table, copies):
                cursor.execute(statement)
            for query in _references(spool.table, copies):
                cursor.execute(query)
        return time.perf_counter() - started


def _built_afterwards(cursor: Any, table: str, copies: Mapping[str, str]) -> list[str]:
    """Return what makes the indices and foreign keys of `table` for its copy; copies refer to copies."""
    cursor.execute("SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass", [table])
    indices = [re.sub(r" INDEX \S+ ON \S+ ", f" INDEX ON {copies[table]} ", made) for (made,) in cursor.fetchall()]
    cursor.execute(
        "SELECT pg_get_constraintdef(oid), confrelid::regclass::text FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype = 'f'",
        [table],
    )
    keys = [
        f"ALTER TABLE {copies[table]} ADD "
        + made.replace(f"REFERENCES {other}(", f"REFERENCES {copies.get(other, other)}(")
        for made, other in cursor.fetchall()
    ]
    return indices + keys


def _references(table: str, copies: Mapping[str, str]) -> list[str]:
    """Return the queries that check the references of `table` in its copy, all rows at once; copies name copies."""
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    found = [trigger for trigger in getattr(model._meta, "triggers", ()) if isinstance(trigger, References)]
    return [
        replace(one, parent=copies.get(one.parent, one.parent)).lost(copies[table])
        for trigger in found
        for one in trigger.references
    ]


def _copy_in(cursor: Any, spool: Spool, table: str) -> None:
    with cursor.cursor.copy(f"COPY {table} ({spool.columns}) FROM STDIN") as copy, spool.path.open("rb") as file:
        while chunk := file.read(CHUNK):
            copy.write(chunk)


@contextmanager
def _given_up() -> Iterator[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        yield cursor
        transaction.set_rollback(True)

"""Rows that many tests begin with, made once in each process by the domains' actions and put back by COPY afterwards.

They are put back only where every table holds as many rows as when they were made: whatever else a test begins with,
it gets what the actions would give it. What begins otherwise is made anew, and kept too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import pgtrigger
import psycopg
from django.db import connection, transaction
from psycopg import sql

Made = TypeVar("Made")
Counts = tuple[tuple[str, int], ...]
Lines = list[bytes]
MOST = 30
"""So many beginnings are remembered for each name: tests that all begin differently would gain nothing."""
_TABLES = """
SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 WHERE c.relkind = 'r' GROUP BY 1 ORDER BY 1
"""
MARKS = "infra_site_change"
_MARK = f"""
INSERT INTO {MARKS} (transaction, mark)
VALUES (pg_current_xact_id()::text::bigint, (random() * 4611686018427387904)::bigint)
ON CONFLICT (transaction) DO UPDATE SET mark = excluded.mark, at = excluded.at
"""
"""Each transaction leaves a mark of its own, as the trigger does (flows/migrations): an old one would tell nobody."""
_JOBS = "procrastinate_jobs"
"""Its triggers write what is put back too."""
_kept: dict[str, dict[Counts, Kept]] = {}


@dataclass(frozen=True)
class Kept:
    """What was made; rows it added to tables; tables whose rows it changed, before and after; all that it touched."""

    made: object
    added: dict[str, Lines]
    changed: dict[str, tuple[Lines, Lines]]
    touched: frozenset[str]


def once(name: str, make: Callable[[], Made]) -> Made:
    """Return what `make` makes, with its rows in the database: by `make` the first time, put back later on.

    Ids of rows made afterwards never meet those put back: a sequence does not return with its transaction.
    """
    known = _kept.setdefault(name, {})
    with transaction.atomic():
        counts = _counts()
        kept = known.get(counts)
        if kept is None and len(known) < MOST:
            kept = known[counts] = _watched(make, [table for table, _ in counts])
        elif kept is None or any(_rows(table) != before for table, (before, _) in kept.changed.items()):
            return make()
        else:
            _put_back(kept)
    return kept.made  # type: ignore[return-value]


def _watched(make: Callable[[], Made], filled: list[str]) -> Kept:
    """Make it, and tell its rows from those that were there."""
    before, written = {table: _rows(table) for table in filled}, _written()
    made = make()
    touched = {table for table, count in _written().items() if count != written[table]}
    added, changed = {}, {}
    for table in touched - {MARKS}:
        rows, there = _rows(table), set(before.get(table, ()))
        if there <= set(rows):
            added[table] = [row for row in rows if row not in there]
        else:
            changed[table] = (before[table], rows)
    return Kept(made, added, changed, frozenset(touched))


def filled() -> list[str]:
    """Return the tables that hold anything."""
    return [table for table, _ in _counts()]


def _counts() -> Counts:
    """Return how many rows each table holds that is not empty."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT * FROM {}()").format(sql.Identifier(_counting())))
        return tuple(sorted(cursor.fetchall()))


@cache
def _counting() -> str:
    """Make the function that counts, past the test's transaction, and return its name.

    To plan the query takes longer than to run it. The server keeps the plans of its functions, but the driver gives up
    what it prepared whenever a transaction is rolled back.
    """
    each = (
        sql.SQL("SELECT {}::text AS name, count(*) AS rows FROM {}").format(sql.Literal(one), sql.Identifier(one))
        for one in _tables()
    )
    query = sql.SQL("SELECT * FROM ({}) AS counted WHERE rows > 0").format(sql.SQL(" UNION ALL ").join(each))
    name = "rows_of_each_table"
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as beside:
        made = sql.SQL(
            "CREATE OR REPLACE FUNCTION {}() RETURNS TABLE (of text, held bigint) LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN QUERY {}; END $$"
        )
        beside.execute(made.format(sql.Identifier(name), query))
    return name


def _written() -> dict[str, int]:
    """Return how many rows this transaction has written into each table, by a count that only grows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


@cache
def _tables() -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return {table: list(columns) for table, columns in cursor.fetchall()}


def _rows(table: str) -> Lines:
    with connection.cursor() as cursor, cursor.cursor.copy(_copy(table, "TO STDOUT")) as copy:
        return b"".join(bytes(chunk) for chunk in copy).splitlines(keepends=True)


def _put_back(kept: Kept) -> None:
    # The rows were checked when they were made, and what triggers wrote is among them.
    with without_any_trigger() if _JOBS in kept.touched else without_triggers(), connection.cursor() as cursor:
        for table, (_, rows) in kept.changed.items():
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            _write(table, rows)
        for table, rows in kept.added.items():
            _write(table, rows)
    if MARKS in kept.touched:
        with connection.cursor() as cursor:
            cursor.execute(_MARK)


@contextmanager
def without_triggers() -> Iterator[None]:
    """Let no trigger of a model do or refuse anything in this transaction; keys are still checked at its end.

    Unlike the role of a replica this leaves the server the plans of all statements: to plan them anew costs a test
    more than all its rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(no_triggers())
        yield
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")


@contextmanager
def without_any_trigger() -> Iterator[None]:
    """Let no trigger of the database do anything in this transaction, foreign keys not among them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


@cache
def no_triggers() -> str:
    """Return the statement after which no trigger of a model does anything in its transaction."""
    names = ",".join(trigger.get_pgid(model) for model, trigger in pgtrigger.registered())
    return f"SELECT set_config('pgtrigger.ignore', '{{{names}}}', true)"


def _write(table: str, rows: Lines) -> None:
    with connection.cursor() as cursor, cursor.cursor.copy(_copy(table, "FROM STDIN")) as copy:
        copy.write(b"".join(rows))


def _copy(table: str, way: str) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, _tables()[table]))
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table), names, sql.SQL(way))

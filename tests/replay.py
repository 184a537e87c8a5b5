"""Rows that many tests begin with, made once in each process by the domains' actions and put back by COPY afterwards.

Only where nothing else stands in those tables: otherwise the rows are made anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection, transaction
from psycopg import sql

Made = TypeVar("Made")
_TABLES = """
SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 WHERE c.relkind = 'r' GROUP BY 1 ORDER BY 1
"""
_kept: dict[str, Kept] = {}


@dataclass(frozen=True)
class Kept:
    """What was made, and the rows of each table that it left: columns and lines of COPY."""

    made: object
    rows: dict[str, tuple[list[str], bytes]]


def once(name: str, make: Callable[[], Made]) -> Made:
    """Return what `make` makes, with its rows in the database: by `make` the first time, put back later on."""
    kept = _kept.get(name)
    with transaction.atomic():
        if kept is not None and not _filled(list(kept.rows)):
            _put_back(kept)
            return kept.made  # type: ignore[return-value]
        tables = _tables()
        filled, written = set(_filled(list(tables))), _written()
        made = make()
        new = set(_filled(list(tables))) - filled
        # What went into a table that held rows before cannot be told from them.
        if kept is None and all(_written()[table] == written[table] for table in filled):
            _kept[name] = Kept(made, {table: (tables[table], _rows(table, tables[table])) for table in new})
    return made


def _written() -> dict[str, int]:
    """Return how many rows this transaction has written into each table, by a count that only grows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


def _tables() -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return {table: list(columns) for table, columns in cursor.fetchall()}


def _filled(tables: list[str]) -> list[str]:
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(sql.Literal(table), sql.Identifier(table))
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [row[0] for row in cursor.fetchall()]


def _rows(table: str, columns: list[str]) -> bytes:
    with connection.cursor() as cursor, cursor.cursor.copy(_copy(table, columns, "TO STDOUT")) as copy:
        return b"".join(bytes(chunk) for chunk in copy)


def _put_back(kept: Kept) -> None:
    with connection.cursor() as cursor:
        # The rows were checked when they were made, and what triggers wrote is among them.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, (columns, lines) in kept.rows.items():
            with cursor.cursor.copy(_copy(table, columns, "FROM STDIN")) as copy:
                copy.write(lines)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _copy(table: str, columns: list[str], way: str) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table), names, sql.SQL(way))

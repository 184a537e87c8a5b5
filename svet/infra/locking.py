"""One lock per transaction: the row of the account (or whatever the action is about), taken first thing.

The lock lets other transactions insert rows that refer to the locked ones; it only keeps other actions on
the same rows waiting, and not for long: who cannot have it in time gets `Conflict("busy")`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.db import connection
from django.db.utils import OperationalError
from psycopg import sql
from psycopg.errors import LockNotAvailable

from svet.infra.planned import planned_cursor
from svet.kernel.errors import Conflict, NotFound


def lock_row(table: str, row_id: int, *, timeout_ms: int = 3000) -> None:
    """Lock one row until the transaction ends; raise NotFound, or Conflict("busy") after `timeout_ms`."""
    if _locked(table, "= %s", row_id, timeout_ms=timeout_ms) != 1:
        raise NotFound(table=table, id=row_id)


def lock_rows(table: str, row_ids: Sequence[int], *, timeout_ms: int = 3000) -> int:
    """Lock the rows with these ids, always in the order of ids (so no deadlock); return how many exist."""
    return _locked(table, "= ANY(%s)", list(row_ids), timeout_ms=timeout_ms)


def _locked(table: str, which: str, ids: int | list[int], *, timeout_ms: int) -> int:
    if not connection.in_atomic_block:
        raise RuntimeError("a lock needs a transaction")
    with planned_cursor() as cursor:
        try:
            cursor.execute(_statement(table, which), [f"{timeout_ms}ms", ids])
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise Conflict("busy", table=table) from error
            raise
        return int(cursor.fetchone()[0])


@cache
def _statement(table: str, which: str) -> str:
    """Return the statement that sets how long to wait before it asks for the first lock."""
    statement = sql.SQL(
        "WITH patience AS MATERIALIZED (SELECT set_config('lock_timeout', %s, true)) SELECT count(*) FROM"
        " (SELECT 1 FROM {} t, patience WHERE t.id {} ORDER BY t.id FOR NO KEY UPDATE OF t) x"
    )
    return statement.format(sql.Identifier(table), sql.SQL(which)).as_string()


def lock_names(*names: str) -> None:
    """Keep others with one of the same names waiting until the transaction ends, always in the same order."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock needs a transaction")
    with connection.cursor() as cursor:
        for name in sorted(set(names)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])

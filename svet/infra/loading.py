"""Mass loading inside one transaction: temporary tables by COPY, set SQL from them, new rows by COPY in slabs.

Knows no business: domains say what is compared with what. What is held, nobody else writes until the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.db.utils import IntegrityError, OperationalError
from psycopg import sql
from psycopg.errors import DeadlockDetected, LockNotAvailable

from svet.infra import audit, outbox
from svet.infra.copying import copy_in, copy_out
from svet.kernel.errors import Conflict
from svet.kernel.row_findings import NO_FINDINGS

SLAB = 50_000
Progress = Callable[[int], None]
"""Called with the number of rows written since the last call."""


@dataclass(frozen=True)
class LoadResult:
    """What became of the rows of a frame, and the findings about those that were not written (or only noted)."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    findings: pl.DataFrame = field(default_factory=lambda: NO_FINDINGS)

    @property
    def errors(self) -> pl.DataFrame:
        """The findings that kept rows out."""
        return self.findings.filter(pl.col("level") == "refuse")


class Undo:
    """Says at the end of a transaction whether it was only a trial."""

    asked = False

    def ask(self) -> None:
        """Undo everything when the block ends."""
        self.asked = True


@contextmanager
def all_or_nothing() -> Iterator[Undo]:
    """Run the block in one transaction that ends by keeping everything, or nothing when `ask` was called.

    A trial checks the deferred constraints too: it does everything but commit. Raises Conflict when others changed
    the same rows meanwhile.
    """
    undo = Undo()
    try:
        with transaction.atomic():
            yield undo
            if undo.asked:
                connection.check_constraints()
                transaction.set_rollback(True)
    except IntegrityError as error:
        raise Conflict("changed_meanwhile") from error
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
            raise Conflict("busy") from error
        raise


def hold(*tables: str, timeout_ms: int = 60_000) -> None:
    """Keep other writers away from `tables` until the transaction ends; readers are not disturbed.

    Loads wait for each other first, so that they never hold each other's tables.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{timeout_ms}ms"])
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('svet.loading'))")
        names = sql.SQL(", ").join(map(sql.Identifier, tables))
        cursor.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(names))


@contextmanager
def staged(name: str, frame: pl.DataFrame) -> Iterator[None]:
    """Have the rows of `frame` in the temporary table `name` for the block."""
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(_type(dtype))) for column, dtype in frame.schema.items()
    )
    table = sql.Identifier(name)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(table))
        cursor.execute(sql.SQL("CREATE TEMP TABLE {} ({}) ON COMMIT DROP").format(table, columns))
        copy_in(name, frame)
        cursor.execute(sql.SQL("ANALYZE {}").format(table))
    yield
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE pg_temp.{}").format(table))


def looked_up(keys: pl.DataFrame, query: str, *, schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return the rows of `query`, which joins the temporary table `asked` that holds the distinct `keys`."""
    asked = keys.unique()
    if asked.is_empty():
        return pl.DataFrame(schema=schema)
    with transaction.atomic(), staged("asked", asked):
        return frame_of(query, schema=schema)


def frame_of(query: str, *, schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return the rows of `query` as a frame whose columns are named and typed by `schema`, in its order.

    Text is never null here: the tables keep empty text, which COPY brings back as nothing.
    """
    names = ", ".join(f'"{name}"' for name in schema)
    found = copy_out(f"SELECT * FROM ({query}) AS found ({names})", schema=schema)  # noqa: S608 — our own columns
    return found.with_columns(pl.col(pl.String).fill_null(""))


def append(table: str, rows: pl.DataFrame, *, progress: Progress | None = None) -> int:
    """COPY the rows into `table`, telling `progress` after each slab; return their number."""
    for slab in rows.iter_slices(SLAB):
        copy_in(table, slab)
        if progress is not None:
            progress(slab.height)
    return rows.height


def change(table: str, rows: pl.DataFrame, *, columns: Mapping[str, str]) -> int:
    """Set `columns` (column → SQL over `new`) of the rows of `table` whose `id` is in `rows`; return their number."""
    if rows.is_empty() or not columns:
        return 0
    settings = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(column), sql.SQL(expression)) for column, expression in columns.items()
    )
    with staged("new", rows), connection.cursor() as cursor:
        statement = sql.SQL("UPDATE {} AS old SET {} FROM new WHERE old.id = new.id")
        cursor.execute(statement.format(sql.Identifier(table), settings))
        return int(cursor.rowcount)


def record_load(domain: str, kind: str, result: LoadResult, *, at: datetime) -> LoadResult:
    """Audit the load and record the fact `<domain>.<kind>_loaded`, when it changed anything; return `result`."""
    if result.inserted or result.updated:
        counts = {"inserted": result.inserted, "updated": result.updated, "unchanged": result.unchanged}
        audit.record(f"{domain}.load_{kind}", target_kind="file", target_id=kind, at=at, data=counts)
        outbox.record(f"{domain}.{kind}_loaded", at=at, payload=counts)
    return result


def ranges(from_on: str, until_on: str) -> pl.Expr:
    """Return two date columns as the text of a half-open range."""
    first, last = (pl.col(name).cast(pl.String).fill_null("") for name in (from_on, until_on))
    return pl.concat_str(pl.lit("["), first, pl.lit(","), last, pl.lit(")"))


def _type(dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.Decimal):
        return "numeric"
    names: Sequence[tuple[Any, str]] = (
        (pl.String, "text"),
        (pl.Int64, "bigint"),
        (pl.Date, "date"),
        (pl.Boolean, "boolean"),
    )
    for known, name in names:
        if dtype == known:
            return name
    raise TypeError(f"no database type for {dtype}")

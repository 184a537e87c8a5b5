"""Whole tables between PostgreSQL and Polars frames by COPY, in the caller's transaction.

Columns travel by name; numeric columns are Polars Decimal or Int64, ranges and JSON travel as text.
"""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl
from django.db import connection
from psycopg import sql
from psycopg.abc import PQGen
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn
from psycopg.waiting import Wait

NULL = f"\\N{secrets.token_hex(3)}"
"""Stands for a missing value on the way; nobody outside knows it, so no text can pass for one."""


def copy_in(table: str, frame: pl.DataFrame) -> int:
    """Append the rows of `frame` to `table` (its columns are named by the frame); return their number."""
    if frame.is_empty():
        return 0
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv, NULL {})").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, frame.columns)), sql.Literal(NULL)
    )
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for slab in frame.iter_slices(100_000):
            lines = io.BytesIO()
            slab.write_csv(lines, include_header=False, null_value=NULL)
            copy.write(lines.getbuffer())
    return frame.height


def copy_out(
    query: str, parameters: Sequence[Any] | Mapping[str, Any] = (), *, schema: Mapping[str, Any]
) -> pl.DataFrame:
    """Return the rows of `query` as a frame with exactly the columns and types of `schema`.

    Parameters are bound by place (`%s`) or by name (`%(month)s`).
    """
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        # COPY takes no parameters of its own: they are bound by the client, quoted by psycopg.
        if isinstance(parameters, Mapping):
            named = {name: _literal(value) for name, value in parameters.items()}
            bound = sql.SQL(re.sub(r"%\((\w+)\)s", r"{\1}", query)).format(**named)
        else:
            bound = sql.SQL(query.replace("%s", "{}")).format(*map(_literal, parameters))
        statement = sql.SQL("COPY ({}) TO STDOUT WITH (FORMAT csv, HEADER, NULL {})").format(bound, sql.Literal(NULL))
        with cursor.cursor.copy(statement):
            server = cursor.cursor.connection
            server.wait(_drain(server.pgconn, buffer.write))
    buffer.seek(0)
    flags = [name for name, dtype in schema.items() if dtype == pl.Boolean]
    read = pl.Schema({**schema, **dict.fromkeys(flags, pl.String)})
    frame = pl.read_csv(buffer, schema=read, null_values=[NULL], empty_string_is_null=False)
    return frame.with_columns(pl.col(flags).str.starts_with("t"))  # PostgreSQL writes t and f


def array_of(ids: Iterable[int]) -> str:
    """Return ids as the text of an array, to be bound as `%s::bigint[]`: of a list psycopg asks each item its type."""
    return "{" + ",".join(map(str, ids)) + "}"


def _literal(value: Any) -> sql.Composable:
    if isinstance(value, list) and value and all(type(one) is int for one in value):
        return sql.SQL("{}::bigint[]").format(sql.Literal(array_of(value)))
    return sql.Literal(value)


def _drain(pgconn: PGconn, write: Callable[[memoryview], object]) -> PQGen[None]:
    """Hand all rows of a COPY TO that has begun to `write`, then take its result; raise what the server says.

    The library's own iteration asks for every single row whether to wait; here all that has arrived is taken at once
    (300,000 rows in 0.22 s for 0.30). The same protocol as `psycopg.generators.copy_from`.
    """
    while True:
        size, row = pgconn.get_copy_data(1)
        while size > 0:
            write(row)
            size, row = pgconn.get_copy_data(1)
        if size < 0:
            break
        while not (yield Wait.R):
            continue
        pgconn.consume_input()
    (result,) = yield from fetch_many(pgconn)
    if result.status != ExecStatus.COMMAND_OK:
        raise error_from_result(result)


def roubles(kopecks: str, name: str) -> pl.Expr:
    """Return the column of whole kopecks as exact roubles under `name`."""
    return _scaled(kopecks, places=2).alias(name)


def kwh(watt_hours: str, name: str) -> pl.Expr:
    """Return the column of whole watt-hours as exact kWh under `name`."""
    return _scaled(watt_hours, places=3).alias(name)


def _scaled(column: str, *, places: int) -> pl.Expr:
    return pl.col(column).cast(pl.Decimal(20, 0)) * pl.lit(Decimal(1).scaleb(-places))


def reserve_ids(table: str, count: int, *, column: str = "id") -> pl.Series:
    """Reserve `count` ids of the table's sequence and return them; gaps are harmless here."""
    with connection.cursor() as cursor:
        # One text in one row: a client takes rows, and items of an array, one by one. The sequence is looked up once.
        cursor.execute(
            "WITH of AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, %s)::regclass AS ids)"
            " SELECT string_agg(nextval(of.ids)::text, ',') FROM of, generate_series(1, %s)",
            [table, column, count],
        )
        told = cursor.fetchone()[0]
    return pl.Series("id", [told] if told else [], dtype=pl.String).str.split(",").explode().cast(pl.Int64)

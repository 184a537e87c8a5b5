"""The floor of what a run writes: a bare COPY of its very rows, moved aside, into the same indexed and checked tables.

One stream and one transaction in the same database; the rows are given up.
"""

from __future__ import annotations

import io
import time
from collections.abc import Mapping

from django.db import connection, transaction

AHEAD = 1_000_000_000
"""Added to the ids of the copied rows, so that the floor meets the same constraints and no equal keys."""
ACCRUED = {
    "debts_accrual": (
        "SELECT id + {ahead} AS id, account_id, version + 1000 AS version, {spare} AS run_id, month, as_of, total,"
        " amount, accrued_at FROM debts_accrual WHERE run_id = {accrued}"
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


def floor_of(tables: Mapping[str, str], **words: object) -> float:
    """Return the seconds that COPY takes for the rows of these queries, by table, their constraints checked."""
    bodies = {table: copied_out(query.format(ahead=AHEAD, **words)) for table, query in tables.items()}
    with transaction.atomic():
        started = time.perf_counter()
        with connection.cursor() as cursor:
            for table, (columns, body) in bodies.items():
                with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    copy.write(body)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        spent = time.perf_counter() - started
        transaction.set_rollback(True)
    return spent


def copied_out(query: str) -> tuple[str, bytes]:
    """Return the columns of a query and its rows as COPY tells them."""
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({query}) AS rows LIMIT 0")  # noqa: S608
        columns = ", ".join(column.name for column in cursor.description)
        with cursor.cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
            for chunk in copy:
                buffer.write(chunk)
    return columns, buffer.getvalue()

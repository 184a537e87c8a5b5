"""Writes of the ledger: entries, and the closing of a month.

Posting and closing meet at one advisory lock per month: posters share it, the closing has it alone, so no
entry can slip into a month whose turnover is being stored. Posting the same thing twice changes nothing.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
from django.db import connection, transaction
from psycopg.errors import UniqueViolation

from svet.domains.ledger import queries
from svet.domains.ledger.rules import EntryKind, Service
from svet.infra import audit, outbox
from svet.infra.copying import copy_in, roubles
from svet.kernel.errors import Conflict, DomainError
from svet.kernel.money import exact_kopecks
from svet.kernel.period import Month

LOCK_CLASS = 7_301
ENTRY_FRAME = {
    "account_id": pl.Int64,
    "kind": pl.String,
    "service": pl.String,
    "amount_kop": pl.Int64,
    "month": pl.Date,
    "concerns": pl.Date,
    "posted_on": pl.Date,
    "source_kind": pl.String,
    "source_id": pl.Int64,
    "line": pl.Int32,
}
"""The columns of the frames that `post_frame` takes."""


class MonthIsClosed(DomainError):
    """Nothing can be posted into this month; `open_month` tells where to."""

    code = "month_is_closed"


def post(
    *,
    account_id: int,
    kind: EntryKind,
    amount: Decimal,
    month: Month,
    concerns: Month | None,
    posted_on: date,
    source_kind: str,
    source_id: int,
    line: int = 1,
    recorded_at: datetime,
    service: Service = Service.ENERGY,
) -> bool:
    """Post one movement (roubles, plus = the customer owes); return False when it was posted before.

    Raises `MonthIsClosed`, or Conflict("entry_differs") when its natural key holds another movement.
    """
    row = {
        "account_id": account_id,
        "service": service.value,
        "kind": kind.value,
        "amount": exact_kopecks(amount),
        "month": month.first_on,
        "concerns": concerns.first_on if concerns else None,
        "posted_on": posted_on,
        "source_kind": source_kind,
        "source_id": source_id,
        "line": line,
        "recorded_at": recorded_at,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        _share([month])
        cursor.execute(_POST, row)
        if cursor.rowcount:
            return True
        cursor.execute(_POSTED, row)
        if cursor.fetchone() != (row["kind"], row["service"], row["amount"]):
            raise Conflict("entry_differs", account_id=account_id, source_kind=source_kind, source_id=source_id)
        return False


_POST = """
INSERT INTO ledger_entry (account_id, service, kind, amount, month, concerns, posted_on,
                          source_kind, source_id, line, recorded_at)
VALUES (%(account_id)s, %(service)s, %(kind)s, %(amount)s, %(month)s, %(concerns)s, %(posted_on)s,
        %(source_kind)s, %(source_id)s, %(line)s, %(recorded_at)s)
ON CONFLICT (account_id, source_kind, source_id, line) DO NOTHING
"""
_POSTED = """
SELECT kind, service, amount FROM ledger_entry
 WHERE account_id = %(account_id)s AND source_kind = %(source_kind)s AND source_id = %(source_id)s AND line = %(line)s
"""


def post_frame(frame: pl.DataFrame, *, recorded_at: datetime) -> int:
    """Post a frame of movements (columns `ENTRY_FRAME`) by COPY; return how many were not there before.

    Raises `MonthIsClosed` when any of its months is, Conflict("entry_differs") when a natural key holds another
    movement. Should some rows be posted already, the others are posted by a slower way.
    """
    if frame.is_empty():
        return 0
    rows = frame.select(pl.col(name).cast(dtype) for name, dtype in ENTRY_FRAME.items()).select(
        roubles("amount_kop", "amount"),
        pl.exclude("amount_kop"),
        recorded_at=pl.lit(recorded_at.isoformat()),
    )
    with transaction.atomic():
        _share([Month.of(day) for day in frame["month"].unique().sort()])
        try:
            with transaction.atomic():
                return copy_in("ledger_entry", rows)
        except UniqueViolation:
            return _post_missing(rows)


def _post_missing(rows: pl.DataFrame) -> int:
    columns = ", ".join(rows.columns)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE posting (LIKE ledger_entry INCLUDING GENERATED) ON COMMIT DROP")
        cursor.execute("ALTER TABLE posting DROP COLUMN id")
        copy_in("posting", rows)
        cursor.execute(
            f"INSERT INTO ledger_entry ({columns}) SELECT {columns} FROM posting"  # noqa: S608 - our own column names
            " ON CONFLICT (account_id, source_kind, source_id, line) DO NOTHING"
        )
        posted: int = cursor.rowcount
        cursor.execute(_DIFFERENT)
        different = cursor.fetchone()
        if different is not None:
            raise Conflict("entry_differs", account_id=different[0], source_kind=different[1], source_id=different[2])
        cursor.execute("DROP TABLE posting")
    return posted


_DIFFERENT = """
SELECT p.account_id, p.source_kind, p.source_id
  FROM posting p JOIN ledger_entry e USING (account_id, source_kind, source_id, line)
 WHERE (p.kind, p.service, p.amount) IS DISTINCT FROM (e.kind, e.service, e.amount) LIMIT 1
"""


def close_month(month: Month, *, at: datetime, by: int | None) -> dict[str, Any]:
    """Close the month for ever: store every account's turnover with control totals; return the totals.

    1. Have the month alone. 2. Store turnovers: opening is the previous closing. 3. Check them against all
    entries of the month. 4. Note the closing. Raises Conflict when it is closed or an earlier month is open.
    """
    with transaction.atomic():
        _have_alone(month)
        _refuse_disorder(month)
        with connection.cursor() as cursor:
            # Statistics know nothing of a new month: a table of groups made for a few would be spilled for all of them.
            cursor.execute("SET LOCAL enable_hashagg = off")
            cursor.execute(_STORE, {"month": month.first_on, "previous": month.previous.first_on})
            cursor.execute("SET LOCAL enable_hashagg TO DEFAULT")
        totals = _control_totals(month)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_month_close (month, closed_at, closed_by, totals) VALUES (%s, %s, %s, %s::jsonb)",
                [month.first_on, at, by, json.dumps(totals)],
            )
        audit.record("ledger.close_month", target_kind="month", target_id=month, at=at, data=totals)
        outbox.record("ledger.month_closed", at=at, payload={"month": month.text, **totals})
    return totals


_STORE = """
INSERT INTO ledger_turnover (account_id, service, month, opening, charged, corrected, penalties, paid, closing)
SELECT account_id, service, %(month)s,
       sum(before) + coalesce(sum(amount) FILTER (WHERE kind = 'opening'), 0),
       coalesce(sum(amount) FILTER (WHERE kind = 'charge'), 0),
       coalesce(sum(amount) FILTER (WHERE kind IN ('correction', 'adjustment')), 0),
       coalesce(sum(amount) FILTER (WHERE kind = 'penalty'), 0),
       -coalesce(sum(amount) FILTER (WHERE kind IN ('payment', 'reversal', 'refund')), 0),
       sum(before) + sum(amount)
  FROM (SELECT account_id, service, kind, amount, 0 AS before FROM ledger_entry WHERE month = %(month)s
        UNION ALL
        SELECT account_id, service, 'before', 0, closing FROM ledger_turnover
         WHERE month = %(previous)s AND closing <> 0) AS moved
 GROUP BY account_id, service ORDER BY account_id, service
"""
"""In the order of accounts, so that the rows lie and are indexed side by side."""


def _share(months: list[Month]) -> None:
    with connection.cursor() as cursor:
        for month in months:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [LOCK_CLASS, month.first_on.toordinal()])
    first_open = queries.first_open_month()
    for month in months:
        if month < first_open:
            raise MonthIsClosed(month=month.text, first_open=first_open.text)


def _have_alone(month: Month) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, month.first_on.toordinal()])


def _refuse_disorder(month: Month) -> None:
    first_open = queries.first_open_month()
    if month < first_open:
        raise Conflict("month_already_closed", month=month.text)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(month) FROM ledger_entry WHERE month >= %s AND month < %s",
            [first_open.first_on, month.first_on],
        )
        earlier = cursor.fetchone()[0]
    gap = first_open if first_open > queries.BEGINNING and first_open < month else None
    if earlier or gap:
        raise Conflict("earlier_month_open", month=month.text, earlier=Month.of(earlier).text if earlier else f"{gap}")


def _control_totals(month: Month) -> dict[str, Any]:
    """Return the sums of the stored turnovers; raise Conflict unless they agree with entries and the month before."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"month": month.first_on, "previous": month.previous.first_on})
        names = [column.name for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    before, moved = row.pop("before"), row.pop("moved")
    if row["closing"] != before + moved:
        raise Conflict("turnovers_differ_from_entries", month=month.text, stored=row["closing"], summed=before + moved)
    return {name: value if name == "accounts" else str(value) for name, value in row.items()}


_TOTALS = """
SELECT count(DISTINCT account_id) AS accounts,
       coalesce(sum(opening), 0.00) AS opening, coalesce(sum(charged), 0.00) AS charged,
       coalesce(sum(corrected), 0.00) AS corrected, coalesce(sum(penalties), 0.00) AS penalties,
       coalesce(sum(paid), 0.00) AS paid, coalesce(sum(closing), 0.00) AS closing,
       (SELECT coalesce(sum(closing), 0.00) FROM ledger_turnover WHERE month = %(previous)s) AS before,
       (SELECT coalesce(sum(amount), 0.00) FROM ledger_entry WHERE month = %(month)s) AS moved
  FROM ledger_turnover WHERE month = %(month)s
"""

"""How a registry's lines become rows: into the payments' table, the ledger and the facts, by sets.

Everything runs in the transaction of `registers.post_register`; nothing here decides whether a file is taken.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import polars as pl
from django.db import connection

from svet.domains.ledger import actions as ledger
from svet.domains.ledger import queries as ledger_queries
from svet.domains.ledger.rules import EntryKind, Service
from svet.domains.payments.rules.register import ParsedRegister
from svet.infra import outbox
from svet.infra.copying import copy_in, copy_out
from svet.kernel.money import from_kopecks

_INCOMING = """
DROP TABLE IF EXISTS payments_incoming;
CREATE TEMPORARY TABLE payments_incoming (
    line integer NOT NULL, external_id text NOT NULL, account_given text, kopecks bigint NOT NULL,
    fee_kopecks bigint NOT NULL, paid_at timestamptz NOT NULL, named_month date, details jsonb NOT NULL
) ON COMMIT DROP
"""
_BOOK = """
INSERT INTO payments_payment (source_id, external_id, account_id, account_given, amount, fee, paid_at, received_at,
                              named_month, register_id, details)
SELECT %s, i.external_id, a.id, coalesce(i.account_given, ''), i.kopecks / 100.0, i.fee_kopecks / 100.0, i.paid_at,
       %s, i.named_month, %s, i.details
FROM payments_incoming i LEFT JOIN accounts_account a ON a.number = i.account_given
ORDER BY i.external_id
ON CONFLICT (source_id, external_id) DO NOTHING
"""
_KNOWN_BEFORE = """
SELECT i.line, i.external_id, p.amount, p.account_given,
       p.amount = i.kopecks / 100.0 AND p.account_given = coalesce(i.account_given, '')
FROM payments_incoming i JOIN payments_payment p ON p.source_id = %s AND p.external_id = i.external_id
WHERE p.register_id IS DISTINCT FROM %s
ORDER BY i.line
"""
_UNIDENTIFIED = """
SELECT i.line, i.external_id, p.account_given, p.amount
FROM payments_incoming i JOIN payments_payment p ON p.source_id = %s AND p.external_id = i.external_id
WHERE p.register_id = %s AND p.account_id IS NULL
ORDER BY i.line
"""
_BOOKED = """
SELECT id, account_id, (amount * 100)::bigint AS kopecks, named_month,
       (paid_at AT TIME ZONE 'Europe/Moscow')::date AS paid_on
FROM payments_payment WHERE register_id = %s
"""


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A line whose operation was booked before this file, and as what; `same` when nothing differs."""

    number: int
    external_id: str
    amount: Decimal
    account_given: str
    same: bool


@dataclass(frozen=True, slots=True)
class UnidentifiedLine:
    """A line that was booked for nobody."""

    number: int
    external_id: str
    account_given: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Booked:
    """What booking a registry's lines came to."""

    posted: int
    before: tuple[KnownLine, ...]
    unidentified: tuple[UnidentifiedLine, ...]


def book_lines(parsed: ParsedRegister, *, source_id: int, register_id: int, received_at: datetime) -> Booked:
    """Book the lines that are not booked yet as payments of the register; say which were and which are nobody's."""
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING)
    copy_in("payments_incoming", _frame(parsed))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE payments_incoming")
        cursor.execute(_BOOK, [source_id, received_at, register_id])
        posted = cursor.rowcount
        cursor.execute(_KNOWN_BEFORE, [source_id, register_id])
        before = tuple(KnownLine(*row) for row in cursor.fetchall())
        cursor.execute(_UNIDENTIFIED, [source_id, register_id])
        unidentified = tuple(UnidentifiedLine(*row) for row in cursor.fetchall())
    return Booked(posted, before, unidentified)


def _frame(parsed: ParsedRegister) -> pl.DataFrame:
    lines = parsed.lines
    return pl.DataFrame(
        {
            "line": pl.Series([line.number for line in lines], dtype=pl.Int32),
            "external_id": pl.Series([line.external_id for line in lines], dtype=pl.String),
            "account_given": pl.Series([line.account_number for line in lines], dtype=pl.String),
            "kopecks": pl.Series([line.kopecks for line in lines], dtype=pl.Int64),
            "fee_kopecks": pl.Series([line.fee_kopecks for line in lines], dtype=pl.Int64),
            "paid_at": pl.Series([line.paid_at.isoformat() for line in lines], dtype=pl.String),
            "named_month": pl.Series(
                [line.named_month.first_on if line.named_month else None for line in lines], dtype=pl.Date
            ),
            "details": pl.Series([json.dumps(line.details, ensure_ascii=False) for line in lines], dtype=pl.String),
        }
    )


def post_entries(register_id: int, *, source_code: str, at: datetime) -> None:
    """Post the ledger entries of the register's identified payments and record the facts of all of them."""
    schema = {"id": pl.Int64, "account_id": pl.Int64, "kopecks": pl.Int64, "named_month": pl.Date, "paid_on": pl.Date}
    booked = copy_out(_BOOKED, [register_id], schema=schema)
    identified = booked.filter(pl.col("account_id").is_not_null())
    try:
        ledger.post_frame(_entries(identified), recorded_at=at)
    except ledger.MonthIsClosed:
        # The month was being closed at this moment: the next one takes the money.
        ledger.post_frame(_entries(identified), recorded_at=at)
    outbox.record_frame(_facts(booked, source_code=source_code, register_id=register_id), at=at)


def _entries(payments: pl.DataFrame) -> pl.DataFrame:
    first_open = ledger_queries.first_open_month().first_on
    return payments.select(
        "account_id",
        pl.lit(EntryKind.PAYMENT.value).alias("kind"),
        pl.lit(Service.ENERGY.value).alias("service"),
        (-pl.col("kopecks")).alias("amount_kop"),
        pl.max_horizontal(pl.col("paid_on").dt.month_start(), pl.lit(first_open)).alias("month"),
        pl.col("named_month").alias("concerns"),
        pl.col("paid_on").alias("posted_on"),
        pl.lit("payment").alias("source_kind"),
        pl.col("id").alias("source_id"),
        pl.lit(1).alias("line"),
    )


def _facts(payments: pl.DataFrame, *, source_code: str, register_id: int) -> pl.DataFrame:
    payloads = [
        json.dumps(
            {
                "payment_id": payment_id,
                "source": source_code,
                "amount": str(from_kopecks(kopecks)),
                "register_id": register_id,
            }
        )
        for payment_id, kopecks in payments.select("id", "kopecks").iter_rows()
    ]
    name = pl.when(pl.col("account_id").is_null()).then(pl.lit("unidentified")).otherwise(pl.lit("accepted"))
    return payments.select(
        (pl.lit("payments.payment_") + name).alias("name"),
        "account_id",
        pl.Series("payload", payloads, dtype=pl.String),
    )

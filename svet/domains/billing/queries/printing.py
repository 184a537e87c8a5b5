"""Which bills of a month go to the printer, where each is delivered, and what they add up to.

A frame and no documents: a million rows are sorted for the postman in the memory of a small machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl
from django.db import connection

from svet.domains.accounts.rules import BillDelivery
from svet.domains.billing.queries.documents import documents_of
from svet.domains.billing.rules.documents import BillDocument
from svet.kernel.period import Month

AT_ONCE = 20_000

TO_PRINT = {
    "bill_id": pl.Int64,
    "account_id": pl.Int64,
    "run_id": pl.Int64,
    "shard": pl.Int64,
    "postal_code": pl.String,
    "settlement": pl.String,
    "street": pl.String,
    "house": pl.String,
    "flat": pl.String,
    "is_on_paper": pl.Boolean,  # the customer wants it on paper (too)
    "charged_kop": pl.Int64,
    "to_pay_kop": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class PrintTotals:
    """What the bills of a month add up to, summed by the database: the other side of a control sheet."""

    bills: int
    charged: Decimal
    to_pay: Decimal


def bills_to_print(month: Month) -> pl.DataFrame:
    """Return every bill of the month (columns of `TO_PRINT`) in the order in which a postman walks."""
    frames, after = [pl.DataFrame(schema=TO_PRINT)], 0
    while True:
        keys: dict[str, Any] = {"month": month.first_on, "after": after, "limit": AT_ONCE, "paper": _ON_PAPER}
        with connection.cursor() as cursor:
            cursor.execute(_TO_PRINT, keys)
            rows = cursor.fetchall()
        frames.append(pl.DataFrame(rows, schema=TO_PRINT, orient="row"))
        if len(rows) < AT_ONCE:
            break
        after = rows[-1][0]
    houses = {name: pl.col(name).str.extract(r"(\d+)").cast(pl.Int64).fill_null(0) for name in ("house", "flat")}
    street = ("postal_code", "settlement", "street")
    return pl.concat(frames).sort(*street, houses["house"], "house", houses["flat"], "flat", "account_id", "bill_id")


def bills_in_order(bill_ids: Sequence[int]) -> list[BillDocument]:
    """Return the documents of these bills in this order."""
    found = {document.bill_id: document for document in documents_of(bill_ids)}
    return [found[bill_id] for bill_id in bill_ids]


def print_totals(month: Month) -> PrintTotals:
    """Return what all bills of the month add up to."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"month": month.first_on})
        return PrintTotals(*cursor.fetchone())


_ON_PAPER = [BillDelivery.PAPER.value, BillDelivery.BOTH.value]
_TO_PRINT = """
SELECT b.id, b.account_id, b.run_id, s.number,
       b.snapshot->>'postal_code', b.snapshot->'address'->>'settlement', b.snapshot->'address'->>'street',
       b.snapshot->'address'->>'house', b.snapshot->'address'->>'flat',
       b.snapshot->>'delivery' = ANY(%(paper)s),
       (b.charged * 100)::bigint, (greatest(b.closing, 0) * 100)::bigint
  FROM billing_bill b
  JOIN billing_run_shard s
    ON s.run_id = b.run_id AND b.account_id BETWEEN s.first_account_id AND s.last_account_id
 WHERE b.month = %(month)s AND b.id > %(after)s
 ORDER BY b.id LIMIT %(limit)s
"""
_TOTALS = """
SELECT count(*), coalesce(sum(charged), 0), coalesce(sum(greatest(closing, 0)), 0)
  FROM billing_bill WHERE month = %(month)s
"""

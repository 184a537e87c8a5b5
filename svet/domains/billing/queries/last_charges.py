"""What each of some accounts was charged last, and which of its months after a day are charged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from svet.domains.billing.queries.inputs import STANDING
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class LastCharges:
    """Roubles of the latest month, and the charged months among those asked for."""

    amount: Decimal
    months: tuple[Month, ...]


_LAST = f"""
SELECT c.account_id, c.month, sum(c.amount) FROM billing_charge c
 WHERE c.account_id = ANY(%(accounts)s) AND c.month >= %(since)s AND {STANDING}
 GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608


def last_charges(account_ids: Sequence[int], *, first: date, last: date) -> dict[int, LastCharges]:
    """Return for each account what its latest of the last 13 months cost, and its charged months of these days."""
    since, until = Month.of(first), Month.of(last)
    with connection.cursor() as cursor:
        cursor.execute(_LAST, {"accounts": list(account_ids), "since": since.plus(-13).first_on})
        rows = cursor.fetchall()
    found: dict[int, LastCharges] = {}
    for account_id, month_on, amount in rows:
        month = Month.of(month_on)
        known = found[account_id].months if account_id in found else ()
        found[account_id] = LastCharges(amount, (*known, month) if since <= month <= until else known)
    return found

"""Billing tells which months it has charged: from then on corrections wait for the next bill."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from svet.infra.copying import array_of
from svet.kernel.period import Month


def mark_billed(account_ids: Sequence[int], *, month: Month, at: datetime) -> int:
    """Note that these accounts are charged for `month`, in the caller's transaction; return how many were not yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO metering_billed (account_id, month, billed_at)"
            " SELECT unnest(%s::bigint[]), %s, %s ON CONFLICT DO NOTHING",
            [array_of(account_ids), month.first_on, at],
        )
        return int(cursor.rowcount)


def unmark_billed(account_id: int, *, month: Month) -> bool:
    """Note that the charges of `month` were reversed: readings count for it again; return whether it was billed.

    What was charged and reversed, billing's own rows tell for ever; this table only says how readings count.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM metering_billed WHERE account_id = %s AND month = %s", [account_id, month.first_on])
        return bool(cursor.rowcount)

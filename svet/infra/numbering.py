"""Gapless numbers: taken inside the caller's transaction, so a rollback gives them back."""

from __future__ import annotations

from django.db import connection


def take(series: str, count: int = 1) -> int:
    """Take `count` numbers of `series` and return the first; others wait until this transaction ends."""
    if count < 1:
        raise ValueError("at least one number must be taken")
    if not connection.in_atomic_block:
        raise RuntimeError("gapless numbers need a transaction")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO infra_number_series (name, last) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET last = infra_number_series.last + excluded.last RETURNING last",
            [series, count],
        )
        last: int = cursor.fetchone()[0]
    return last - count + 1

"""Background jobs: procrastinate on the same PostgreSQL. Domains declare theirs in `jobs.py`.

A job is enqueued in the caller's transaction and rolls back with it.
"""

from __future__ import annotations

from django.db import connection
from procrastinate.contrib.django import app

__all__ = ["app", "is_busy"]


def is_busy(queueing_lock: str) -> bool:
    """Say whether a job with this lock waits in the queue or is being done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status IN ('todo', 'doing'))",
            [queueing_lock],
        )
        return bool(cursor.fetchone()[0])

"""Background jobs: procrastinate on the same PostgreSQL. Domains declare theirs in `jobs.py`.

A job is enqueued in the caller's transaction and rolls back with it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from procrastinate.contrib.django import app

__all__ = ["app", "is_busy", "waiting_since"]


def is_busy(queueing_lock: str) -> bool:
    """Say whether a job with this lock waits in the queue or is being done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status IN ('todo', 'doing'))",
            [queueing_lock],
        )
        return bool(cursor.fetchone()[0])


def waiting_since(at: datetime) -> datetime | None:
    """Return since when the job that has waited longest could have been taken, None when none waits at `at`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(greatest(j.scheduled_at, e.at)) FROM procrastinate_jobs j"
            " JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'"
            " WHERE j.status = 'todo' AND coalesce(j.scheduled_at, e.at) <= %s",
            [at],
        )
        since: datetime | None = cursor.fetchone()[0]
        return since

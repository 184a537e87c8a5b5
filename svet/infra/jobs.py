"""Background jobs: procrastinate on the same PostgreSQL. Domains declare theirs in `jobs.py`.

A job is enqueued in the caller's transaction and rolls back with it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

__all__ = ["app", "defer_once", "is_busy", "waiting_since"]

DEFAULT_QUEUE = "default"


def defer_once(task: str, *, queueing_lock: str, queue: str = DEFAULT_QUEUE, **arguments: Any) -> bool:
    """Put a job into the queue, unless one with its lock waits there already; say whether it was put.

    `task` is its name: a surface may declare it, of which who asks for it knows nothing.
    """
    job = app.configure_task(task, queue=queue, queueing_lock=queueing_lock, allow_unknown=True)
    try:
        with transaction.atomic():
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


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

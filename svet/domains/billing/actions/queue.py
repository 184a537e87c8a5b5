"""Puts the jobs of shards into the queue, in the caller's transaction. The jobs themselves are in `jobs.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from svet.infra.jobs import app, defer_once, is_busy

RATE_SHARD = "svet.domains.billing.jobs.rate_shard"
ISSUE_SHARD = "svet.domains.billing.jobs.issue_shard"
RETRY_WAITING = "svet.domains.billing.jobs.retry_waiting"
REVISE = "svet.domains.billing.jobs.revise"
QUEUE = "billing"
ANALYZE_FROM = 500
"""From so many new jobs on the queue's table is given statistics at once: without, workers crawl."""


def enqueue(task: str, shard_ids: Sequence[int]) -> None:
    """Put a job of `task` for each shard into the queue, in bulk."""
    if not shard_ids:
        return
    arguments: list[dict[str, Any]] = [{"shard_id": shard_id} for shard_id in shard_ids]
    app.configure_task(task, queue=QUEUE).batch_defer(*arguments)
    if len(shard_ids) >= ANALYZE_FROM:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE procrastinate_jobs")


def enqueue_retry(run_id: int, codes: Sequence[str]) -> None:
    """Put the job that rates all accounts of one cause again into the queue; raise AlreadyEnqueued when it is there."""
    task = app.configure_task(RETRY_WAITING, queue=QUEUE, queueing_lock=retry_lock(run_id, codes))
    task.defer(run_id=run_id, codes=list(codes))


def enqueue_revision(revision_id: int) -> None:
    """Put the job that works on a revision into the queue, unless it is there."""
    defer_once(REVISE, queue=QUEUE, queueing_lock=f"revise-{revision_id}", revision_id=revision_id)


def is_retrying(run_id: int, *, codes: Sequence[str]) -> bool:
    """Say whether that job waits or is being done."""
    return is_busy(retry_lock(run_id, codes))


def retry_lock(run_id: int, codes: Sequence[str]) -> str:
    """Return the lock of that job: one at a time for a run and a cause."""
    return f"retry-{run_id}-{'.'.join(codes)}"

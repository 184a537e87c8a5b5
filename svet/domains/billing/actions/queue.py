"""Puts the jobs of shards into the queue, in the caller's transaction. The jobs themselves are in `jobs.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from svet.infra.jobs import app

RATE_SHARD = "svet.domains.billing.jobs.rate_shard"
ISSUE_SHARD = "svet.domains.billing.jobs.issue_shard"
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

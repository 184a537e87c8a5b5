"""Background entry points of debts: one job per shard, a sweep for what was left lying, and work without a queue."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from datetime import datetime

from django.db import connection
from procrastinate.exceptions import AlreadyEnqueued

from svet.domains.debts import actions, queries
from svet.domains.debts.queries import PenaltyProgress
from svet.infra import clock
from svet.infra.jobs import app

log = logging.getLogger(__name__)


@app.task(queue="billing", pass_context=False)
def accrue_shard(shard_id: int) -> None:
    """Accrue the penalties of one shard; close the run when it was the last."""
    try:
        if actions.accrue_shard(shard_id, at=clock.now()):
            actions.finish_penalties(queries.run_of_shard(shard_id), at=clock.now())
    finally:
        connection.close()


@app.task(queueing_lock="resume_penalties", pass_context=False)
def resume_penalties(timestamp: int) -> int:
    """Put shards whose workers died back into the queue; return how many (those still worked on refuse a second)."""
    resumed = 0
    for run_id in queries.unfinished_penalty_runs():
        for shard_id in queries.waiting_shards(run_id):
            try:
                accrue_shard.configure(queueing_lock=f"accrue-{shard_id}").defer(shard_id=shard_id)
                resumed += 1
            except AlreadyEnqueued:
                continue
        actions.finish_penalties(run_id, at=clock.now())
    return resumed


def work_off(run_id: int, *, at: datetime | None = None, workers: int = 1) -> PenaltyProgress:
    """Do the waiting shards of a run here and now, instead of the queue; return its progress.

    Failed shards are told in the progress, not raised. `at` is the moment everything is dated with (default: the
    clock).
    """
    shards = queries.waiting_shards(run_id)
    if workers == 1:
        for shard_id in shards:
            _try(shard_id, at=at)
    else:
        _in_threads(shards, workers, at=at)
    actions.finish_penalties(run_id, at=at or clock.now())
    return queries.penalty_progress(run_id)


def _in_threads(shards: Sequence[int], workers: int, *, at: datetime | None) -> None:
    def alone(shard_id: int) -> None:
        try:
            _try(shard_id, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        context = copy_context()
        for future in as_completed([pool.submit(context.copy().run, alone, shard_id) for shard_id in shards]):
            future.result()


def _try(shard_id: int, *, at: datetime | None) -> None:
    try:
        actions.accrue_shard(shard_id, at=at or clock.now())
    except Exception:
        log.exception("penalty shard %s failed", shard_id)

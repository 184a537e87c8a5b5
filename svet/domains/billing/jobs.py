"""Background entry points of billing: one job per shard, a sweep for what was left lying, and work without a queue."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from datetime import datetime

from django.db import connection
from procrastinate.exceptions import AlreadyEnqueued

from svet.domains.billing import actions, queries
from svet.domains.billing.queries import RunProgress
from svet.domains.billing.rules import RunState
from svet.infra import clock
from svet.infra.jobs import app
from svet.kernel.errors import Conflict

log = logging.getLogger(__name__)

Work = Callable[[int], object]
Progress = Callable[[RunProgress], None]


@app.task(queue="billing", pass_context=False)
def rate_shard(shard_id: int) -> None:
    """Rate one shard of a run."""
    _alone(lambda number: actions.rate_shard(number, at=clock.now()), shard_id)


@app.task(queue="billing", pass_context=False)
def issue_shard(shard_id: int) -> None:
    """Issue the bills of one shard."""
    _alone(lambda number: actions.issue_shard(number, at=clock.now()), shard_id)


@app.task(queue="billing", pass_context=False)
def retry_waiting(run_id: int, codes: list[str]) -> int:
    """Rate again every account of a run that waits for one cause; return how many are billed now.

    Each account is a transaction of its own: killed at any moment, the job goes on where it stopped. The totals of
    the run are read back once, after all.
    """
    solved = 0
    for issue_id in queries.waiting_issues(run_id, codes=tuple(codes)):
        try:
            solved += actions.rate_parked(issue_id, at=clock.now())
        except Conflict:
            break  # the run is over: what still waits goes into the next month
    actions.renew_totals(run_id)
    return solved


@app.task(queueing_lock="resume_runs", pass_context=False)
def resume_runs(timestamp: int) -> int:
    """Put shards whose workers died back into the queue; return how many (those still worked on refuse a second)."""
    resumed = 0
    for run_id, state in queries.unfinished_runs():
        task = issue_shard if state == RunState.ISSUING else rate_shard
        for shard_id in queries.waiting_shards(run_id, issue=state == RunState.ISSUING):
            try:
                if task is issue_shard:
                    issue_shard.configure(queueing_lock=f"issue-{shard_id}").defer(shard_id=shard_id)
                else:
                    rate_shard.configure(queueing_lock=f"rate-{shard_id}").defer(shard_id=shard_id)
                resumed += 1
            except AlreadyEnqueued:
                continue
        if state == RunState.RATING:
            actions.finish_rating(run_id, at=clock.now())
    return resumed


@app.task(queue="billing", pass_context=False)
def revise(revision_id: int) -> int:
    """Count, release or take back a revision, piece by piece; return how many. Killed, it goes on behind them."""
    pieces = 0
    while actions.revise_piece(revision_id, at=clock.now()):
        pieces += 1
    return pieces


@app.task(queueing_lock="resume_revisions", pass_context=False)
def resume_revisions(timestamp: int) -> int:
    """Put revisions whose worker died back into the queue; return how many wait for one."""
    waiting = queries.unfinished_revisions()
    for revision_id in waiting:
        actions.enqueue_revision(revision_id)
    return len(waiting)


def work_off(
    run_id: int, *, at: datetime | None = None, workers: int = 1, progress: Progress | None = None
) -> RunProgress:
    """Do the waiting shards of a run here and now, instead of the queue; return its progress.

    A run being rated is rated to its end; a run being issued is issued. Failed shards are told in the progress,
    not raised. `at` is the moment everything is dated with (default: the clock).
    """
    state = queries.run_progress(run_id).state
    if state == RunState.RATING:
        shards = queries.waiting_shards(run_id, issue=False)
        _do(shards, lambda number: actions.rate_shard(number, at=at or clock.now()), workers, run_id, progress)
        actions.finish_rating(run_id, at=at or clock.now())
    elif state == RunState.ISSUING:
        shards = queries.waiting_shards(run_id, issue=True)
        _do(shards, lambda number: actions.issue_shard(number, at=at or clock.now()), workers, run_id, progress)
    done = queries.run_progress(run_id)
    if progress is not None:
        progress(done)
    return done


def _do(shards: Sequence[int], work: Work, workers: int, run_id: int, progress: Progress | None) -> None:
    """Do the shards in this thread, or in `workers` threads (the engine and the database work without the GIL)."""
    if workers == 1:
        for shard_id in shards:
            _try(work, shard_id)
            if progress is not None:
                progress(queries.run_progress(run_id))
        return
    with ThreadPoolExecutor(workers) as pool:
        context = copy_context()
        futures = [pool.submit(context.copy().run, _alone, work, shard_id) for shard_id in shards]
        for future in as_completed(futures):
            if future.exception() is not None:
                log.error("a shard of run %s failed: %s", run_id, future.exception())
            if progress is not None:
                progress(queries.run_progress(run_id))


def _alone(work: Work, shard_id: int) -> None:
    """Do one shard and give the thread's connection back."""
    try:
        work(shard_id)
    finally:
        connection.close()


def _try(work: Work, shard_id: int) -> None:
    try:
        work(shard_id)
    except Exception:
        log.exception("shard %s failed", shard_id)

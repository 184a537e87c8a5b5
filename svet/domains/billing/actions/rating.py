"""Rates a shard of a run, or one parked account of it, by one code path: load, rate, COPY the results.

A worker claims a shard by an update it commits, then works in one transaction under the row's lock. A kill
drops the lock and the transaction with it, so whoever comes next starts the shard anew; natural keys make
charging twice impossible. A dry run walks the same path and writes previews instead of charges.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl
from django.db import connection, transaction
from procrastinate.exceptions import AlreadyEnqueued

from svet.domains.billing import queries
from svet.domains.billing.actions import issuing, queue, results, runs
from svet.domains.billing.actions.houses import settle_houses
from svet.domains.billing.actions.results import Outcome
from svet.domains.billing.models import BillRun, BillRunIssue, BillRunShard
from svet.domains.billing.queries.inputs import Span
from svet.domains.billing.rules import IssueState, RunKind, RunState, ShardState
from svet.domains.billing.rules.frames import Inputs
from svet.domains.billing.rules.parking import park
from svet.domains.billing.rules.rating import rate
from svet.domains.tariffs.rules.policies import Policies
from svet.infra import audit
from svet.infra.clock import MOSCOW
from svet.infra.repeating import repeatable
from svet.kernel.errors import Conflict, NotFound
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month

ERROR_CHARACTERS = 2000


def rate_shard(shard_id: int, *, at: datetime) -> bool:
    """Rate one shard; return False when it is done already or another worker is at it.

    1. Claim it. 2. Settle the houses of its accounts. 3. In one transaction load, rate, write everything and mark it
    done. 4. When it was the last one, check the run's totals. An error leaves the shard FAILED with its text, to be
    tried again, and is raised.
    """
    if not _claim(shard_id, at=at):
        return False
    try:
        _settle_houses(shard_id, at=at)
        with repeatable():
            shard = _held(shard_id)
            if shard is None:
                return False
            outcome = _rate(shard.run, Span(shard.first_account_id, shard.last_account_id, shard.run.scope), at=at)
            _done(shard, outcome, at=at)
    except Exception as error:
        # A connection lost at the commit leaves open whether it was done: the shard itself says so.
        BillRunShard.objects.filter(pk=shard_id).exclude(state=ShardState.DONE).update(
            state=ShardState.FAILED, error=f"{type(error).__name__}: {error}"[:ERROR_CHARACTERS]
        )
        raise
    runs.finish_rating(shard.run_id, at=at)
    return True


def retry_parked(issue_id: int, *, at: datetime) -> bool:
    """Rate one parked account alone and renew the totals of its run; as `rate_parked`."""
    with transaction.atomic():
        billed = rate_parked(issue_id, at=at)
        if billed:
            runs.renew_totals(BillRunIssue.objects.values_list("run_id", flat=True).get(pk=issue_id))
    return billed


def rate_parked(issue_id: int, *, at: datetime) -> bool:
    """Rate one parked account alone, after its data were mended; return whether it is billed now.

    When numbers of the run's bills are reserved, its bill is issued with it: a kill leaves no charge without a bill.
    Raises NotFound, or Conflict for a closed run.
    """
    with transaction.atomic():
        issue = BillRunIssue.objects.filter(pk=issue_id).first()
        if issue is None:
            raise NotFound(issue=issue_id)
        run = runs.locked(issue.run_id)
        shard = (
            BillRunShard.objects.select_for_update()
            .filter(run=run, first_account_id__lte=issue.account_id, last_account_id__gte=issue.account_id)
            .get()
        )
        issue.refresh_from_db()
        if issue.state == IssueState.SOLVED:
            return True
        if run.state not in (RunState.RATING, RunState.RATED, RunState.FAILED, RunState.ISSUING):
            raise Conflict("run_is_over", run=run.pk, state=run.state)
        if shard.state != ShardState.DONE:
            raise Conflict("shard_is_not_rated", shard=shard.number)
        span = Span(issue.account_id, issue.account_id)
        if not run.dry:
            _settle(run, span, at=at)
        outcome = _rate(run, span, at=at)
        billed = outcome.parked == 0
        if billed:
            _count_solved(shard, issue, outcome, at=at)
        if billed and run.state == RunState.ISSUING:
            issuing.issue_late(run, account_id=issue.account_id, at=at)
        audit.record(
            "billing.retry_parked", target_kind="bill_run_issue", target_id=issue_id, at=at,
            account_id=issue.account_id, data={"run": run.pk, "billed": billed},
        )  # fmt: skip
    return billed


def retry_waiting(run_id: int, *, codes: Sequence[str], by: int | None, at: datetime) -> int:
    """Let a worker rate again all accounts of a run that wait for exactly these codes; return how many there are.

    Raises Conflict("retry_is_under_way") while the same is being done already.
    """
    waiting = len(queries.waiting_issues(run_id, codes=tuple(codes)))
    if not waiting:
        return 0
    with transaction.atomic():
        data = {"codes": list(codes), "accounts": waiting, "by": by}
        audit.record("billing.retry_waiting", target_kind="bill_run", target_id=run_id, at=at, data=data)
        try:
            queue.enqueue_retry(run_id, codes)
        except AlreadyEnqueued as error:
            raise Conflict("retry_is_under_way", run=run_id) from error
    return waiting


def retry_failed(run_id: int) -> int:
    """Put the failed shards of a run back into the queue; return how many there were."""
    with transaction.atomic():
        failed = list(
            BillRunShard.objects.select_for_update().filter(run_id=run_id, state=ShardState.FAILED).order_by("number")
        )
        for shard in failed:
            shard.state, shard.error = ShardState.NEW, ""
            shard.save(update_fields=["state", "error"])
        queue.enqueue(queue.RATE_SHARD, [shard.pk for shard in failed])
    return len(failed)


def _claim(shard_id: int, *, at: datetime) -> bool:
    """Take the shard unless it is done or its row is locked by the worker that has it."""
    with repeatable(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"shard": shard_id, "at": at})
        return bool(cursor.rowcount)


_CLAIM = """
UPDATE billing_run_shard SET state = 'taken', taken_at = %(at)s, attempts = attempts + 1, error = ''
 WHERE id = (SELECT s.id FROM billing_run_shard s JOIN billing_run r ON r.id = s.run_id
              WHERE s.id = %(shard)s AND s.state <> 'done' AND r.state = 'rating'
                FOR UPDATE OF s SKIP LOCKED)
"""


def _held(shard_id: int) -> BillRunShard | None:
    """Return the shard with its row locked until the transaction ends; None when another worker was quicker."""
    return (
        BillRunShard.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("run")
        .filter(pk=shard_id, state=ShardState.TAKEN, run__state=RunState.RATING)
        .first()
    )


def _settle_houses(shard_id: int, *, at: datetime) -> None:
    """Settle the houses of the shard's accounts; a dry run does so within its own transaction and undoes it."""
    shard = BillRunShard.objects.select_related("run").get(pk=shard_id)
    run = shard.run
    if run.dry or run.kind == RunKind.FINAL:
        return
    _settle(run, Span(shard.first_account_id, shard.last_account_id), at=at)


def _settle(run: BillRun, span: Span, *, at: datetime) -> None:
    policies = Policies.from_values(run.policies)
    settle_houses(span, month=Month.of(run.month), policies=policies, run_id=run.pk, at=at)


def _inputs(run: BillRun, span: Span, accounts: pl.DataFrame, *, at: datetime) -> Inputs:
    """Load what rating needs; a dry run settles its houses for it and leaves nothing of that behind."""
    month = Month.of(run.month)
    if not run.dry:
        return queries.load_inputs(span, month=month, accounts=accounts)
    with transaction.atomic():
        _settle(run, span, at=at)
        inputs = queries.load_inputs(span, month=month, accounts=accounts)
        transaction.set_rollback(True)
    return inputs


def _rate(run: BillRun, span: Span, *, at: datetime) -> Outcome:
    """Rate the accounts of the span and write what came out, in the caller's transaction."""
    month = Month.of(run.month)
    accounts = queries.accounts_to_rate(span, month=month)
    inputs = _inputs(run, span, accounts, at=at)
    rated, parked = park(inputs.supplies, rate(inputs, month=month, policies=Policies.from_values(run.policies)))
    final = run.kind == RunKind.FINAL
    posted_on = min(month.last_on, at.astimezone(MOSCOW).date()) if final else month.last_on
    target = results.Target(
        run_id=run.pk, month=month, dry=run.dry, vat_percent_e2=inputs.vat_percent_e2(month), at=at, posted_on=posted_on
    )
    return results.write(rated, parked, target=target, accounts=accounts)


def _done(shard: BillRunShard, outcome: Outcome, *, at: datetime) -> None:
    shard.state, shard.done_at = ShardState.DONE, at
    shard.accounts, shard.billed, shard.parked = outcome.accounts, outcome.billed, outcome.parked
    shard.amount = from_kopecks(outcome.kopecks)
    shard.save(update_fields=["state", "done_at", "accounts", "billed", "parked", "amount"])


def _count_solved(shard: BillRunShard, issue: BillRunIssue, outcome: Outcome, *, at: datetime) -> None:
    issue.state, issue.solved_at = IssueState.SOLVED, at
    issue.save(update_fields=["state", "solved_at"])
    shard.billed, shard.parked = shard.billed + outcome.billed, shard.parked - 1
    shard.amount += from_kopecks(outcome.kopecks)
    shard.save(update_fields=["billed", "parked", "amount"])

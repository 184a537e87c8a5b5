"""The life of a bill run: start, control totals when the last shard is done, cancelling.

A run is cut into shards of accounts; each is a job that any worker on any host may claim.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction

from svet.domains.billing.actions import queue
from svet.domains.billing.models import BillRun, BillRunShard
from svet.domains.billing.queries.inputs import accounts_sql
from svet.domains.billing.rules import RunKind, RunState, ShardState
from svet.domains.ledger import queries as ledger_queries
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.infra import audit, outbox
from svet.kernel.errors import Conflict, NotFound
from svet.kernel.period import Month
from svet.kernel.shards import fair_size


def start_run(
    *,
    month: Month,
    scope: str = "all",
    dry: bool = False,
    started_by: int | None,
    at: datetime,
    shard_size: int | None = None,
) -> int:
    """Start the calculation of a month and return the run's id; its shards wait in the queue.

    `scope` is "all", "postal:<code>" or "account:<number>". Raises `UnknownScope`, Conflict("month_is_closed"),
    or Conflict("run_exists") when the month has a real run for the scope already.
    """
    if not dry and ledger_queries.is_closed(month):
        raise Conflict("month_is_closed", month=month.text)
    policies = Policies.from_values(tariffs.policy_values(month.first_on))
    size = shard_size or fair_size(_count_accounts(scope, month=month))
    try:
        with transaction.atomic():
            run = BillRun.objects.create(
                month=month.first_on,
                kind=RunKind.REGULAR,
                scope=scope,
                dry=dry,
                state=RunState.RATING,
                shard_size=size,
                policies=policies.as_values(),
                started_at=at,
                started_by=started_by,
            )
            _cut(run, month=month)
            _audit("billing.start_run", run, at=at, data={"month": month.text, "scope": scope, "dry": dry})
    except IntegrityError as error:
        raise Conflict("run_exists", month=month.text, scope=scope) from error
    if run.account_count == 0:
        finish_rating(run.pk, at=at)
    return run.pk


def finish_rating(run_id: int, *, at: datetime) -> bool:
    """Close the rating of a run when no shard is left: read the sums back and compare; return whether it is rated.

    Accounts in = billed + parked + nothing to bill; charges = lines = ledger entries = what the shards counted.
    A run whose sums differ becomes FAILED: nothing can be issued from it.
    """
    if BillRunShard.objects.filter(run=run_id).exclude(state=ShardState.DONE).exists():
        return False
    with transaction.atomic():
        run = locked(run_id)
        if run.state == RunState.RATED:
            return True
        waiting = BillRunShard.objects.filter(run=run).exclude(state=ShardState.DONE).exists()
        if run.state != RunState.RATING or waiting:
            return False
        _store_totals(run)
        run.state = RunState.RATED if run.totals["agree"] else RunState.FAILED
        run.rated_at = at
        run.save(update_fields=["state", "rated_at"])
        payload = {"run_id": run.pk, "month": f"{run.month:%Y-%m}", "dry": run.dry, **run.totals}
        outbox.record("billing.run_rated", at=at, payload=payload)
    return run.state == RunState.RATED


def renew_totals(run_id: int) -> None:
    """Read the sums of a rated run back again, after parked accounts of it were billed."""
    with transaction.atomic():
        run = locked(run_id)
        if run.state in (RunState.RATED, RunState.FAILED, RunState.ISSUING):
            _store_totals(run)


def locked(run_id: int) -> BillRun:
    """Return the run, for this transaction alone to move on; its shards are locked after it, never before."""
    run = BillRun.objects.select_for_update(no_key=True).filter(pk=run_id).first()
    if run is None:
        raise NotFound(run=run_id)
    return run


def cancel_run(run_id: int, *, at: datetime, reason: str) -> None:
    """Cancel a dry run, or a run that charged nobody yet. Raises Conflict otherwise."""
    with transaction.atomic():
        run = locked(run_id)
        shards = list(BillRunShard.objects.select_for_update(skip_locked=True).filter(run=run))
        if run.state in (RunState.CLOSED, RunState.CANCELLED):
            raise Conflict("run_is_over", run=run_id, state=run.state)
        if len(shards) < BillRunShard.objects.filter(run=run).count():
            raise Conflict("run_is_being_rated", run=run_id)
        if not run.dry and any(shard.billed for shard in shards):
            raise Conflict("run_has_charges", run=run_id)
        run.state, run.closed_at = RunState.CANCELLED, at
        run.save(update_fields=["state", "closed_at"])
        _audit("billing.cancel_run", run, at=at, reason=reason)


def _count_accounts(scope: str, *, month: Month) -> int:
    where, word = accounts_sql(scope)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM accounts_account a WHERE {where}", _terms(word, month))  # noqa: S608
        return int(cursor.fetchone()[0])


def _terms(word: str, month: Month) -> dict[str, Any]:
    return {"word": word, "first_on": month.first_on, "next_on": month.next.first_on}


def _cut(run: BillRun, *, month: Month) -> None:
    """Cut the accounts of the run into shards of equal numbers and enqueue them."""
    where, word = accounts_sql(run.scope)
    with connection.cursor() as cursor:
        cursor.execute(_CUT.replace("{where}", where), {"run": run.pk, "size": run.shard_size, **_terms(word, month)})
        rows = cursor.fetchall()
    run.account_count = sum(count for _, count in rows)
    run.save(update_fields=["account_count"])
    queue.enqueue(queue.RATE_SHARD, sorted(shard_id for shard_id, _ in rows))


_CUT = """
INSERT INTO billing_run_shard (run_id, number, first_account_id, last_account_id, state, attempts, error,
                               accounts, billed, parked, amount, bill_count)
SELECT %(run)s, piece + 1, min(id), max(id), 'new', 0, '', count(*), 0, 0, 0, 0
  FROM (SELECT a.id, (row_number() OVER (ORDER BY a.id) - 1) / %(size)s AS piece
          FROM accounts_account a WHERE {where}) AS cut
 GROUP BY piece ORDER BY piece
RETURNING id, accounts
"""


def _store_totals(run: BillRun) -> None:
    """Read the run's sums back from the tables and keep them with the verdict `agree`."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [run.pk])
        names = [column.name for column in cursor.description]
        totals: dict[str, Any] = dict(zip(names, cursor.fetchone(), strict=True))
        # Statistics know nothing of a new month: the planner expects one charge, and would look each up in turn.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_PREVIEWED if run.dry else _POSTED, {"run": run.pk, "month": run.month})
        names = [column.name for column in cursor.description]
        totals |= dict(zip(names, cursor.fetchone(), strict=True))
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
    totals["nothing"] = totals["accounts"] - totals["billed"] - totals["parked"]
    sums = {totals[name] for name in ("amount", "charges", "lines", "entries")}
    totals["agree"] = (
        len(sums) == 1
        and totals["nothing"] >= 0
        and totals["billed"] == totals["charged_accounts"]
        and totals["parked"] == totals["waiting"]
    )
    run.totals = {name: str(value) if isinstance(value, Decimal) else value for name, value in totals.items()}
    run.save(update_fields=["totals"])


_COUNTED = """
SELECT coalesce(sum(accounts), 0) AS accounts, coalesce(sum(billed), 0) AS billed, coalesce(sum(parked), 0) AS parked,
       coalesce(sum(amount), 0.00) AS amount
  FROM billing_run_shard WHERE run_id = %s
"""
_POSTED = """
WITH charged AS NOT MATERIALIZED
         (SELECT id, account_id, kwh, amount FROM billing_charge WHERE run_id = %(run)s AND month = %(month)s),
     counted AS MATERIALIZED
         (SELECT count(DISTINCT account_id) AS charged_accounts, coalesce(sum(kwh), 0.000) AS kwh,
                 coalesce(sum(amount), 0.00) AS charges, min(id) AS first_id, max(id) AS last_id FROM charged)
SELECT charged_accounts, kwh, charges,
       (SELECT coalesce(sum(l.amount), 0.00) FROM billing_line l
          JOIN charged c ON c.id = l.charge_id AND c.account_id = l.account_id
         WHERE l.charge_id BETWEEN (SELECT first_id FROM counted) AND (SELECT last_id FROM counted)) AS lines,
       -- OFFSET 0: by the month alone, not also by an index of all charges ever posted.
       (SELECT coalesce(sum(e.amount), 0.00)
          FROM (SELECT * FROM ledger_entry WHERE month = %(month)s OFFSET 0) e
          JOIN charged c ON c.id = e.source_id AND c.account_id = e.account_id
         WHERE e.source_kind = 'charge' AND e.kind = 'charge') AS entries,
       (SELECT count(*) FROM billing_run_issue WHERE run_id = %(run)s AND state = 'parked') AS waiting
  FROM counted
"""
_PREVIEWED = """
SELECT count(*) AS charged_accounts, coalesce(sum(kwh), 0.000) AS kwh, coalesce(sum(amount), 0.00) AS charges,
       coalesce(sum(amount), 0.00) AS lines, coalesce(sum(amount), 0.00) AS entries,
       (SELECT count(*) FROM billing_run_issue WHERE run_id = %(run)s AND state = 'parked') AS waiting
  FROM billing_preview WHERE run_id = %(run)s
"""


def _audit(verb: str, run: BillRun, *, at: datetime, data: dict[str, Any] | None = None, reason: str = "") -> None:
    audit.record(verb, target_kind="bill_run", target_id=run.pk, at=at, data=data, reason=reason)

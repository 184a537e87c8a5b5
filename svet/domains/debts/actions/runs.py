"""The life of a computation of penalties: start, control totals when the last shard is done, one account at once.

Penalties of a month are as of its last day and are accrued between rating and issuing, so that the month's bill shows
them. A run may be repeated at any time: only the difference from what is accrued already is posted.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction

from svet.domains.accounts import queries as accounts
from svet.domains.debts.actions import accruing
from svet.domains.debts.models import PenaltyRun, PenaltyShard
from svet.domains.debts.queries import past_terms, policies_on
from svet.domains.debts.rules import RunState, ShardState
from svet.domains.ledger import queries as ledger_queries
from svet.infra import audit, outbox
from svet.infra.jobs import app
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Month
from svet.kernel.shards import fair_size

ACCRUE_SHARD = "svet.domains.debts.jobs.accrue_shard"
QUEUE = "billing"
ALL = "all"


def start_penalties(
    *,
    month: Month,
    as_of: date | None = None,
    scope: str = ALL,
    dry: bool = False,
    started_by: int | None,
    at: datetime,
    shard_size: int | None = None,
) -> int:
    """Start computing penalties as of a day of `month` (default: its last) and return the run's id.

    `scope` is "all" or "account:<number>". Its shards wait in the queue. Raises Conflict("month_is_closed"),
    ("penalties_are_being_accrued"), DomainError("day_is_outside_the_month"), NotFound for an unknown account.
    """
    with transaction.atomic():
        run = _started(month, as_of=as_of, scope=scope, dry=dry, by=started_by, at=at, shard_size=shard_size)
        shards = list(run.shards.order_by("number").values_list("pk", flat=True))
        if shards:
            waiting: list[dict[str, Any]] = [{"shard_id": shard} for shard in shards]
            app.configure_task(ACCRUE_SHARD, queue=QUEUE).batch_defer(*waiting)
    if not shards:
        finish_penalties(run.pk, at=at)
    return run.pk


def accrue_account(
    account_id: int, *, month: Month, as_of: date | None = None, by: int | None, at: datetime
) -> Decimal:
    """Bring one account's penalties up to a day of `month` at once; return what was added (minus: taken off).

    Raises what `start_penalties` raises, and DomainError("penalty_is_not_known") when a rate or term is not known.
    """
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        scope = f"account:{accounts.account_by_id(account_id).number}"
        if PenaltyRun.objects.filter(scope=ALL, dry=False, state=RunState.ACCRUING).exists():
            raise Conflict("penalties_are_being_accrued", month=month.text)
        run = _started(month, as_of=as_of, scope=scope, dry=False, by=by, at=at, shard_size=1)
        accruing.accrue_shard(run.shards.get().pk, at=at)
        issue = run.issues.first()
        if issue is not None:
            raise DomainError("penalty_is_not_known", rule=issue.code, day=issue.day)
        finish_penalties(run.pk, at=at)
        amount: Decimal = run.shards.get().amount
    return amount


def finish_penalties(run_id: int, *, at: datetime) -> bool:
    """Close a run when no shard is left: read the sums back and compare; return whether it is done.

    Sums of shards = accruals = ledger entries, and accounts computed = with a result + parked. A run whose sums differ
    is FAILED.
    """
    with transaction.atomic():
        run = PenaltyRun.objects.select_for_update().filter(pk=run_id).first()
        if run is None:
            raise NotFound(run=run_id)
        waiting = PenaltyShard.objects.filter(run=run).exclude(state=ShardState.DONE).exists()
        if run.state == RunState.ACCRUING and not waiting:
            run.totals = _totals(run)
            run.state = RunState.DONE if run.totals["agree"] else RunState.FAILED
            run.done_at = at
            run.save(update_fields=["totals", "state", "done_at"])
            payload = {"run_id": run.pk, "month": f"{run.month:%Y-%m}", "dry": run.dry, **run.totals}
            outbox.record("debts.penalties_accrued", at=at, payload=payload)
    return run.state == RunState.DONE


def _started(
    month: Month, *, as_of: date | None, scope: str, dry: bool, by: int | None, at: datetime, shard_size: int | None
) -> PenaltyRun:
    day = as_of or month.last_on
    if Month.of(day) != month:
        raise DomainError("day_is_outside_the_month", day=day, month=month.text)
    if not dry and ledger_queries.is_closed(month):
        raise Conflict("month_is_closed", month=month.text)
    policies = policies_on(day)
    before = (
        PenaltyRun.objects.filter(month=month.previous.first_on, scope=ALL, dry=False, state=RunState.DONE)
        .order_by("pk")
        .last()
    )
    is_whole = scope != ALL or before is None
    try:
        with transaction.atomic():
            run = PenaltyRun.objects.create(
                month=month.first_on,
                as_of=day,
                scope=scope,
                dry=dry,
                is_whole=is_whole,
                past=past_terms(policies, as_of=day),
                reads_since_even=before is not None
                and not is_whole
                and before.past == past_terms(policies, as_of=before.as_of),
                policies=policies.as_values(),
                started_at=at,
                started_by=by,
            )
    except IntegrityError as error:
        raise Conflict("penalties_are_being_accrued", month=month.text) from error
    _cut(run, month=month, size=shard_size)
    data = {"month": month.text, "as_of": day, "scope": scope, "dry": dry}
    audit.record("debts.start_penalties", target_kind="penalty_run", target_id=run.pk, at=at, data=data)
    return run


def _cut(run: PenaltyRun, *, month: Month, size: int | None) -> None:
    number = run.scope.partition(":")[2]
    parameters: dict[str, Any] = {
        "run": run.pk, "next_on": month.next.first_on, "number": number, "all": run.scope
    }  # fmt: skip
    with connection.cursor() as cursor:
        if size is None:
            cursor.execute(f"SELECT count(*) FROM accounts_account a WHERE {_OF_THE_RUN}", parameters)  # noqa: S608
            size = fair_size(cursor.fetchone()[0])
        cursor.execute(_CUT, {**parameters, "size": size})
        counts = [row[0] for row in cursor.fetchall()]
    if number and not counts:
        raise NotFound("no_such_account", number=number)
    run.account_count = sum(counts)
    run.save(update_fields=["account_count"])


_OF_THE_RUN = "a.opened_on < %(next_on)s AND (%(all)s = 'all' OR a.number = %(number)s)"
_CUT = f"""
INSERT INTO debts_run_shard (run_id, number, first_account_id, last_account_id, state, attempts, error,
                             accounts, computed, accrued, parked, amount)
SELECT %(run)s, piece + 1, min(id), max(id), 'new', 0, '', count(*), 0, 0, 0, 0
  FROM (SELECT a.id, (row_number() OVER (ORDER BY a.id) - 1) / %(size)s AS piece FROM accounts_account a
         WHERE {_OF_THE_RUN}) AS cut
 GROUP BY piece ORDER BY piece
RETURNING accounts
"""  # noqa: S608


def _totals(run: PenaltyRun) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(_DRY_TOTALS if run.dry else _TOTALS, {"run": run.pk, "month": run.month})
        names = [column.name for column in cursor.description]
        totals: dict[str, Any] = dict(zip(names, cursor.fetchone(), strict=True))
    totals["agree"] = (
        totals["amount"] == totals["accruals"] == totals["entries"]
        and totals["accrued"] == totals["accrued_accounts"]
        and totals["parked"] == totals["waiting"]
    )
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in totals.items()}


_TOTALS = """
SELECT coalesce(sum(accounts), 0)::bigint AS accounts, coalesce(sum(computed), 0)::bigint AS computed,
       coalesce(sum(accrued), 0)::bigint AS accrued, coalesce(sum(parked), 0)::bigint AS parked,
       coalesce(sum(amount), 0.00) AS amount,
       (SELECT count(*) FROM debts_run_issue WHERE run_id = %(run)s) AS waiting,
       (SELECT count(*) FROM debts_accrual WHERE run_id = %(run)s) AS accrued_accounts,
       (SELECT coalesce(sum(amount), 0.00) FROM debts_accrual WHERE run_id = %(run)s) AS accruals,
       (SELECT coalesce(sum(e.amount), 0.00) FROM debts_accrual a JOIN ledger_entry e
            ON e.account_id = a.account_id AND e.source_kind = 'penalty' AND e.source_id = a.id AND e.kind = 'penalty'
         WHERE a.run_id = %(run)s AND e.month = %(month)s) AS entries
  FROM debts_run_shard WHERE run_id = %(run)s
"""
_DRY_TOTALS = """
SELECT coalesce(sum(accounts), 0)::bigint AS accounts, coalesce(sum(computed), 0)::bigint AS computed,
       coalesce(sum(accrued), 0)::bigint AS accrued, coalesce(sum(parked), 0)::bigint AS parked,
       coalesce(sum(amount), 0.00) AS amount,
       (SELECT count(*) FROM debts_run_issue WHERE run_id = %(run)s) AS waiting,
       (SELECT count(*) FROM debts_preview WHERE run_id = %(run)s) AS accrued_accounts,
       (SELECT coalesce(sum(amount), 0.00) FROM debts_preview WHERE run_id = %(run)s) AS accruals,
       (SELECT coalesce(sum(amount), 0.00) FROM debts_preview WHERE run_id = %(run)s) AS entries
  FROM debts_run_shard WHERE run_id = %(run)s
"""

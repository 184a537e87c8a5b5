"""Issues the bills of a rated run: numbers are reserved for every shard at once, then shards issue in parallel.

Reserving is one transaction over one gapless series, and a shard uses its whole range in one transaction, so
numbers stay gapless however many workers there are and whenever they are killed.
"""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
from django.db import connection, models, transaction

from svet.domains.billing.actions import queue
from svet.domains.billing.actions.bill_rows import INSERT_BILLS
from svet.domains.billing.models import BillRun, BillRunShard
from svet.domains.billing.rules import RunState, ShardState
from svet.domains.billing.rules.due import due_on
from svet.domains.ledger import queries as ledger_queries
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.infra import audit, numbering, outbox
from svet.infra.clock import MOSCOW
from svet.infra.copying import copy_out
from svet.infra.repeating import repeatable
from svet.kernel.errors import Conflict, NotFound
from svet.kernel.period import Month


class NumbersDiffer(Conflict):
    """A shard has another number of bills to issue than numbers were reserved for it."""

    code = "reserved_numbers_differ"


def issue_bills(run_id: int, *, at: datetime) -> int:
    """Reserve numbers for all bills of a rated run and let its shards issue them; return how many bills there are.

    Calling it again reserves nothing more. Raises Conflict for a dry run and for one whose rating is not
    complete or whose totals do not agree.
    """
    with transaction.atomic():
        run = BillRun.objects.select_for_update().filter(pk=run_id).first()
        if run is None:
            raise NotFound(run=run_id)
        if run.dry:
            raise Conflict("run_is_dry", run=run_id)
        if run.state == RunState.ISSUING:
            return _reserved(run)
        if run.state != RunState.RATED:
            raise Conflict("run_is_not_rated", run=run_id, state=run.state)
        month = Month.of(run.month)
        run.issued_on = at.astimezone(MOSCOW).date()
        run.due_on = _due_on(month, run)
        run.state = RunState.ISSUING
        run.save(update_fields=["issued_on", "due_on", "state"])
        count = _reserve(run, month=month, at=at)
        audit.record(
            "billing.issue_bills", target_kind="bill_run", target_id=run_id, at=at,
            data={"month": month.text, "bills": count, "issued_on": run.issued_on, "due_on": run.due_on},
        )  # fmt: skip
    return count


def issue_shard(shard_id: int, *, at: datetime) -> int:
    """Issue the bills of one shard with its reserved numbers; return how many (0: done already, or another's)."""
    with repeatable():
        shard = (
            BillRunShard.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("run")
            .filter(pk=shard_id, bills_issued_at=None, run__state=RunState.ISSUING)
            .exclude(first_bill_number=None)
            .first()
        )
        if shard is None or shard.first_bill_number is None:
            return 0
        first, last = shard.first_account_id, shard.last_account_id
        count = _issue(shard.run, first=first, last=last, number=shard.first_bill_number, at=at)
        if count != shard.bill_count:
            raise NumbersDiffer(shard=shard.number, reserved=shard.bill_count, found=count)
        shard.bills_issued_at = at
        shard.save(update_fields=["bills_issued_at"])
    return count


def issue_late(run: BillRun, *, account_id: int, at: datetime) -> int:
    """Issue the bill of one account that was rated after the others were numbered, in the caller's transaction."""
    number = numbering.take(series(Month.of(run.month)))
    count = _issue(run, first=account_id, last=account_id, number=number, at=at)
    if count != 1:
        raise NumbersDiffer(account_id=account_id, reserved=1, found=count)
    return count


def series(month: Month) -> str:
    """Return the name of the month's series of bill numbers."""
    return f"bill-{month}"


def _due_on(month: Month, run: BillRun) -> date:
    shifts = Policies.from_values(run.policies).due_day_off == "next_working"
    try:
        return due_on(month, calendar=tariffs.working_calendar() if shifts else None)
    except ValueError as error:
        raise NotFound("no_working_calendar", month=month.next.text) from error


def _reserved(run: BillRun) -> int:
    return sum(BillRunShard.objects.filter(run=run).values_list("bill_count", flat=True))


def _reserve(run: BillRun, *, month: Month, at: datetime) -> int:
    """Give every shard its range of the month's series; enqueue those that have bills to issue."""
    shards = BillRunShard.objects.filter(run=run)
    # The accounts that shards billed are the accounts with charges: the totals of a rated run say so.
    shards.update(bill_count=models.F("billed"))
    total = _reserved(run)
    if total == 0:
        shards.update(bills_issued_at=at)
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_RANGES, {"run": run.pk, "first": numbering.take(series(month), total), "at": at})
    waiting = shards.filter(state=ShardState.DONE, bills_issued_at=None).order_by("number")
    queue.enqueue(queue.ISSUE_SHARD, list(waiting.values_list("pk", flat=True)))
    return total


_RANGES = """
UPDATE billing_run_shard s
   SET first_bill_number = %(first)s + ranged.before, bills_issued_at = CASE WHEN s.bill_count = 0 THEN %(at)s END
  FROM (SELECT id, sum(bill_count) OVER (ORDER BY number) - bill_count AS before
          FROM billing_run_shard WHERE run_id = %(run)s) AS ranged
 WHERE s.id = ranged.id
"""


def _issue(run: BillRun, *, first: int, last: int, number: int, at: datetime) -> int:
    """Insert the bills of the accounts in the range that have charges and no bill; return how many."""
    month = Month.of(run.month)
    closed = ledger_queries.first_open_month().previous
    parameters = {
        "run": run.pk,
        "month": month.first_on,
        "last_on": month.last_on,
        "first": first,
        "last": last,
        "number": number,
        "issued_on": run.issued_on,
        "due_on": run.due_on,
        "closed_until": closed.first_on,
        "open": [one.first_on for one in ledger_queries.months_after(closed, until=month)],
    }
    issued = copy_out(INSERT_BILLS, parameters, schema=_ISSUED)
    outbox.record_frame(_facts(issued, run=run, month=month), at=at)
    return issued.height


_ISSUED = {"account_id": pl.Int64, "bill_id": pl.Int64, "number": pl.Int64, "closing": pl.String}


def _facts(issued: pl.DataFrame, *, run: BillRun, month: Month) -> pl.DataFrame:
    """Return one fact per bill, its payload put together as text."""
    common = f', "run_id": {run.pk}, "month": "{month}", "due_on": "{run.due_on}"' + "}"
    payload = pl.concat_str(
        pl.lit('{"bill_id": '), "bill_id", pl.lit(', "number": '), "number",
        pl.lit(', "closing": "'), "closing", pl.lit('"' + common),
    )  # fmt: skip
    return issued.select("account_id", name=pl.lit("billing.bill_issued"), payload=payload)

"""Computes a shard of accounts and writes the difference from what is accrued already, by one path for any number.

A worker claims a shard by an update it commits, then works in one transaction under the row's lock. A kill drops the
lock and the transaction with it; the numbers of accruals make accruing twice impossible. A dry run writes previews.
"""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
from django.db import connection

from svet.domains.debts import queries
from svet.domains.debts.models import PenaltyRun, PenaltyShard
from svet.domains.debts.queries import Recomputed, Span
from svet.domains.debts.rules import ShardState
from svet.domains.debts.rules.frames import Penalties
from svet.domains.ledger import actions as ledger
from svet.domains.ledger import queries as ledger_queries
from svet.domains.ledger.rules import EntryKind, Service
from svet.domains.tariffs.rules.policies import Policies
from svet.infra.copying import array_of, copy_in, reserve_ids, roubles
from svet.infra.repeating import repeatable
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month

ERROR_CHARACTERS = 2000


def accrue_shard(shard_id: int, *, at: datetime) -> bool:
    """Accrue one shard; return False when it is done already or another worker is at it.

    An error leaves the shard FAILED with its text, to be tried again, and is raised.
    """
    if not _claim(shard_id, at=at):
        return False
    try:
        with repeatable():
            shard = (
                PenaltyShard.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("run")
                .filter(pk=shard_id, state=ShardState.TAKEN)
                .first()
            )
            if shard is None:
                return False
            _accrue(shard, at=at)
    except Exception as error:
        # A connection lost at the commit leaves open whether it was done: the shard itself says so.
        PenaltyShard.objects.filter(pk=shard_id).exclude(state=ShardState.DONE).update(
            state=ShardState.FAILED, error=f"{type(error).__name__}: {error}"[:ERROR_CHARACTERS]
        )
        raise
    return True


def _claim(shard_id: int, *, at: datetime) -> bool:
    with repeatable(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"shard": shard_id, "at": at})
        return bool(cursor.rowcount)


_CLAIM = """
UPDATE debts_run_shard SET state = 'taken', taken_at = %(at)s, attempts = attempts + 1, error = ''
 WHERE id = (SELECT s.id FROM debts_run_shard s JOIN debts_run r ON r.id = s.run_id
              WHERE s.id = %(shard)s AND s.state <> 'done' AND r.state = 'accruing'
                FOR UPDATE OF s SKIP LOCKED)
"""


def _accrue(shard: PenaltyShard, *, at: datetime) -> None:
    run = shard.run
    span = Span(shard.first_account_id, shard.last_account_id)
    account_ids = queries.accounts_to_compute(span, as_of=run.as_of, whole=run.is_whole)
    accrued = queries.accrued(account_ids)
    done = queries.recompute(
        accrued,
        as_of=run.as_of,
        policies=Policies.from_values(run.policies),
        since_even=run.reads_since_even,
        even_until=_even_until(Month.of(run.month)),
    )
    found = done.found
    known = accrued.join(found.findings, on="account_id", how="anti")
    lines = _changed_lines(found, done.standing, known=known)
    accruals = _accruals(done, lines, known=known)
    if run.dry:
        _write_previews(run, accruals)
    else:
        _write(run, accruals, lines, at=at)
        _solve(run, known)
    _park(run, found.findings)
    shard.state, shard.done_at = ShardState.DONE, at
    shard.computed, shard.accrued, shard.parked = len(account_ids), accruals.height, found.findings.height
    shard.amount = from_kopecks(int(accruals["amount_kop"].sum()))
    shard.save(update_fields=["state", "done_at", "computed", "accrued", "parked", "amount"])


def _changed_lines(found: Penalties, standing: pl.DataFrame, *, known: pl.DataFrame) -> pl.DataFrame:
    """Return the intervals that are new (base > 0) or no longer hold (base < 0)."""
    now = found.intervals.select(*queries.KEY, "base_kop")
    before = standing.join(known, on="account_id", how="semi").with_columns(base_kop=-pl.col("base_kop"))
    changed = pl.concat([now, before.select(now.columns)]).group_by(queries.KEY).agg(pl.col("base_kop").sum())
    return changed.filter(pl.col("base_kop") != 0).sort(queries.KEY)


def _accruals(done: Recomputed, lines: pl.DataFrame, *, known: pl.DataFrame) -> pl.DataFrame:
    """Return a row per account that has something to write: its next number, its total now, the difference."""
    totals = done.found.totals.group_by("account_id").agg(total_kop=pl.col("amount_kop").sum())
    touched = lines.select("account_id", touched=pl.lit(value=True)).unique()
    rows = known.select("account_id", "version", "accrued_kop")
    for found in (totals, done.since_even, touched, done.even):
        rows = rows.join(found, on="account_id", how="left")
    # What an even day left behind stands as it was accrued.
    before = pl.coalesce("before_kop", "accrued_kop")
    rows = rows.with_columns(version=pl.col("version") + 1, amount_kop=pl.col("total_kop").fill_null(0) - before)
    return (
        rows.filter(pl.col("touched").fill_null(value=False) | (pl.col("amount_kop") != 0))
        .with_columns(total_kop=pl.col("accrued_kop") + pl.col("amount_kop"), kept_kop=pl.col("kept_kop").fill_null(0))
        .select("account_id", "version", "total_kop", "amount_kop", "even_on", "kept_kop")
        .sort("account_id")
    )


def _even_until(month: Month) -> date | None:
    """Return the last day on which a book can be even for good: all before the month of the run is closed."""
    return month.previous.last_on if ledger_queries.first_open_month() == month else None


def _write(run: PenaltyRun, accruals: pl.DataFrame, lines: pl.DataFrame, *, at: datetime) -> None:
    if accruals.is_empty():
        return
    numbered = accruals.with_columns(reserve_ids("debts_accrual", accruals.height))
    copy_in(
        "debts_accrual",
        numbered.select(
            "id", "account_id", "version", "even_on",
            roubles("total_kop", "total"),
            roubles("amount_kop", "amount"),
            roubles("kept_kop", "kept"),
            run_id=run.pk,
            month=pl.lit(run.month),
            as_of=pl.lit(run.as_of),
            accrued_at=pl.lit(at.isoformat()),
        ),
    )  # fmt: skip
    copy_in(
        "debts_accrual_line",
        lines.join(numbered.select("account_id", accrual_id="id"), on="account_id", maintain_order="left").select(
            "account_id", "accrual_id", "due_on", "from_on", "until_on", "share",
            roubles("base_kop", "base"),
            number=pl.int_range(1, pl.len() + 1).over("account_id"),
            debt_month="debt_on",
            percent=pl.col("percent_e2").cast(pl.String) + "e-2",
        ),
    )  # fmt: skip
    ledger.post_frame(_entries(run, numbered), recorded_at=at)


def _entries(run: PenaltyRun, accruals: pl.DataFrame) -> pl.DataFrame:
    """Return one movement per account, apart from the price of energy; it concerns the month it was accrued in."""
    return accruals.filter(pl.col("amount_kop") != 0).select(
        "account_id",
        "amount_kop",
        kind=pl.lit(EntryKind.PENALTY.value),
        service=pl.lit(Service.PENALTY.value),
        month=pl.lit(run.month),
        concerns=pl.lit(run.month),
        posted_on=pl.lit(run.as_of),
        source_kind=pl.lit("penalty"),
        source_id="id",
        line=1,
    )


def _write_previews(run: PenaltyRun, accruals: pl.DataFrame) -> None:
    copy_in(
        "debts_preview",
        accruals.select("account_id", roubles("total_kop", "total"), roubles("amount_kop", "amount"), run_id=run.pk),
    )


def _solve(run: PenaltyRun, known: pl.DataFrame) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE debts_run_issue SET solved_by_id = %s"
            " WHERE account_id = ANY(%s::bigint[]) AND solved_by_id IS NULL",
            [run.pk, array_of(known["account_id"])],
        )


def _park(run: PenaltyRun, findings: pl.DataFrame) -> None:
    copy_in("debts_run_issue", findings.with_columns(run_id=run.pk))

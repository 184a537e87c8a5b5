"""Reads of computations of penalties: how far they are, what is parked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, Sum

from svet.domains.debts.models import PenaltyIssue, PenaltyRun, PenaltyShard, Preview
from svet.domains.debts.rules import RunState, ShardState
from svet.kernel.errors import NotFound
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class PenaltyProgress:
    """One computation: shards and accounts; `amount` roubles were added to penalties."""

    run_id: int
    month: Month
    as_of: date
    scope: str
    dry: bool
    state: RunState
    started_at: datetime
    shards: int
    done: int
    failed: int
    accounts: int
    computed: int
    accrued: int
    parked: int
    amount: Decimal
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParkedPenalty:
    """An account whose penalty is not computed: the rule that asks, and the first day it is about."""

    account_id: int
    number: str
    code: str
    day: date

    @property
    def finding(self) -> tuple[str, date]:
        """What is not known, and for which day."""
        return self.code, self.day


def penalty_progress(run_id: int) -> PenaltyProgress:
    """Return how far a run is; raise NotFound."""
    run = PenaltyRun.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFound(run=run_id)
    counted = PenaltyShard.objects.filter(run=run).aggregate(
        shards=Count("pk"),
        done=Count("pk", filter=Q(state=ShardState.DONE)),
        failed=Count("pk", filter=Q(state=ShardState.FAILED)),
        **{name: Sum(name, default=0) for name in ("accounts", "computed", "accrued", "parked")},
        amount=Sum("amount", default=Decimal("0.00")),
    )
    failed = PenaltyShard.objects.filter(run=run, state=ShardState.FAILED).order_by("number")
    return PenaltyProgress(
        run_id=run.pk,
        month=Month.of(run.month),
        as_of=run.as_of,
        scope=run.scope,
        dry=run.dry,
        state=RunState(run.state),
        started_at=run.started_at,
        errors=tuple(failed.values_list("error", flat=True)[:5]),
        **counted,
    )


def penalties_of_month(month: Month) -> PenaltyProgress | None:
    """Return the last computation of a month for all accounts; None when there was none."""
    last = PenaltyRun.objects.filter(month=month.first_on, scope="all", dry=False).order_by("-pk").first()
    return None if last is None else penalty_progress(last.pk)


def parked_penalties(run_id: int, *, limit: int = 100) -> list[ParkedPenalty]:
    """Return accounts whose penalties a run could not compute and no later one did."""
    rows = PenaltyIssue.objects.filter(run=run_id, solved_by=None).order_by("account_id")
    return [ParkedPenalty(*row) for row in rows.values_list("account_id", "account__number", "code", "day")[:limit]]


def previewed(run_id: int) -> dict[int, Decimal]:
    """Return what a dry run would add, by account."""
    return dict(Preview.objects.filter(run=run_id).values_list("account_id", "amount"))


def unfinished_penalty_runs() -> list[int]:
    """Return the runs that are not done."""
    return list(PenaltyRun.objects.filter(state=RunState.ACCRUING).order_by("pk").values_list("pk", flat=True))


def waiting_shards(run_id: int) -> list[int]:
    """Return the shards of a run that are not done, in order."""
    rows = PenaltyShard.objects.filter(run=run_id, run__state=RunState.ACCRUING).exclude(state=ShardState.DONE)
    return list(rows.order_by("number").values_list("pk", flat=True))


def run_of_shard(shard_id: int) -> int:
    """Return the run of a shard; raise NotFound."""
    found = PenaltyShard.objects.filter(pk=shard_id).values_list("run_id", flat=True).first()
    if found is None:
        raise NotFound(shard=shard_id)
    return found

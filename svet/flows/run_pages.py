"""What the pages of bill runs show: runs with the months that may be billed and closed, and one run in full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from svet.domains.billing import actions as billing
from svet.domains.billing import queries as billing_queries
from svet.domains.billing.queries import ParkedAccount, ParkedCause, Preview, RunProgress
from svet.domains.billing.rules import IssueState, RunState
from svet.domains.ledger import queries as ledger
from svet.domains.ledger.queries import MonthTotals
from svet.flows import penalties
from svet.flows.penalties import RunPenalties
from svet.kernel.errors import NotFound
from svet.kernel.period import Month

MOVING = frozenset({RunState.NEW, RunState.RATING})
LINES, MOST = 100, 5000


@dataclass(frozen=True, slots=True)
class Overview:
    """All runs, the latest first, and the month that can be closed next."""

    runs: tuple[RunProgress, ...]
    closable: Month | None
    recalculations: int


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run: how far it is, what is parked, what a dry run would change, the penalties of its month."""

    progress: RunProgress
    causes: tuple[ParkedCause, ...]
    parked: tuple[ParkedAccount, ...]
    previews: tuple[Preview, ...]
    penalties: RunPenalties | None = None

    @property
    def waiting(self) -> int:
        """How many accounts are still parked."""
        return sum(one.count for one in self.causes)

    @property
    def is_moving(self) -> bool:
        """Whether the page should look again by itself."""
        run = self.progress
        accruing = self.penalties is not None and self.penalties.is_moving
        return accruing or run.state in MOVING or (run.state == RunState.ISSUING and not run.is_issued)

    @property
    def may_issue(self) -> bool:
        """Whether its bills can be issued now."""
        return not self.progress.dry and self.progress.state == RunState.RATED

    @property
    def may_close(self) -> bool:
        """Whether its month can be closed now."""
        return not self.progress.dry and self.progress.state == RunState.ISSUING and self.progress.is_issued


@dataclass(frozen=True, slots=True)
class CausePage:
    """Accounts of a run that wait for one cause, and whether a worker is rating them again right now."""

    progress: RunProgress
    cause: ParkedCause
    parked: tuple[ParkedAccount, ...]
    is_moving: bool


@dataclass(frozen=True, slots=True)
class Closing:
    """What is looked at before a month is closed."""

    month: Month
    totals: MonthTotals
    runs: tuple[RunProgress, ...]
    parked: int


def overview(*, on: date) -> Overview:
    """Return the runs, and the month that can be closed next."""
    found = tuple(billing_queries.runs(limit=50))
    ready = [run.month for run in found if not run.dry and run.state == RunState.ISSUING and run.is_issued]
    waiting = len(billing_queries.waiting_recalculations())
    return Overview(runs=found, closable=min(ready, default=None), recalculations=waiting)


def months_to_bill(*, on: date) -> list[Month]:
    """Return the months that a run may be started for: the last ended one first, back to the first open one."""
    first = max(ledger.first_open_month(), Month.of(on).plus(-3))
    months, month = [], Month.of(on)
    while month >= first:
        months.append(month)
        month = month.previous
    return [*months[1:], *months[:1]]


def months_charged(*, on: date) -> list[Month]:
    """Return the months of real runs, the latest first: those that may be charged anew."""
    return sorted(
        {one.month for one in billing_queries.runs() if not one.dry and one.month <= Month.of(on)}, reverse=True
    )


def run(run_id: int, *, at: datetime) -> RunPage:
    """Return everything the page of one run shows; raise NotFound."""
    progress = billing_queries.run_progress(run_id)
    return RunPage(
        progress=progress,
        causes=tuple(billing_queries.parked_causes(run_id)) if progress.parked else (),
        parked=tuple(billing_queries.parked(run_id, limit=LINES)) if progress.parked else (),
        previews=tuple(billing_queries.previews(run_id, limit=LINES)) if progress.dry else (),
        penalties=None if progress.dry else penalties.of_run(progress.month),
    )


def cause(run_id: int, *, key: str) -> CausePage:
    """Return what waits in a run for the cause with this key; raise NotFound for an unknown run.

    A cause for which nothing waits any more is shown empty: somebody has just mended it.
    """
    progress = billing_queries.run_progress(run_id)
    codes = tuple(key.split("."))
    found = next((one for one in billing_queries.parked_causes(run_id) if one.codes == codes), None)
    waiting = (one for one in billing_queries.parked(run_id, codes=codes, limit=MOST) if one.state == IssueState.PARKED)
    return CausePage(
        progress=progress,
        cause=found or ParkedCause(codes=codes, count=0, example=()),
        parked=tuple(islice(waiting, LINES)),
        is_moving=found is not None and billing.is_retrying(run_id, codes=codes),
    )


def retry_cause(run_id: int, *, key: str, by: int, at: datetime) -> int:
    """Let a worker rate again all that wait in a run for one cause; return how many. Raise NotFound, Conflict."""
    billing_queries.run_progress(run_id)
    return billing.retry_waiting(run_id, codes=tuple(key.split(".")), by=by, at=at)


def retry(run_id: int, *, number: str, at: datetime) -> bool:
    """Calculate one parked account of the run again; return whether it is billed now. Raise NotFound."""
    issue = next((one for one in billing_queries.parked(run_id, limit=MOST) if one.account_number == number), None)
    if issue is None:
        raise NotFound(run=run_id, number=number)
    return billing.retry_parked(issue.issue_id, at=at)


def closing(month: Month) -> Closing:
    """Return what to look at before closing the month."""
    runs = tuple(one for one in billing_queries.runs(limit=50) if one.month == month and not one.dry)
    live = tuple(one for one in runs if one.state != RunState.CANCELLED)
    waiting = sum(
        issue.state == IssueState.PARKED for one in live for issue in billing_queries.parked(one.run_id, limit=MOST)
    )
    return Closing(month=month, totals=ledger.month_totals(month), runs=live, parked=waiting)

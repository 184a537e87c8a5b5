"""How fast a whole month of a region is billed: rated and posted, penalties accrued, bills issued, the month closed.

The floor of each stage is a bare COPY of the very rows it wrote, moved one month on, into the same indexed and
constrained tables in the same database, one stream and one transaction.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.queries import RunProgress
from svet.domains.billing.rules import RunState
from svet.domains.debts import actions as debts
from svet.domains.debts import jobs as accruing
from svet.domains.debts.rules import RunState as PenaltyState
from svet.kernel.period import Month
from svet.surfaces.console.bench import Figure
from svet.surfaces.console.bench._floor import ACCRUED, floor_of
from svet.surfaces.console.bench._town import LAST as MONTH
from svet.surfaces.console.bench._town import between_runs, build_region, vacuum

BEFORE = MONTH.previous
SHARD_SIZE = 5000

_RATED = {
    "billing_charge": (
        "SELECT id + {ahead} AS id, account_id, supply_point_id, '{next}'::date AS month, version, run_id, kwh, amount,"
        " vat_percent, vat, basis, estimated_months, facts, calculated_at FROM billing_charge WHERE run_id = {run}"
    ),
    "billing_line": (
        "SELECT l.account_id, charge_id + {ahead} AS charge_id, l.number, l.zoning, l.band, l.step, l.from_on, "
        " l.until_on, l.kwh, l.rate, l.amount, l.basis, l.rule, l.tariff_version_id"
        " FROM billing_line l JOIN billing_charge c ON c.id = l.charge_id WHERE c.run_id = {run}"
    ),
    "billing_volume": (
        "SELECT v.account_id, charge_id + {ahead} AS charge_id, v.number, v.register_id, v.band, v.from_on, v.until_on,"
        " v.start_reading_id, v.end_reading_id, v.start_value, v.end_value, v.multiplier, v.kwh, v.basis, v.rule,"
        " v.facts FROM billing_volume v JOIN billing_charge c ON c.id = v.charge_id WHERE c.run_id = {run}"
    ),
    "ledger_entry": (
        "SELECT account_id, service, kind, amount, '{next}'::date AS month, concerns, posted_on, source_kind,"
        " source_id + {ahead} AS source_id, line, recorded_at FROM ledger_entry"
        " WHERE source_kind = 'charge' AND month = '{month}'"
    ),
    "metering_billed": (
        "SELECT account_id, '{next}'::date AS month, billed_at FROM metering_billed WHERE month = '{month}'"
    ),
}
_ISSUED = {
    "billing_bill": (
        "SELECT account_id, '{next}'::date AS month, run_id, number, issued_on, due_on, opening, charged, corrected,"
        " penalties, paid, closing, snapshot FROM billing_bill WHERE run_id = {run}"
    ),
    "infra_fact": (
        "SELECT at, name, account_id, payload, request_id FROM infra_fact"
        " WHERE name = 'billing.bill_issued' AND payload ->> 'run_id' = '{run}'"
    ),
}
_CLOSED = {
    "ledger_turnover": (
        "SELECT account_id, service, '{next}'::date AS month, opening, charged, corrected, penalties, paid, closing"
        " FROM ledger_turnover WHERE month = '{month}'"
    ),
}


@dataclass(frozen=True, slots=True)
class Billed:
    """A billed month: its runs and the seconds of each stage."""

    run_id: int
    accrual_id: int
    rated: float
    accrued: float
    issued: float
    closed: float

    @property
    def seconds(self) -> float:
        """All stages together."""
        return self.rated + self.accrued + self.issued + self.closed


def run(size: int, *, at: datetime) -> dict[str, Figure]:
    """Bill two months of a region of `size` accounts whole: the first with one worker, the second with two."""
    build_region(size, at=at)
    vacuum()
    alone = bill_whole(BEFORE, at=at, workers=1)
    between_runs(BEFORE)
    done = bill_whole(MONTH, at=at, workers=2)
    progress = queries.run_progress(done.run_id)
    if progress.bills_issued != progress.billed or progress.billed == 0:
        raise RuntimeError(f"the month was not billed whole: {progress}")
    bills, memory = progress.billed, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    stages = {
        "rated and posted": (done.rated, _RATED),
        "penalties accrued": (done.accrued, ACCRUED),
        "bills issued": (done.issued, _ISSUED),
        "month closed": (done.closed, _CLOSED),
    }
    spare = debts.start_penalties(month=MONTH.next, started_by=None, at=at, shard_size=SHARD_SIZE)
    runs = {"run": done.run_id, "accrued": done.accrual_id, "spare": spare}
    months = {"month": MONTH.first_on, "next": MONTH.next.first_on}
    floors = {name: floor_of(tables, **runs, **months) for name, (_, tables) in stages.items()}
    figures = {
        name: Figure.against(bills / spent, floor=bills / floors[name], unit=f"accounts/s ({spent:.0f} s)")
        for name, (spent, _) in stages.items()
    }
    whole = Figure.against(
        bills / done.seconds, floor=bills / sum(floors.values()), unit=f"accounts/s ({done.seconds:.0f} s)"
    )
    return {
        **figures,
        "the whole month, two workers": whole,
        "the month before, one worker": Figure(bills / alone.seconds, unit=f"accounts/s ({alone.seconds:.0f} s)"),
        "parked": Figure(progress.parked, unit=f"of {size}"),
        "memory of the workers": Figure(memory, unit="MiB at most"),
    }


def bill_whole(month: Month, *, at: datetime, workers: int) -> Billed:
    """Rate, accrue penalties, issue and close a month."""
    run_id = actions.start_run(month=month, started_by=None, at=at, shard_size=SHARD_SIZE)
    rated = _timed(lambda: jobs.work_off(run_id, at=at, workers=workers), until=RunState.RATED)
    accrual_id = debts.start_penalties(month=month, started_by=None, at=at, shard_size=SHARD_SIZE)
    started = time.perf_counter()
    accrual = accruing.work_off(accrual_id, at=at, workers=workers)
    accrued = time.perf_counter() - started
    if accrual.state is not PenaltyState.DONE:
        raise RuntimeError(f"penalties stopped: {accrual.errors[:1]}")
    actions.issue_bills(run_id, at=at)
    issued = _timed(lambda: jobs.work_off(run_id, at=at, workers=workers), until=RunState.ISSUING)
    started = time.perf_counter()
    actions.close_month(month, at=at, by=None, leave_parked=True)
    return Billed(run_id, accrual_id, rated, accrued, issued, time.perf_counter() - started)


def bill(month: Month, *, at: datetime, workers: int) -> tuple[int, float, float]:
    """Rate and issue a month; return the run and the seconds of both."""
    run_id = actions.start_run(month=month, started_by=None, at=at, shard_size=SHARD_SIZE)
    rating = _timed(lambda: jobs.work_off(run_id, at=at, workers=workers), until=RunState.RATED)
    actions.issue_bills(run_id, at=at)
    issuing = _timed(lambda: jobs.work_off(run_id, at=at, workers=workers), until=RunState.ISSUING)
    return run_id, rating, issuing


def _timed(work: Callable[[], RunProgress], *, until: RunState) -> float:
    started = time.perf_counter()
    progress = work()
    if progress.state != until:
        raise RuntimeError(f"the run stopped: {progress.errors[:1] or progress.totals}")
    return time.perf_counter() - started

"""How fast a whole month of a region is billed: rated and posted, penalties accrued, bills issued, the month closed.

Three months are billed: the first warms up (everybody's first bill and first penalties), the second is done by one
worker, the third by two. A tenth of the accounts is billed the same way before, in a database of its own, so that the
cost of an account in a small region and a large one is measured by the same machine in the same state.

The floor of each stage is a bare COPY of the very rows that the third month wrote, moved one month on (see `_floor`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from svet.surfaces.console.bench._database import in_a_copy
from svet.surfaces.console.bench._floor import ACCRUED, Floors, floors_of
from svet.surfaces.console.bench._memory import MemoryWatch
from svet.surfaces.console.bench._progress import step
from svet.surfaces.console.bench._town import CLOSED, between_runs, build_region, vacuum

WARMING, ALONE, MONTH = CLOSED.next, CLOSED.plus(2), CLOSED.plus(3)
SMALLER = 10

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
RATED, ACCRUING, ISSUED, ENDED = "rated and posted", "penalties accrued", "bills issued", "month closed"
_STAGES = {RATED: _RATED, ACCRUING: ACCRUED, ISSUED: _ISSUED, ENDED: _CLOSED}


@dataclass(frozen=True, slots=True)
class Spent:
    """What a stage took: seconds on the wall, and seconds of a processor in the workers' own process."""

    wall: float
    own: float

    def told(self) -> str:
        """Say both as the unit of a rate."""
        return f"accounts/s ({self.wall:.1f} s; {self.own:.1f} s of a processor outside the database)"


@dataclass(frozen=True, slots=True)
class Billed:
    """A month billed whole: its runs, how many bills it has, what each stage took."""

    run_id: int
    accrual_id: int
    bills: int
    parked: int
    stages: dict[str, Spent]
    memory: MemoryWatch

    @property
    def whole(self) -> Spent:
        """All stages together."""
        return Spent(sum(one.wall for one in self.stages.values()), sum(one.own for one in self.stages.values()))

    def cost(self, stage: str | None = None) -> float:
        """Return the microseconds that an account costs in a stage, or in all of them."""
        return (self.stages[stage] if stage else self.whole).wall / self.bills * 1_000_000


def run(size: int, *, at: datetime) -> dict[str, Figure]:
    """Bill three months of a tenth of the accounts, then of all `size`: one worker in the second, two in the third."""
    with in_a_copy():
        *_, small = _three_months(size // SMALLER, at=at)
    months = _three_months(size, at=at)
    _, alone, done = months
    return {
        **_against_floors(done, _floors(done, at=at)),
        "a month by one worker": Figure(alone.bills / alone.whole.wall, unit=alone.whole.told()),
        "two workers are quicker": Figure(alone.cost() / done.cost(), unit="times"),
        **_costs(small, done),
        "parked": Figure(done.parked, unit=f"of {size}"),
        "memory of the workers": Figure(max(one.memory.own for one in months), unit="MiB at most"),
        "memory of the database": Figure(
            max(one.memory.server for one in months), unit="MiB at most, its shared buffers included"
        ),
        "memory of all processes": Figure(max(one.memory.together for one in months), unit="MiB at most at one moment"),
    }


def _against_floors(done: Billed, floors: dict[str, Floors]) -> dict[str, Figure]:
    whole = Floors(empty=sum(one.empty for one in floors.values()), grown=sum(one.grown for one in floors.values()))
    figures = {}
    for kind, note in (("empty", "empty copies"), ("grown", "the grown tables")):
        for name, spent, floor in (
            *((name, spent, floors[name]) for name, spent in done.stages.items()),
            ("the whole month", done.whole, whole),
        ):
            figures[f"{name} / {note}"] = Figure.against(
                done.bills / spent.wall, floor=done.bills / getattr(floor, kind), unit=spent.told()
            )
    return figures


def _costs(small: Billed, done: Billed) -> dict[str, Figure]:
    """Return what an account costs, against what it costs in the small region (the floor)."""
    return {
        f"cost: {stage or 'the whole month'}": Figure(
            done.cost(stage),
            floor=small.cost(stage),
            ratio=done.cost(stage) / small.cost(stage),
            unit=f"µs an account; the floor: among {small.bills + small.parked:,}",
        )
        for stage in (*done.stages, None)
    }


def bill_whole(month: Month, *, at: datetime, workers: int) -> Billed:
    """Rate, accrue penalties, issue and close a month."""
    stages: dict[str, Spent] = {}
    with MemoryWatch() as memory:
        with _stage(stages, RATED, month):
            run_id = actions.start_run(month=month, started_by=None, at=at)
            _timed(lambda: jobs.work_off(run_id, at=at, workers=workers), until=RunState.RATED)
        with _stage(stages, ACCRUING, month):
            accrual_id = debts.start_penalties(month=month, started_by=None, at=at)
            accrual = accruing.work_off(accrual_id, at=at, workers=workers)
        if accrual.state is not PenaltyState.DONE:
            raise RuntimeError(f"penalties stopped: {accrual.errors[:1]}")
        with _stage(stages, ISSUED, month):
            actions.issue_bills(run_id, at=at)
            _timed(lambda: jobs.work_off(run_id, at=at, workers=workers), until=RunState.ISSUING)
        with _stage(stages, ENDED, month):
            actions.close_month(month, at=at, by=None, leave_parked=True)
    progress = queries.run_progress(run_id)
    if progress.bills_issued != progress.billed or progress.billed == 0:
        raise RuntimeError(f"the month was not billed whole: {progress}")
    return Billed(run_id, accrual_id, progress.billed, progress.parked, stages, memory)


@contextmanager
def _stage(stages: dict[str, Spent], name: str, month: Month) -> Iterator[None]:
    wall, own = time.perf_counter(), time.process_time()
    with step(f"{month} {name}"):
        yield
    stages[name] = Spent(time.perf_counter() - wall, time.process_time() - own)


def bill(month: Month, *, at: datetime, workers: int) -> tuple[int, float, float]:
    """Rate and issue a month; return the run and the seconds of both."""
    run_id = actions.start_run(month=month, started_by=None, at=at)
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


def _three_months(size: int, *, at: datetime) -> list[Billed]:
    """Return the months billed after one another: warming up, by one worker, by two."""
    build_region(size, at=at)
    with step("vacuum"):
        vacuum()
    billed: list[Billed] = []
    for month, workers in ((WARMING, 2), (ALONE, 1), (MONTH, 2)):
        if billed:
            between_runs(month.previous)
        billed.append(bill_whole(month, at=at, workers=workers))
    return billed


def _floors(done: Billed, *, at: datetime) -> dict[str, Floors]:
    spare = debts.start_penalties(month=MONTH.next, started_by=None, at=at)
    runs = {"run": done.run_id, "accrued": done.accrual_id, "spare": spare}
    months = {"month": MONTH.first_on, "next": MONTH.next.first_on}
    floors = {}
    for name, tables in _STAGES.items():
        with step(f"floors: {name}"):
            floors[name] = floors_of(tables, **runs, **months)
    return floors

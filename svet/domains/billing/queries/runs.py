"""Reads of bill runs: progress while they run, parked accounts, previews of a dry run."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from svet.domains.billing.rules import IssueState, RunState
from svet.kernel.errors import NotFound
from svet.kernel.findings import Finding, Level
from svet.kernel.period import Month

MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class FailedShard:
    """A shard that an error stopped."""

    shard_id: int
    number: int
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is: shards by state, accounts by what became of them, roubles, speed."""

    run_id: int
    month: Month
    scope: str
    dry: bool
    state: RunState
    started_at: datetime
    rated_at: datetime | None
    closed_at: datetime | None

    shards: int
    new: int
    taken: int
    done: int
    failed: int
    shards_issued: int

    account_count: int
    accounts: int
    billed: int
    parked: int
    amount: Decimal
    bills: int
    bills_issued: int
    accounts_per_second: Decimal | None
    totals: dict[str, Any]
    errors: tuple[FailedShard, ...]

    @property
    def nothing(self) -> int:
        """Accounts that had nothing to bill."""
        return self.accounts - self.billed - self.parked

    @property
    def percent(self) -> int:
        """How much of the rating is done."""
        return 100 if self.shards == 0 else self.done * 100 // self.shards

    @property
    def is_issued(self) -> bool:
        """Whether every bill of the run is out."""
        return self.state in (RunState.ISSUING, RunState.CLOSED) and self.shards_issued == self.shards


@dataclass(frozen=True, slots=True)
class ParkedAccount:
    """An account that a run could not rate, and why."""

    issue_id: int
    run_id: int
    account_id: int
    account_number: str
    state: IssueState
    parked_at: datetime
    solved_at: datetime | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ParkedCause:
    """Accounts of a run that still wait for one and the same reason: the same codes of their holding findings."""

    codes: tuple[str, ...]
    count: int
    example: tuple[Finding, ...]

    @property
    def key(self) -> str:
        """The cause as a word for addresses: the codes with dots between."""
        return ".".join(self.codes)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a dry run would charge an account, beside the month before."""

    account_id: int
    account_number: str
    kwh: Decimal
    amount: Decimal
    previous_amount: Decimal
    difference: Decimal


def run_progress(run_id: int) -> RunProgress:
    """Return how far the run is; raise NotFound. Cheap enough to be asked every second."""
    found = _progress("WHERE r.id = %s", run_id)
    if not found:
        raise NotFound(run=run_id)
    return found[0]


def runs(*, limit: int = 50) -> list[RunProgress]:
    """Return the latest runs of whole months, the newest first; last bills of single accounts are no runs to watch."""
    return _progress(
        "WHERE r.id IN (SELECT id FROM billing_run WHERE kind = 'regular' ORDER BY id DESC LIMIT %s)", limit
    )


def waiting_shards(run_id: int, *, issue: bool) -> list[int]:
    """Return the shards still to be rated (or, with `issue`, to be issued) in their order.

    One that failed time and again waits for a person (`actions.retry_failed`).
    """
    unrated = f"state <> 'done' AND NOT (state = 'failed' AND attempts >= {MAX_ATTEMPTS})"
    done = "bills_issued_at IS NULL AND first_bill_number IS NOT NULL" if issue else unrated
    rows = _select(f"SELECT id FROM billing_run_shard WHERE run_id = %s AND {done} ORDER BY number", run_id)  # noqa: S608
    return [row[0] for row in rows]


def unfinished_runs() -> list[tuple[int, RunState]]:
    """Return the runs that are being rated or issued, the oldest first."""
    rows = _select(
        "SELECT id, state FROM billing_run WHERE state IN ('rating', 'issuing') AND kind = 'regular' ORDER BY id"
    )
    return [(run_id, RunState(state)) for run_id, state in rows]


def parked_causes(run_id: int) -> list[ParkedCause]:
    """Return why accounts of a run still wait, the most frequent cause first."""
    return [
        ParkedCause(codes=tuple(codes), count=count, example=_findings(json.loads(example)))
        for codes, count, example in _select(_CAUSES, run_id)
    ]


def waiting_issues(run_id: int, *, codes: tuple[str, ...], limit: int = 100_000) -> list[int]:
    """Return the ids of what still waits in a run for exactly these codes, by account."""
    rows = _select(_WAITING, {"run": run_id, "codes": list(codes), "limit": limit})
    return [row[0] for row in rows]


def parked(run_id: int, *, codes: tuple[str, ...] = (), limit: int = 500) -> list[ParkedAccount]:
    """Return the accounts that a run parked (for one cause, when its codes are given), those still waiting first."""
    return [
        ParkedAccount(
            issue_id=row[0],
            run_id=row[1],
            account_id=row[2],
            account_number=row[3],
            state=IssueState(row[4]),
            parked_at=row[5],
            solved_at=row[6],
            findings=_findings(json.loads(row[7])),
        )
        for row in _select(_PARKED, {"run": run_id, "codes": list(codes), "limit": limit})
    ]


def previews(run_id: int, *, limit: int = 200) -> list[Preview]:
    """Return the previews of a dry run with the largest differences in roubles, up or down, first."""
    return [Preview(*row) for row in _select(_PREVIEWS, {"run": run_id, "limit": limit})]


def _findings(stored: list[dict[str, Any]]) -> tuple[Finding, ...]:
    return tuple(Finding(one["code"], Level(one["level"]), one["facts"]) for one in stored)


def _progress(where: str, *parameters: Any) -> list[RunProgress]:
    errors: dict[int, list[FailedShard]] = {}
    for run_id, *failed in _select(_ERRORS.format(where=where), *parameters):
        errors.setdefault(run_id, []).append(FailedShard(*failed))
    names = [field.name for field in fields(RunProgress)]
    found = []
    for row in _select(_PROGRESS.format(where=where), *parameters):
        told = dict(zip(names, row, strict=False))
        told.update(month=Month.of(told["month"]), state=RunState(told["state"]), totals=json.loads(told["totals"]))
        found.append(RunProgress(**told, errors=tuple(errors.get(row[0], ()))))
    return found


_PROGRESS = """
SELECT r.id, r.month, r.scope, r.dry, r.state, r.started_at, r.rated_at, r.closed_at,
       count(s.id), count(s.id) FILTER (WHERE s.state = 'new'), count(s.id) FILTER (WHERE s.state = 'taken'),
       count(s.id) FILTER (WHERE s.state = 'done'), count(s.id) FILTER (WHERE s.state = 'failed'),
       count(s.bills_issued_at),
       r.account_count, coalesce(sum(s.accounts) FILTER (WHERE s.state = 'done'), 0), coalesce(sum(s.billed), 0),
       coalesce(sum(s.parked), 0), coalesce(sum(s.amount), 0.00), coalesce(sum(s.bill_count), 0),
       coalesce(sum(s.bill_count) FILTER (WHERE s.bills_issued_at IS NOT NULL), 0),
       round(sum(s.accounts) FILTER (WHERE s.state = 'done')
             / nullif(extract(epoch FROM max(s.done_at) - r.started_at), 0), 1),
       r.totals::text
  FROM billing_run r LEFT JOIN billing_run_shard s ON s.run_id = r.id
 {where} GROUP BY r.id ORDER BY r.id DESC
"""
_ERRORS = """
SELECT s.run_id, s.id, s.number, s.attempts, s.error
  FROM billing_run_shard s JOIN billing_run r ON r.id = s.run_id {where} AND s.state = 'failed' ORDER BY s.number
"""
_HOLDING = """ARRAY(SELECT DISTINCT f ->> 'code' FROM jsonb_array_elements(i.findings) f
                WHERE f ->> 'level' = 'hold' ORDER BY 1)"""
_PARKED = """
SELECT i.id, i.run_id, i.account_id, a.number, i.state, i.parked_at, i.solved_at, i.findings::text
  FROM billing_run_issue i JOIN accounts_account a ON a.id = i.account_id
 WHERE i.run_id = %(run)s AND (cardinality(%(codes)s::text[]) = 0 OR {holding} = %(codes)s::text[])
 ORDER BY i.state, a.number LIMIT %(limit)s
""".replace("{holding}", _HOLDING)
_CAUSES = """
SELECT codes, count(*), min(findings::text)
  FROM (SELECT {holding} AS codes, i.findings FROM billing_run_issue i
         WHERE i.run_id = %s AND i.state = 'parked') AS waiting
 GROUP BY codes ORDER BY count(*) DESC, codes
""".replace("{holding}", _HOLDING)
_WAITING = """
SELECT i.id FROM billing_run_issue i
 WHERE i.run_id = %(run)s AND i.state = 'parked' AND {holding} = %(codes)s::text[] ORDER BY i.account_id LIMIT %(limit)s
""".replace("{holding}", _HOLDING)
_PREVIEWS = """
WITH extremes AS (
    (SELECT * FROM billing_preview WHERE run_id = %(run)s ORDER BY difference DESC LIMIT %(limit)s)
    UNION
    (SELECT * FROM billing_preview WHERE run_id = %(run)s ORDER BY difference LIMIT %(limit)s))
SELECT p.account_id, a.number, p.kwh, p.amount, p.previous_amount, p.difference
  FROM extremes p JOIN accounts_account a ON a.id = p.account_id
 ORDER BY abs(p.difference) DESC, a.number LIMIT %(limit)s
"""


def _select(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    bound = parameters[0] if parameters and isinstance(parameters[0], dict) else parameters
    with connection.cursor() as cursor:
        cursor.execute(query, bound)
        return list(cursor.fetchall())

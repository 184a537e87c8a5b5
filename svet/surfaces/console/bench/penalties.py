"""How fast the penalties of a month are accrued, for accounts most of which pay in time and some of which owe for long.

The floor of what is written is a bare COPY of the very rows, moved aside, into the same indexed and constrained tables
in the same database; that of looking at everybody is a COPY of a month's entries out of the ledger.
"""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path

from django.db import connection

from svet.domains.debts import actions, jobs
from svet.domains.debts import queries as debts
from svet.domains.debts.rules import RunState
from svet.kernel.period import Month
from svet.surfaces.console.bench import Figure
from svet.surfaces.console.bench._floor import ACCRUED, copied_out, floors_of
from svet.surfaces.console.bench._town import build_town, vacuum

BEFORE, MONTH = Month("2026-09"), Month("2026-10")

_CHARGES = """
INSERT INTO ledger_entry (account_id, service, kind, amount, month, concerns, posted_on, source_kind, source_id, line,
                          recorded_at)
SELECT a.id, 'energy', 'charge', 400 + a.id % 1700 + 0.37, m, m, (m + interval '1 month - 1 day')::date, 'bench', k, 1,
       m + interval '1 month'
  FROM generate_series(0, 11) k, LATERAL (SELECT (date '2025-11-01' + k * interval '1 month')::date AS m) month,
       accounts_account a WHERE a.number LIKE '78%' ORDER BY k, a.id
"""
_PAYMENTS = """
INSERT INTO ledger_entry (account_id, service, kind, amount, month, concerns, posted_on, source_kind, source_id, line,
                          recorded_at)
SELECT a.id, 'energy', 'payment',
       -(400 + a.id % 1700 + 0.37) * CASE WHEN a.id % 10 = 0 THEN 0.5 ELSE 1 END, p, NULL, p + 8 + a.id::int % 5,
       'bench', 100 + k, 1, p + interval '20 days'
  FROM generate_series(0, 10) k, LATERAL (SELECT (date '2025-12-01' + k * interval '1 month')::date AS p) month,
       accounts_account a WHERE a.number LIKE '78%' AND NOT (a.id % 20 = 0 AND k > 4) ORDER BY k, a.id
"""
"""Nine accounts of ten pay in full and in time; one pays half, and half of those stop paying."""


def run(size: int, *, at: datetime) -> dict[str, Figure]:
    """Accrue two months for `size` accounts with one worker: the first knows nothing of anybody."""
    build_town(size, at=at)
    actions.load_reference(at=at)
    actions.confirm_key_rates(MONTH.last_on, source="bench", by=None, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_CHARGES)
        cursor.execute(_PAYMENTS)
    vacuum()
    _, first_seconds = _accrued(BEFORE, at=at)
    vacuum()
    second, seconds = _accrued(MONTH, at=at)
    spare, _ = _accrued(MONTH, at=at)
    written = floors_of(ACCRUED, accrued=second.run_id, spare=spare.run_id, month=MONTH.first_on).grown
    read = _read_floor()
    return {
        "first month, everybody computed": Figure(size / first_seconds, unit="accounts/s"),
        "a month": Figure.against(size / seconds, floor=size / (read + written), unit="accounts/s"),
        "debtors computed in it": Figure.against(
            second.computed / seconds, floor=second.computed / (read + written), unit="accounts/s"
        ),
        "accounts with a new penalty": Figure(second.accrued, unit=f"of {size}"),
    }


def _accrued(month: Month, *, at: datetime) -> tuple[debts.PenaltyProgress, float]:
    run_id = actions.start_penalties(month=month, started_by=None, at=at)
    started = time.perf_counter()
    progress = jobs.work_off(run_id, at=at)
    if progress.state is not RunState.DONE:
        raise RuntimeError(f"the run stopped: {progress.errors[:1]}")
    return progress, time.perf_counter() - started


def _read_floor() -> float:
    """Return the seconds that a bare COPY of the entries of three months out of the ledger takes."""
    started = time.perf_counter()
    with Path(os.devnull).open("wb") as nowhere:
        copied_out(f"SELECT * FROM ledger_entry WHERE month > '{MONTH.plus(-3).first_on}'", nowhere)  # noqa: S608
    return time.perf_counter() - started

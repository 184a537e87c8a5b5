"""A worker killed in the middle of a shard of penalties leaves nothing, and the run goes on without doubles."""

import subprocess
from datetime import date

import pytest
from django.db import OperationalError

from svet.domains.billing.tests import workers
from svet.domains.debts import actions, jobs, queries
from svet.domains.debts.models import Accrual
from svet.domains.debts.rules import RunState
from svet.domains.debts.tests.books import charge, new_account, noon
from svet.domains.ledger.models import Entry
from svet.domains.ledger.rules import EntryKind
from svet.kernel.period import Month

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("terms"),
    pytest.mark.xdist_group("bill_run_processes"),
]
AT = noon(date(2026, 7, 1))
_PROGRAM = """
import django
django.setup()
from datetime import datetime
from svet.domains.debts import jobs
jobs.work_off({run_id}, at=datetime.fromisoformat("{at}"))
"""


def worker(run_id: int) -> subprocess.Popen[bytes]:
    return workers._start(_PROGRAM.format(run_id=run_id, at=AT.isoformat()))


def started(size: int, *, shard_size: int) -> int:
    for place in range(size):
        account = new_account()
        charge(account, "2026-01", f"{1000 + place}.00")
    return actions.start_penalties(month=Month("2026-06"), started_by=None, at=AT, shard_size=shard_size)


def test_a_worker_killed_in_the_middle_of_a_shard_leaves_nothing_and_the_run_resumes():
    run_id = started(6, shard_size=3)
    with workers.closed_gate("ledger_entry"):
        process = worker(run_id)
        stopped = workers.wait_until_stopped_at("ledger_entry")  # accruals are written by now, not committed
        process.kill()
        process.wait()
    workers.wait_until_gone(stopped)
    left = Accrual.objects.count()

    done = jobs.work_off(run_id, at=AT)

    assert left == 0
    assert (done.state, done.accrued, Accrual.objects.count()) == (RunState.DONE, 6, 6)
    assert Entry.objects.filter(kind=EntryKind.PENALTY).count() == 6


def test_a_shard_whose_commit_got_no_answer_is_counted_as_it_was_done():
    run_id = started(3, shard_size=3)
    (shard_id,) = queries.waiting_shards(run_id)

    with workers.losing_its_answer(commit=2), pytest.raises(OperationalError):  # the first commit claims the shard
        actions.accrue_shard(shard_id, at=AT)
    done = jobs.work_off(run_id, at=AT)

    assert (done.state, done.accrued, Accrual.objects.count()) == (RunState.DONE, 3, 3)


def test_two_workers_share_the_shards_of_a_run():
    run_id = started(6, shard_size=1)

    codes = [process.wait(timeout=120) for process in [worker(run_id), worker(run_id)]]

    done = queries.penalty_progress(run_id)
    assert codes == [0, 0]
    assert (done.state, done.done, done.accrued) == (RunState.DONE, 6, 6)
    assert Entry.objects.filter(kind=EntryKind.PENALTY).count() == 6

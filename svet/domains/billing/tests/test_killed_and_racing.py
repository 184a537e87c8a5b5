"""Workers killed in the middle, racing for shards, issuing bills in parallel: nothing doubles, nothing is lost."""

import pytest
from django.db import OperationalError, connection

from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.rules import RunState
from svet.domains.billing.tests.region import (
    AT,
    OCTOBER,
    build_street,
    drop_category,
    numbers,
    restore_category,
    sums,
)
from svet.domains.billing.tests.test_houses_in_bills import build_house, read
from svet.domains.billing.tests.workers import (
    closed_gate,
    losing_its_answer,
    own_server,
    start_queue_worker,
    start_worker,
    wait_until,
    wait_until_gone,
    wait_until_stopped_at,
)
from svet.domains.houses.models import HouseMonth, HouseShare

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("bill_run_processes")]


def started(*, size=40, shard_size=8):
    build_street(size)
    return actions.start_run(month=OCTOBER, started_by=None, at=AT, shard_size=shard_size)


def test_a_worker_killed_in_the_middle_of_a_shard_leaves_nothing_and_the_run_resumes():
    run_id = started()
    with closed_gate("metering_billed"):
        worker = start_worker(run_id)
        stopped = wait_until_stopped_at(
            "metering_billed"
        )  # charges, lines and entries are written by now, not committed
        worker.kill()
        worker.wait()
    wait_until_gone(stopped)
    left = queries.run_progress(run_id)

    jobs.work_off(run_id, at=AT)

    assert (left.taken, left.done) == (1, 0)
    progress = queries.run_progress(run_id)
    count, charges, lines, entries = sums(run_id)
    assert (progress.state, count) == (RunState.RATED, 40)
    assert charges == lines == entries == progress.amount


def test_a_server_that_drops_a_session_in_the_middle_of_a_shard_leaves_nothing_and_the_run_resumes():
    run_id = started()
    with closed_gate("metering_billed"):
        worker = start_worker(run_id)
        stopped = wait_until_stopped_at("metering_billed")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [stopped])
    worker.wait()
    wait_until_gone(stopped)

    jobs.work_off(run_id, at=AT)

    progress = queries.run_progress(run_id)
    count, charges, lines, entries = sums(run_id)
    assert (progress.state, count) == (RunState.RATED, 40)
    assert charges == lines == entries == progress.amount


def test_a_shard_whose_commit_got_no_answer_is_counted_as_it_was_done():
    run_id = started(size=8, shard_size=8)
    (shard_id,) = queries.waiting_shards(run_id, issue=False)

    with losing_its_answer(commit=2), pytest.raises(OperationalError):  # the first commit claims the shard
        actions.rate_shard(shard_id, at=AT)
    jobs.work_off(run_id, at=AT)

    progress = queries.run_progress(run_id)
    count, charges, lines, entries = sums(run_id)
    assert (progress.state, progress.billed, count) == (RunState.RATED, 8, 8)
    assert charges == lines == entries == progress.amount


_STOPPED = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 7 AND objid = 7 AND NOT granted"
_STOP_AT_THE_SECOND = """
CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM billing_run_shard WHERE done_at IS NOT NULL) THEN
        PERFORM pg_advisory_xact_lock(7, 7);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stop_here AFTER INSERT ON metering_billed FOR EACH STATEMENT EXECUTE FUNCTION stop_here();
"""
_LINES = """
SELECT a.number, l.number, l.rule, l.kwh, l.amount FROM billing_line l JOIN billing_charge c ON c.id = l.charge_id
  JOIN accounts_account a ON a.id = c.account_id WHERE c.run_id = %s ORDER BY 1, 2
"""
_ENTRIES = """
SELECT a.number, e.amount FROM ledger_entry e JOIN accounts_account a ON a.id = e.account_id ORDER BY 1, 2
"""
_NUMBERS = "SELECT number FROM billing_bill WHERE run_id = %s ORDER BY number"


def everything(of, run_id):
    told = [(query, [run_id] if "%s" in query else None) for query in (_LINES, _ENTRIES, _NUMBERS)]
    return [of.execute(query, terms).fetchall() for query, terms in told]


def test_a_server_killed_whole_in_the_middle_of_a_run_ends_with_what_an_undisturbed_one_ends_with():
    run_id = started(size=24)
    with own_server() as server:
        with server.connect() as gate, server.connect() as watch:
            gate.execute(_STOP_AT_THE_SECOND)
            gate.execute("SELECT pg_advisory_lock(7, 7)")
            worker = server.start_worker(run_id)
            wait_until(lambda: watch.execute(_STOPPED).fetchone() == (1,))
            server.kill()
        worker.kill()
        worker.wait()
        assert server.start_worker(run_id, issue=True).wait() == 0  # this process finds no server and starts it
        with server.connect() as after:
            killed = everything(after, run_id)

    jobs.work_off(run_id, at=AT)
    actions.issue_bills(run_id, at=AT)
    jobs.work_off(run_id, at=AT)

    with connection.cursor() as cursor:
        assert killed == everything(cursor.cursor, run_id)
    assert [number for (number,) in killed[2]] == list(range(1, 25))


def test_a_worker_killed_while_it_settles_a_house_leaves_it_to_be_settled_once():
    street = build_street(20)
    _, meter = build_house(street)
    read(meter, 14_000)
    run_id = actions.start_run(month=OCTOBER, started_by=None, at=AT, shard_size=8)
    with closed_gate("houses_share"):
        worker = start_worker(run_id)
        stopped = wait_until_stopped_at("houses_share")  # the month of the house is written, not committed
        worker.kill()
        worker.wait()
    wait_until_gone(stopped)
    left = HouseMonth.objects.count()

    jobs.work_off(run_id, at=AT)

    assert (left, HouseMonth.objects.count(), HouseShare.objects.count()) == (0, 1, 20)
    count, charges, lines, entries = sums(run_id)
    assert (queries.run_progress(run_id).state, count) == (RunState.RATED, len(street))
    assert charges == lines == entries


def test_a_disk_that_is_full_stops_one_shard_and_the_run_goes_on_when_there_is_room_again():
    run_id = started()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER no_room BEFORE INSERT ON billing_line FOR EACH ROW WHEN (NEW.account_id % 13 = 0)"
            " EXECUTE FUNCTION no_room()"
        )
    try:
        jobs.work_off(run_id, at=AT)
        full = queries.run_progress(run_id)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION no_room CASCADE")
    charged = sums(run_id)[0]

    actions.retry_failed(run_id)
    jobs.work_off(run_id, at=AT)

    assert full.failed > 0
    assert "No space left" in full.errors[0].error
    assert charged == 40 - 8 * full.failed
    progress = queries.run_progress(run_id)
    count, charges, lines, entries = sums(run_id)
    assert (progress.state, count) == (RunState.RATED, 40)
    assert charges == lines == entries == progress.amount


def test_a_worker_killed_while_issuing_leaves_no_gap_in_the_numbers():
    run_id = started()
    jobs.work_off(run_id, at=AT)
    actions.issue_bills(run_id, at=AT)
    with closed_gate("infra_fact"):
        worker = start_worker(run_id)
        stopped = wait_until_stopped_at("infra_fact")  # the bills are inserted by now, not committed
        worker.kill()
        worker.wait()
    wait_until_gone(stopped)
    left = numbers(run_id)

    jobs.work_off(run_id, at=AT)

    assert left == []
    assert numbers(run_id) == list(range(1, 41))


def test_an_account_billed_late_never_has_a_charge_without_its_bill():
    street = build_street(8)
    drop_category(street[3])
    run_id = actions.start_run(month=OCTOBER, started_by=None, at=AT)
    jobs.work_off(run_id, at=AT)
    actions.issue_bills(run_id, at=AT)
    jobs.work_off(run_id, at=AT)
    restore_category(street[3])
    (issue,) = queries.parked(run_id)

    with losing_its_answer(commit=1), pytest.raises(OperationalError):
        actions.retry_parked(issue.issue_id, at=AT)

    assert len(queries.charges_of(street[3])) == len(queries.bills_of(street[3])) == 1
    assert actions.retry_parked(issue.issue_id, at=AT)
    assert numbers(run_id) == list(range(1, 9))


def test_two_processes_at_one_run_share_its_shards():
    run_id = started(shard_size=4)

    workers = [start_worker(run_id), start_worker(run_id)]
    codes = [worker.wait(timeout=120) for worker in workers]

    assert codes == [0, 0]
    progress = queries.run_progress(run_id)
    assert (progress.state, progress.done, progress.failed) == (RunState.RATED, 10, 0)
    assert sums(run_id)[0] == 40


def test_four_workers_issue_without_gaps_and_in_order_within_shards():
    run_id = started(shard_size=4)
    jobs.work_off(run_id, at=AT, workers=4)
    actions.issue_bills(run_id, at=AT)

    progress = jobs.work_off(run_id, at=AT, workers=4)

    assert progress.is_issued
    assert numbers(run_id) == list(range(1, 41))


def test_a_shard_that_failed_says_why_and_is_rated_on_the_next_try(monkeypatch):
    run_id = started(shard_size=20)
    with monkeypatch.context() as broken:
        broken.setattr("svet.domains.billing.actions.rating.rate", lambda *args, **terms: 1 / 0)
        jobs.work_off(run_id, at=AT)
    failed = queries.run_progress(run_id)

    assert actions.retry_failed(run_id) == 2
    jobs.work_off(run_id, at=AT)

    assert (failed.failed, failed.state) == (2, RunState.RATING)
    assert failed.errors[0].error == "ZeroDivisionError: division by zero"
    assert queries.run_progress(run_id).state == RunState.RATED
    assert sums(run_id)[0] == 40


def test_a_worker_of_the_queue_rates_and_issues_what_was_enqueued():
    run_id = started(size=20)

    start_queue_worker().wait(timeout=120)
    rated = queries.run_progress(run_id)
    actions.issue_bills(run_id, at=AT)
    start_queue_worker().wait(timeout=120)

    assert (rated.state, rated.billed) == (RunState.RATED, 20)
    assert queries.run_progress(run_id).is_issued
    assert numbers(run_id) == list(range(1, 21))


def test_the_sweep_puts_shards_of_dead_workers_back_into_the_queue():
    run_id = started(size=20)
    start_queue_worker().wait(timeout=120)
    assert jobs.resume_runs(0) == 0
    actions.issue_bills(run_id, at=AT)

    assert jobs.resume_runs(0) == 3
    assert jobs.resume_runs(0) == 0

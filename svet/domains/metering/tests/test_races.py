"""Two at once: the same submission counts once, different ones follow each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, transaction

from svet.domains.metering import actions, queries
from svet.domains.metering.models import Reading, ReadingReceipt
from svet.domains.metering.rules import Channel, Verdict
from svet.domains.metering.tests import world
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 10, 24)


@pytest.fixture
def anna() -> world.Home:
    anna = world.home(1)
    world.past(anna, (date(2026, 8, 24), 1450), (date(2026, 9, 24), 1600))
    return anna


def at_once(*calls):
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(5)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def submit(anna: world.Home, value: int, source: str):
    return actions.submit_reading(
        account_id=anna.account.pk,
        values={"1": value},
        taken_on=DAY,
        received_at=world.noon(DAY),
        channel=Channel.SMS,
        source_id=source,
    )


def test_the_same_submission_from_four_threads_counts_once(anna) -> None:
    receipts = at_once(*[lambda: submit(anna, 1750, "sms-1")] * 4)

    assert all(receipt == receipts[0] for receipt in receipts)
    assert ReadingReceipt.objects.count() == 1
    assert Reading.objects.filter(receipt__isnull=False).count() == 1


def test_different_submissions_at_once_leave_one_reading_in_force(anna) -> None:
    receipts = at_once(lambda: submit(anna, 1750, "sms-1"), lambda: submit(anna, 1760, "sms-2"))

    assert {receipt.verdict for receipt in receipts} == {Verdict.ACCEPTED}
    assert len({receipt.number for receipt in receipts}) == 2
    of_october = [row for row in queries.history(anna.account.pk) if row.is_in_force and row.taken_on == DAY]
    assert len(of_october) == 1


def test_a_review_and_a_correction_at_once_never_leave_two_in_force(anna) -> None:
    submit(anna, 1500, "sms-1")
    (waiting,) = queries.held(limit=10)

    def accept():
        try:
            actions.review_reading(
                waiting.reading_id,
                account_id=anna.account.pk,
                verdict=Verdict.ACCEPTED,
                reason="",
                decided_by=1,
                at=world.noon(DAY),
            )
        except Conflict as conflict:
            return conflict.code
        return "accepted"

    at_once(accept, lambda: submit(anna, 1750, "sms-2"))

    of_october = [row for row in queries.history(anna.account.pk) if row.is_in_force and row.taken_on == DAY]
    assert len(of_october) == 1


def test_who_cannot_have_the_account_in_time_is_told_so(anna) -> None:
    def hurried():
        with transaction.atomic():
            lock_row("accounts_account", anna.account.pk, timeout_ms=50)

    with transaction.atomic():
        lock_row("accounts_account", anna.account.pk)
        with ThreadPoolExecutor(1) as pool, pytest.raises(Conflict) as caught:
            pool.submit(hurried).result()

    assert caught.value.code == "busy"

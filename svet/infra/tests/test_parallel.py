"""What several connections do at once: numbers without gaps, facts in order, rows locked for a while."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from svet.infra import inbox, locking, numbering, outbox
from svet.infra.models import InboxMessage, NumberSeries
from svet.kernel.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 5, 9, tzinfo=UTC)


def in_own_connection(work, *arguments):
    try:
        return work(*arguments)
    finally:
        connection.close()


@contextmanager
def meanwhile(work):
    """Do `work` in another transaction that stays open for the block, then commits."""
    begun, finish = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            work()
            begun.set()
            finish.wait(20)

    other = threading.Thread(target=in_own_connection, args=(hold,))
    other.start()
    try:
        assert begun.wait(20)
        yield
    finally:
        finish.set()
        other.join()


def take(count=1):
    with transaction.atomic():
        return numbering.take("bills", count)


def test_numbers_follow_each_other():
    assert [take(), take(3), take()] == [1, 2, 5]


def test_a_number_that_was_not_used_is_given_out_again():
    take()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        numbering.take("bills")
        _ = 1 / 0

    assert take() == 2


def test_parallel_takers_leave_no_gap_even_when_some_fail():
    def taker(number):
        try:
            with transaction.atomic():
                first = numbering.take("bills", 2)
                if number % 3 == 0:
                    raise ValueError
                return [first, first + 1]
        except ValueError:
            return []

    with ThreadPoolExecutor(6) as pool:
        taken = [n for numbers in pool.map(lambda n: in_own_connection(taker, n), range(30)) for n in numbers]

    assert sorted(taken) == list(range(1, 41))
    assert NumberSeries.objects.get(name="bills").last == 40


def test_a_number_needs_a_transaction_and_at_least_one():
    with pytest.raises(RuntimeError, match="transaction"):
        numbering.take("bills")
    with pytest.raises(ValueError, match="at least one"), transaction.atomic():
        numbering.take("bills", 0)


def test_a_fact_is_held_back_while_an_older_transaction_may_still_write_one_before_it():
    with meanwhile(lambda: outbox.record("kettle_boiled", at=AT, payload={"from": "slow"})):
        outbox.record("kettle_boiled", at=AT, payload={"from": "quick"})

        held_back = outbox.unseen(["kettle_boiled"])

    handed_out = outbox.unseen(["kettle_boiled"])
    assert held_back == []
    assert [fact.payload["from"] for fact in handed_out] == ["slow", "quick"]


def test_facts_before_the_open_transaction_are_not_held_back():
    outbox.record("kettle_boiled", at=AT)

    with meanwhile(lambda: outbox.record("kettle_boiled", at=AT)):
        assert len(outbox.unseen(["kettle_boiled"])) == 1


def test_a_fact_with_an_earlier_number_that_is_committed_later_is_not_lost():
    """The quick transaction began first and wrote last: its fact has the higher id and is committed first."""
    slow_wrote, finish = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            outbox.record("kettle_boiled", at=AT, payload={"from": "slow"})
            slow_wrote.set()
            finish.wait(20)

    other = threading.Thread(target=in_own_connection, args=(slow,))
    with transaction.atomic():
        numbering.take("anything")
        other.start()
        assert slow_wrote.wait(20)
        outbox.record("kettle_boiled", at=AT, payload={"from": "quick"})

    first = outbox.unseen(["kettle_boiled"])
    finish.set()
    other.join()
    place = (first[-1].transaction, first[-1].pk) if first else (0, 0)
    then = outbox.unseen(["kettle_boiled"], after=place)

    assert sorted(fact.payload["from"] for fact in first + then) == ["quick", "slow"]


def test_the_same_message_from_many_connections_is_stored_once():
    def receive(number):
        return inbox.receive("bank", external_id="1", raw=f"{number}".encode(), at=AT)[1]

    with ThreadPoolExecutor(6) as pool:
        new = list(pool.map(lambda n: in_own_connection(receive, n), range(12)))

    assert sum(new) == 1
    assert InboxMessage.objects.count() == 1


def test_who_cannot_have_the_row_in_time_is_told_it_is_busy():
    message, _ = inbox.receive("bank", external_id="1", raw=b"", at=AT)

    held = meanwhile(lambda: locking.lock_row("infra_inbox", message.pk))
    with held, pytest.raises(Conflict, match="busy"), transaction.atomic():
        locking.lock_row("infra_inbox", message.pk, timeout_ms=100)

    with transaction.atomic():
        assert locking.lock_rows("infra_inbox", [message.pk, 0]) == 1


def test_a_row_that_is_not_there_cannot_be_locked():
    with pytest.raises(NotFound), transaction.atomic():
        locking.lock_row("infra_inbox", 0)
    with pytest.raises(RuntimeError, match="transaction"):
        locking.lock_row("infra_inbox", 0)

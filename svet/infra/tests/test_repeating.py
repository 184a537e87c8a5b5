"""Work that can be repeated does not wait for the disk; what it is a part of waits as it would."""

import pytest
from django.db import connection, transaction

from svet.infra.repeating import repeatable

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("waiting_session")]


@pytest.fixture
def waiting_session():
    """Have commits wait for the disk, as they do everywhere but in tests."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        yield
        cursor.execute("RESET synchronous_commit")


def waits():
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return cursor.fetchone()[0] == "on"


def test_a_repeatable_piece_does_not_wait_for_the_disk_and_the_next_transaction_does():
    with repeatable():
        inside = waits()

    assert (inside, waits()) == (False, True)


def test_within_a_transaction_it_waits_with_it():
    with transaction.atomic():
        with repeatable():
            inside = waits()
        after = waits()

    assert (inside, after) == (True, True)

"""Disclosures: asked for by owners, one at a time, taken by who asked alone, destroyed in time, all of it recorded."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from svet.domains.accounts import actions, queries
from svet.domains.accounts.models import Disclosure, DisclosureFile
from svet.domains.accounts.rules import DisclosureState, GrantRole
from svet.infra.models import AuditRecord
from svet.kernel.errors import NotAllowed, NotFound
from tests import cast

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture
def people():
    return cast.assemble()


def ask(person, *, at=cast.NOW):
    return actions.request_disclosure(person.user_id, at=at)


def finished(person):
    asked = ask(person)
    actions.finish_disclosure(asked.id, content=b"PK file", at=cast.NOW)
    return asked.id


def jobs():
    """Return the disclosures that have a job, each as often as it has one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.id FROM procrastinate_jobs j JOIN accounts_disclosure d ON d.id = (j.args->>'disclosure_id')::int"
            " WHERE j.task_name = %s ORDER BY d.id",
            [actions.MAKER],
        )
        return [row[0] for row in cursor.fetchall()]


def count_of_jobs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return cursor.fetchone()[0]


def share(home, person, *, role):
    accounts_at = cast.moment(cast.LONG_AGO)
    actions.grant_access(home.account.id, user_id=person.user_id, role=role, from_on=cast.LONG_AGO, at=accounts_at)


def test_who_asks_twice_waits_for_one_and_one_job(people):
    first, second = ask(people.anna), ask(people.anna)

    assert first == second
    assert jobs() == [first.id]


def test_it_holds_the_accounts_that_the_person_owns_and_no_others(people):
    share(people.vera, people.anna, role=GrantRole.OWNER)
    share(people.igor, people.anna, role=GrantRole.READER)

    assert set(ask(people.anna).account_ids) == {people.anna.account.id, people.vera.account.id}


def test_who_owns_nothing_may_not_ask(people):
    with pytest.raises(NotAllowed):
        actions.request_disclosure(people.staff["operator"].user_id, at=cast.NOW)


def test_the_file_goes_to_who_asked_and_to_nobody_else(people):
    disclosure_id = finished(people.anna)
    share(people.anna, people.vera, role=GrantRole.OWNER)

    assert actions.take_disclosure(disclosure_id, user_id=people.anna.user_id, at=cast.NOW) == b"PK file"
    for other in (people.vera.user_id, people.intruder.user_id, people.staff["supervisor"].user_id):
        with pytest.raises(NotFound):
            actions.take_disclosure(disclosure_id, user_id=other, at=cast.NOW)


def test_who_lost_the_account_meanwhile_gets_no_file(people):
    disclosure_id = finished(people.anna)
    actions.revoke_access(people.anna.account.id, user_id=people.anna.user_id, until_on=cast.NOW.date(), at=cast.NOW)

    with pytest.raises(NotFound):
        actions.take_disclosure(disclosure_id, user_id=people.anna.user_id, at=cast.NOW)


def test_after_a_week_it_is_not_given_any_more_and_its_file_is_destroyed(people):
    disclosure_id = finished(people.anna)

    with pytest.raises(NotFound):
        actions.take_disclosure(disclosure_id, user_id=people.anna.user_id, at=cast.NOW + WEEK)
    assert actions.expire_disclosures(at=cast.NOW + WEEK - timedelta(seconds=1)) == 0
    assert actions.expire_disclosures(at=cast.NOW + WEEK) == 1

    assert not DisclosureFile.objects.exists()
    assert queries.disclosure(disclosure_id).state is DisclosureState.EXPIRED


def test_a_newer_file_takes_the_place_of_the_one_before(people):
    first = finished(people.anna)
    second = finished(people.anna)

    assert DisclosureFile.objects.get().disclosure_id == second
    assert queries.disclosure(first).state is DisclosureState.EXPIRED


def test_finishing_twice_keeps_the_first_file(people):
    disclosure_id = finished(people.anna)

    actions.finish_disclosure(disclosure_id, content=b"another", at=cast.NOW)

    assert actions.take_disclosure(disclosure_id, user_id=people.anna.user_id, at=cast.NOW) == b"PK file"


def test_after_a_failure_one_may_ask_again(people):
    first = ask(people.anna)
    actions.fail_disclosure(first.id, error="ValueError", at=cast.NOW)

    second = ask(people.anna)

    assert second.id != first.id
    assert queries.disclosure(first.id).state is DisclosureState.FAILED


def test_one_that_stands_still_is_begun_again_and_one_that_moves_is_not(people):
    stuck, moving = ask(people.anna), ask(people.igor)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    later = cast.NOW + timedelta(minutes=11)
    actions.note_progress(moving.id, done=1, at=later)

    assert actions.restart_disclosures(at=later) == 1

    assert jobs() == [stuck.id]


def test_every_step_is_in_the_audit(people):
    disclosure_id = finished(people.anna)
    actions.take_disclosure(disclosure_id, user_id=people.anna.user_id, at=cast.NOW)
    actions.expire_disclosures(at=cast.NOW + WEEK)

    kept = AuditRecord.objects.filter(target_kind="disclosure", target_id=str(disclosure_id)).order_by("pk")
    assert [row.verb.rpartition("_")[2] for row in kept] == ["requested", "finished", "taken", "expired"]


def test_a_request_undone_leaves_neither_row_nor_job(people):
    class Undone(Exception):
        pass

    before = count_of_jobs()

    with pytest.raises(Undone), transaction.atomic():
        ask(people.anna)
        raise Undone

    assert not Disclosure.objects.exists()
    assert count_of_jobs() == before

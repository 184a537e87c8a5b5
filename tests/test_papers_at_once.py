"""Two at once: what is asked for in several windows at the same moment is made once, and numbers have no gaps."""

from __future__ import annotations

import io
import zipfile

import pytest

from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as account_queries
from svet.domains.accounts.rules import DisclosureState
from svet.domains.billing.tests.workers import start_queue_worker
from svet.domains.ledger import actions as ledger
from svet.domains.ledger import queries
from svet.domains.ledger.rules import CertificateKind
from svet.domains.metering.tests.test_races import at_once
from svet.infra import clock
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people():
    return cast.assemble()


def issue(home, key):
    return ledger.issue_certificate(
        home.account.id,
        kind=CertificateKind.BALANCE,
        stated_on=cast.NOW.date(),
        channel="cabinet",
        issued_by=None,
        request_key=key,
        snapshot={},
        at=cast.NOW,
    )


def test_one_request_from_four_windows_is_one_certificate(people):
    given = at_once(*[lambda: issue(people.anna, "one-request")] * 4)

    assert len({one.number for one in given}) == 1
    assert len(queries.certificates_of(people.anna.account.id)) == 1


def test_certificates_of_different_accounts_at_once_have_numbers_without_gaps(people):
    homes = (people.anna, people.igor, people.vera, people.intruder)

    given = at_once(*[lambda home=home: issue(home, "one-request") for home in homes])

    numbers = sorted(one.number for one in given)
    assert numbers == list(range(numbers[0], numbers[0] + 4))


def test_all_my_data_asked_for_from_four_windows_is_one_archive(people):
    asked = at_once(*[lambda: accounts.request_disclosure(people.anna.user_id, at=cast.NOW)] * 4)

    assert len({one.id for one in asked}) == 1
    assert len(account_queries.disclosures_of(people.anna.user_id)) == 1


def test_a_worker_of_its_own_makes_the_archive_that_was_asked_for(people):
    asked = accounts.request_disclosure(people.anna.user_id, at=clock.now())

    assert start_queue_worker("disclosures").wait(120) == 0

    assert account_queries.disclosure(asked.id).state is DisclosureState.READY
    file = accounts.take_disclosure(asked.id, user_id=people.anna.user_id, at=clock.now())
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert f"accounts/{people.anna.number}.json" in archive.namelist()

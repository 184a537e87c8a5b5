from datetime import date

import pytest

from svet.domains.access import queries as access
from svet.domains.metering import actions as metering
from svet.domains.metering.rules import Channel, Verdict
from svet.flows import reading_reviews
from svet.kernel.errors import NotAllowed, NotFound
from tests import cast


@pytest.fixture
def people(db):
    return cast.assemble()


def give(householder, value, *, on=cast.NOW):
    return metering.submit_reading(
        account_id=householder.account.id,
        values={"1": value},
        taken_on=on.date(),
        received_at=on,
        channel=Channel.CABINET,
        source_id=f"{householder.number}-{value}",
    )


def opened(people, reading_id, *, role="operator", code=""):
    return reading_reviews.page(reading_id, user_id=people.staff[role].user_id, roles=[role], code=code, at=cast.NOW)


def test_what_waits_is_counted_by_its_cause_and_chosen_by_it(people):
    assert give(people.anna, "13_000".replace("_", "")).verdict is Verdict.HELD
    assert give(people.vera, "59999").verdict is Verdict.HELD

    everything = reading_reviews.worklist()
    codes = {cause.code: cause.count for cause in everything.causes}

    assert everything.total == sum(codes.values()) == 2
    for code, count in codes.items():
        assert len(reading_reviews.worklist(code=code).readings) == count
    assert reading_reviews.worklist(code="R99").readings == ()


def test_a_held_reading_stands_beside_the_steps_of_its_dial(people):
    give(people.anna, "13000")
    (waiting,) = reading_reviews.worklist().readings

    page = opened(people, waiting.reading_id)

    assert [int(step.difference) for step in page.steps] == [190, 190, 190, 190, 13_000 - 13_600]
    assert [step.is_held for step in page.steps] == [False] * 4 + [True]
    assert page.steps[-1].taken_on == date(2026, 11, 18)
    assert [look.purpose for look in access.looks(account_id=people.anna.account.id)] == ["reading_check"]


def test_opening_one_needs_the_right_and_something_that_waits(people):
    give(people.anna, "13000")
    (waiting,) = reading_reviews.worklist().readings

    with pytest.raises(NotAllowed):
        opened(people, waiting.reading_id, role="administrator")
    with pytest.raises(NotFound):
        opened(people, waiting.reading_id, code="R99")
    with pytest.raises(NotFound):
        opened(people, 10**9)

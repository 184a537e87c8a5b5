"""Facts reach their reactions once, in order, after commit; one bad fact stops nobody."""

from datetime import UTC, datetime

import pytest

from svet.infra import delivery, outbox
from svet.infra.models import FailedReaction, ReactionCursor

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 5, 9, tzinfo=UTC)


def record(*names):
    for place, name in enumerate(names):
        outbox.record(name, at=AT, payload={"place": place})


def walk(handler, names=("kettle_boiled",)):
    return delivery.deliver("tea", names=names, handler=handler, at=AT)


@pytest.mark.django_db(transaction=True)
def test_facts_are_handed_over_once_and_in_order():
    record("kettle_boiled", "door_opened", "kettle_boiled")
    seen = []

    first = walk(lambda fact, at: seen.append(fact.payload["place"]))
    second = walk(lambda fact, at: seen.append(fact.payload["place"]))

    assert (first, second) == (2, 0)
    assert seen == [0, 2]


@pytest.mark.django_db(transaction=True)
def test_a_fact_that_cannot_be_handled_is_set_aside_and_the_next_one_goes_on():
    record("kettle_boiled", "kettle_boiled")
    seen = []

    def clumsy(fact, at):
        if fact.payload["place"] == 0:
            raise ValueError("spilled")
        seen.append(fact.payload["place"])

    walk(clumsy)

    assert seen == [1]
    failure = FailedReaction.objects.get()
    assert (failure.attempts, failure.solved_at) == (1, None)
    assert "spilled" in failure.error


@pytest.mark.django_db(transaction=True)
def test_a_fact_set_aside_is_tried_again_until_it_can_be_handled():
    record("kettle_boiled")
    walk(lambda fact, at: 1 / 0)
    seen = []

    assert delivery.retry_failed("tea", handler=lambda fact, at: 1 / 0, at=AT) == 0
    assert delivery.retry_failed("tea", handler=lambda fact, at: seen.append(fact.pk), at=AT) == 1

    assert len(seen) == 1
    assert FailedReaction.objects.get().solved_at == AT


@pytest.mark.django_db(transaction=True)
def test_what_a_failing_handler_wrote_is_undone():
    record("kettle_boiled")

    def half(fact, at):
        outbox.record("cup_filled", at=at)
        raise ValueError("spilled")

    walk(half)

    assert outbox.unseen(["cup_filled"]) == []


@pytest.mark.django_db(transaction=True)
def test_the_cursor_remembers_how_far_it_came():
    record("kettle_boiled", "kettle_boiled")

    walk(lambda fact, at: None)

    cursor = ReactionCursor.objects.get(reaction="tea")
    assert cursor.last_fact_id == max(f.pk for f in outbox.unseen(["kettle_boiled"]))


@pytest.mark.django_db(transaction=True)
def test_of_many_facts_only_those_that_concern_it_reach_a_handler_and_all_are_passed():
    record("kettle_boiled", "kettle_boiled", "kettle_boiled")
    seen = []

    count = delivery.deliver(
        "tea",
        names=("kettle_boiled",),
        handler=lambda fact, at: seen.append(fact.payload["place"]),
        at=AT,
        sieve=lambda facts, at: {fact.pk for fact in facts if fact.payload["place"] == 1},
    )

    assert (count, seen) == (3, [1])
    assert walk(lambda fact, at: seen.append("again")) == 0

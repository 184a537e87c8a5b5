"""Messages: nothing twice, secrets wiped, tries with pauses, the night kept."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import override_settings

from svet.domains.notifications import actions, queries
from svet.domains.notifications.models import Message, MessageEvent
from svet.domains.notifications.rules import LEASE, MOSCOW, most_attempts
from svet.infra.models import AuditRecord, Fact
from svet.kernel.errors import Conflict, NotFound
from tests import reference

AT = datetime(2026, 11, 18, 10, 30, tzinfo=MOSCOW)
pytestmark = pytest.mark.django_db


def put(key="bill:1", kind="bill_issued", channel="sms", at=AT, **more) -> int:
    address = "+79161234567" if channel == "sms" else "anna@example.org"
    return actions.send(kind, channel=channel, address=address, facts={"month": "2026-10"}, key=key, at=at, **more)


def test_the_same_key_twice_is_one_message():
    assert put() == put(channel="email")

    assert Message.objects.count() == 1


def test_an_unknown_kind_or_channel_is_refused():
    for wrong in ({"kind": "joke"}, {"channel": "pigeon"}):
        with pytest.raises(ValueError, match=next(iter(wrong.values()))):
            put(**wrong)


def test_a_secret_is_sealed_comes_out_to_the_sender_only_and_is_wiped_when_sent():
    number = put(kind="code", secret_facts={"code": "493027"})
    assert "493027" not in str(list(Message.objects.values_list()))

    (taken,) = actions.claim_waiting(channel="sms", at=AT)
    assert taken.facts == {"month": "2026-10", "code": "493027"}

    actions.mark_sent(number, at=AT, provider_id="k-1")
    assert Message.objects.get(pk=number).secret == ""
    assert "493027" not in str(queries.message(number))


def test_a_secret_that_no_key_opens_fails_alone():
    broken = put(kind="code", secret_facts={"code": "493027"})
    with override_settings(SECRET_KEY="another key", SECRET_KEY_FALLBACKS=[]):
        well = put(key="bill:2")
        taken = actions.claim_waiting(channel="sms", at=AT)

    assert [one.id for one in taken] == [well]
    assert queries.message(broken).last_error == "secret_cannot_be_opened"


def test_what_is_taken_is_nobody_elses_until_its_time_is_over():
    put()

    first = actions.claim_waiting(channel="sms", at=AT)
    during = actions.claim_waiting(channel="sms", at=AT + LEASE / 2)
    after = actions.claim_waiting(channel="sms", at=AT + LEASE)

    assert ([one.attempt for one in first], during, [one.attempt for one in after]) == ([1], (), [2])


def test_each_channel_takes_its_own():
    put()

    assert actions.claim_waiting(channel="email", at=AT) == ()


def test_tries_in_vain_are_repeated_with_longer_pauses_then_it_has_failed_and_a_fact_says_so():
    number, at, pauses = put(kind="code", secret_facts={"code": "1"}), AT, []
    for _ in range(most_attempts("code")):
        assert actions.claim_waiting(channel="sms", at=at)
        actions.mark_failed(number, error="gateway is down", at=at)
        after = queries.message(number)
        pauses.append(after.next_try_at - at)
        at = after.next_try_at

    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert [one.id for one in queries.failed_messages()] == [number]
    assert (queries.failed_count(), Message.objects.get(pk=number).secret) == (1, "")
    assert Fact.objects.get(name="notifications.message_failed").payload["message_id"] == number
    assert [event.kind for event in queries.events_of(number)][-2:] == ["tried", "given_up"]


def test_a_sender_killed_at_every_try_does_not_try_for_ever():
    number, at = put(kind="code"), AT
    while actions.claim_waiting(channel="sms", at=at):
        at += LEASE

    assert (queries.message(number).state, queries.message(number).attempts) == ("failed", most_attempts("code"))


def test_a_report_quicker_than_our_own_note_stands():
    number = put()
    actions.claim_waiting(channel="sms", at=AT)

    actions.mark_delivered(number, at=AT)
    actions.mark_sent(number, at=AT)
    actions.mark_failed(number, error="late", at=AT)

    assert queries.message(number).state == "delivered"


def test_a_refusal_reported_after_sending_ends_the_message():
    number = put()
    actions.claim_waiting(channel="sms", at=AT)
    actions.mark_sent(number, at=AT)

    actions.mark_failed(number, error="no such subscriber", at=AT)

    assert (queries.message(number).state, queries.message(number).last_error) == ("failed", "no such subscriber")


def test_a_failed_message_is_tried_again_when_asked_and_only_once():
    number = put()
    actions.claim_waiting(channel="sms", at=AT)
    actions.mark_failed(number, error="no such subscriber", at=AT, for_good=True)

    actions.try_again(number, at=AT)

    with pytest.raises(Conflict, match="message_did_not_fail"):
        actions.try_again(number, at=AT)
    assert AuditRecord.objects.filter(verb="notifications.try_again").count() == 1
    assert [one.attempt for one in actions.claim_waiting(channel="sms", at=AT)] == [2]


def test_a_failed_code_cannot_be_asked_for_again():
    number = put(kind="code", secret_facts={"code": "1"})
    actions.claim_waiting(channel="sms", at=AT)
    actions.mark_failed(number, error="x", at=AT, for_good=True)

    with pytest.raises(Conflict, match="code_is_gone"):
        actions.try_again(number, at=AT)


def test_the_night_is_kept_for_sms_that_can_wait():
    reference.load(actions, at=AT)
    night = AT.replace(hour=22)
    waiting, urgent = put(at=night), put(key="code:1", kind="code", at=night)
    letter = put(key="bill:2", channel="email", at=night)

    assert queries.message(waiting).next_try_at == (night + timedelta(days=1)).replace(hour=9, minute=0)
    assert {queries.message(number).next_try_at for number in (urgent, letter)} == {night}


def test_messages_of_an_account_are_its_own_newest_first():
    old = put(account_id=7)
    new = put(key="bill:2", account_id=7, at=AT + timedelta(days=1))
    put(key="bill:3", account_id=8)

    assert [one.id for one in queries.messages_of(7)] == [new, old]


def test_a_message_that_does_not_exist_is_not_found():
    for ask in (queries.message, lambda number: actions.mark_sent(number, at=AT)):
        with pytest.raises(NotFound):
            ask(2**40)


def test_what_happened_is_never_rewritten():
    put()
    actions.claim_waiting(channel="sms", at=AT)

    with pytest.raises(DatabaseError, match="update"), transaction.atomic():
        MessageEvent.objects.update(detail="x")

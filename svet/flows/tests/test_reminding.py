"""Reminders of readings: in the last days of the window, to who asked, agreed and proved an address, once a month."""

from datetime import date, timedelta

import pytest

from svet.domains.customers import actions as customers
from svet.domains.customers.rules import ConsentPurpose, ContactKind, Subject, Way
from svet.domains.metering import actions as metering
from svet.domains.metering.rules import Channel
from svet.domains.notifications import actions as notifications
from svet.domains.notifications import queries
from svet.domains.notifications.rules import CONSENTS, CONTRACT, MessageKind
from svet.domains.tariffs import actions as tariffs
from svet.flows.reminding import remind_of_readings
from svet.kernel.errors import NotAllowed
from tests import cast, reference

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)
AT = cast.moment(DAY, hour=10)


@pytest.fixture
def people(db) -> cast.Cast:
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def ask(one, *, way=Way.EMAIL, agrees=True, proved=True) -> None:
    """Let a customer ask for reminders, agree to them and prove an address."""
    customer_id = one.account.customer_id
    kind, value = (ContactKind.EMAIL, "me@example.org") if way is Way.EMAIL else (ContactKind.PHONE, "89161234567")
    customers.add_contact(
        customer_id, kind=kind, value=value, from_on=date(2026, 1, 1), at=AT, confirmed_at=AT if proved else None
    )
    customers.prefer(customer_id, ways={Subject.REMINDER: way}, at=AT)
    if agrees:
        customers.state_consent(customer_id, purpose=ConsentPurpose.REMINDERS, is_given=True, channel="cabinet", at=AT)


def withdraw(one) -> None:
    customers.state_consent(
        one.account.customer_id, purpose=ConsentPurpose.REMINDERS, is_given=False, channel="cabinet", at=AT
    )


def give(one, *, on, values=None):
    return metering.submit_reading(
        account_id=one.account.id,
        values=values or {"1": "14000"},
        taken_on=on,
        received_at=cast.moment(on),
        channel=Channel.CABINET,
        source_id=f"given-{on}",
    )


def told(one):
    found = queries.messages_of(one.account.id)
    return [(row.channel, row.facts) for row in found if row.kind == "reading_reminder"]


def test_who_gave_no_reading_is_reminded_once_in_the_month(people):
    ask(people.anna)

    for days in (0, 0, 1, 3):
        remind_of_readings(at=AT + timedelta(days=days))

    assert told(people.anna) == [("email", {"number": people.anna.number, "until": "2026-11-25"})]
    remind_of_readings(at=cast.moment(date(2026, 12, 21)))
    assert len(told(people.anna)) == 2


def test_who_gave_a_reading_this_month_is_left_alone(people):
    ask(people.anna)
    give(people.anna, on=date(2026, 11, 15))

    remind_of_readings(at=AT)

    assert told(people.anna) == []


def test_a_refused_reading_is_none(people):
    ask(people.anna)
    refused = give(people.anna, on=date(2026, 11, 15), values={"1": "999999999999"})
    assert refused.verdict == "refused"

    remind_of_readings(at=AT)

    assert len(told(people.anna)) == 1


@pytest.mark.parametrize("without", ["agrees", "proved"])
def test_nobody_is_reminded_without_consent_or_a_proved_address(people, without):
    ask(people.anna, **{without: False})

    remind_of_readings(at=AT)

    assert told(people.anna) == []


def test_who_chose_nothing_is_not_reminded_even_with_a_consent(people):
    ask(people.anna)
    customers.prefer(people.anna.account.customer_id, ways={Subject.REMINDER: Way.NONE}, at=AT)

    remind_of_readings(at=AT)

    assert told(people.anna) == []


@pytest.mark.parametrize("day", [1, 19, 26, 30])
def test_outside_the_last_days_of_the_window_nobody_is_reminded(people, day):
    ask(people.anna)

    assert remind_of_readings(at=cast.moment(date(2026, 11, day))) == 0
    assert told(people.anna) == []


def test_a_withdrawn_consent_reminds_no_more(people):
    ask(people.anna)
    withdraw(people.anna)

    remind_of_readings(at=AT)

    assert told(people.anna) == []


def test_a_consent_withdrawn_while_the_message_waits_stops_it(people):
    ask(people.anna, way=Way.SMS)
    remind_of_readings(at=cast.moment(DAY, hour=22))
    withdraw(people.anna)

    taken = notifications.claim_waiting(channel="sms", at=AT + timedelta(days=2))

    assert taken == ()
    (message,) = queries.messages_of(people.anna.account.id)
    assert message.state == "failed"


def test_an_sms_at_night_waits_for_the_morning(people):
    reference.load(notifications, at=AT)
    ask(people.anna, way=Way.SMS)
    night = cast.moment(DAY, hour=22)

    remind_of_readings(at=night)

    assert notifications.claim_waiting(channel="sms", at=night) == ()
    assert len(notifications.claim_waiting(channel="sms", at=night + timedelta(hours=12))) == 1


def test_every_kind_of_message_says_whether_it_needs_a_consent():
    assert set(MessageKind) == CONTRACT | set(CONSENTS)
    assert not CONTRACT & set(CONSENTS)


@pytest.mark.parametrize("kind", list(CONSENTS))
def test_nobody_sends_what_needs_a_consent_past_it(people, kind):
    for customer_id in (None, people.anna.account.customer_id):
        with pytest.raises(NotAllowed):
            notifications.send(
                kind, channel="email", address="a@b.example", facts={}, key="x", at=AT, customer_id=customer_id
            )


def test_what_fulfils_the_contract_needs_no_consent(people):
    assert notifications.send(MessageKind.BILL_ISSUED, channel="email", address="a@b.example", facts={}, key="x", at=AT)

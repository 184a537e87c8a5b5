"""Who is told of what: by the way he chose, once, and of changed contacts at every other address."""

from datetime import date

import pytest

from svet.domains.customers import actions as customers
from svet.domains.customers.rules import ContactKind, Subject, Way
from svet.domains.notifications import queries
from svet.flows.telling import tell_bill, tell_payment, tell_reading, warn_of_contact
from svet.infra import outbox
from svet.infra.models import Fact
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db) -> cast.Cast:
    return cast.assemble()


def contact(one, kind, value, **more) -> int:
    return customers.add_contact(
        one.account.customer_id, kind=kind, value=value, from_on=date(2026, 1, 1), at=cast.NOW, **more
    )


def fact(name, account_id=None, **payload) -> Fact:
    outbox.record(name, at=cast.NOW, account_id=account_id, payload=payload)
    return Fact.objects.order_by("-pk")[0]


def test_each_subject_goes_its_own_way_and_once(people):
    anna = people.anna
    contact(anna, ContactKind.EMAIL, "anna@example.org", confirmed_at=cast.NOW)
    contact(anna, ContactKind.PHONE, "89161234567", confirmed_at=cast.NOW)
    ways = {Subject.BILL: Way.EMAIL, Subject.PAYMENT: Way.SMS}
    customers.prefer(anna.account.customer_id, ways=ways, at=cast.NOW)
    bill = fact("billing.bill_issued", anna.account.id, closing="-5.00", month="2026-10")
    payment = fact("payments.payment_accepted", anna.account.id, amount="512.40")
    reading = fact("metering.reading_accepted", anna.account.id, verdict="accepted", receipt="R-1")

    for _ in range(2):
        tell_bill(bill, cast.NOW)
        tell_payment(payment, cast.NOW)
        tell_reading(reading, cast.NOW)

    told = {one.kind: (one.channel, one.facts) for one in queries.messages_of(anna.account.id)}
    assert told == {
        "bill_issued": ("email", {"number": anna.number, "month": "2026-10", "amount": "0"}),
        "payment_received": ("sms", {"number": anna.number, "amount": "512.40", "taken_on": "2026-11-18"}),
    }


def test_who_chose_nothing_costs_two_reads(people, django_assert_num_queries):
    bill = fact("billing.bill_issued", people.vera.account.id, closing="5.00", month="2026-10")

    with django_assert_num_queries(2):
        tell_bill(bill, cast.NOW)

    assert queries.messages_of(people.vera.account.id) == ()


def test_a_new_contact_is_told_to_the_confirmed_others_only(people):
    contact(people.anna, ContactKind.EMAIL, "anna@example.org", confirmed_at=cast.NOW)
    contact(people.anna, ContactKind.EMAIL, "old@example.org")
    contact(people.igor, ContactKind.EMAIL, "igor@example.org", confirmed_at=cast.NOW)
    contact(people.anna, ContactKind.EMAIL, "thief@example.org", confirmed_at=cast.NOW)
    added = Fact.objects.filter(name="customers.contact_added").latest("pk")

    warn_of_contact(added, cast.NOW)
    warn_of_contact(added, cast.NOW)

    assert [one.address for one in queries.messages_to(people.anna.account.customer_id)] == ["anna@example.org"]


def test_a_contact_that_was_ended_is_told_too(people):
    lost = contact(people.anna, ContactKind.EMAIL, "anna@example.org", confirmed_at=cast.NOW)
    customers.end_contact(lost, until_on=cast.NOW.date(), at=cast.NOW)

    warn_of_contact(Fact.objects.get(name="customers.contact_ended"), cast.NOW)

    assert [(one.address, one.facts) for one in queries.messages_to(people.anna.account.customer_id)] == [
        ("anna@example.org", {"what": "ended"})
    ]

"""Consents and preferences: every statement kept, the latest in force, told only by what was confirmed."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from svet.domains.customers import actions, queries
from svet.domains.customers.models import Consent
from svet.domains.customers.rules import ConsentPurpose, ContactKind, CustomerKind, Subject, Way
from svet.infra.clock import MOSCOW
from svet.infra.models import AuditRecord
from svet.kernel.errors import NotFound

AT = datetime(2026, 11, 18, 10, tzinfo=MOSCOW)
pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> int:
    return actions.register_customer(kind=CustomerKind.PERSON, family_name="Анна", at=AT)


def state(anna, *, given=True, text="2026-11", at=AT) -> bool:
    return actions.state_consent(
        anna, purpose=ConsentPurpose.MARKETING, is_given=given, channel="cabinet", at=at, text=text
    )


def test_a_consent_is_given_once_withdrawn_once_and_every_statement_stays(anna):
    assert [state(anna), state(anna), state(anna, given=False), state(anna, given=False)] == [True, False, True, False]

    assert [(one.is_given, one.text_version, one.channel) for one in queries.consents_of(anna)] == [
        (False, "2026-11", "cabinet"),
        (True, "2026-11", "cabinet"),
    ]
    with pytest.raises(DatabaseError, match="update"), transaction.atomic():
        Consent.objects.update(is_given=True)


def test_nobody_withdraws_what_was_never_given_and_a_new_text_is_agreed_to_anew(anna):
    assert not state(anna, given=False)
    assert state(anna)
    assert state(anna, text="2027-01")


def test_nothing_chosen_is_nothing_told(anna):
    assert set(queries.preferences_of(anna).values()) == {"none"}
    assert queries.way_to_tell(anna, subject=Subject.BILL, on=AT.date()) is None


def test_a_way_without_a_confirmed_contact_tells_nobody(anna):
    actions.prefer(anna, ways={Subject.BILL: Way.SMS}, at=AT)
    add(anna, "89161234567")
    add(anna, "84922123456", confirmed_at=AT)
    assert queries.way_to_tell(anna, subject=Subject.BILL, on=AT.date()) is None

    add(anna, "8 916 765-43-21", confirmed_at=AT)
    assert queries.way_to_tell(anna, subject=Subject.BILL, on=AT.date()) == ("sms", "+79167654321")
    assert queries.way_to_tell(anna, subject=Subject.PAYMENT, on=AT.date()) is None


def test_the_same_preference_twice_changes_nothing(anna):
    ways = {Subject.BILL: Way.EMAIL, Subject.REPLY: Way.NONE}

    assert [actions.prefer(anna, ways=ways, at=AT), actions.prefer(anna, ways=ways, at=AT)] == [True, False]
    assert AuditRecord.objects.get(verb="customers.prefer").data == {
        "before": {"bill": "none"},
        "after": {"bill": "email"},
    }


def test_a_contact_of_somebody_else_cannot_be_ended(anna):
    igor = actions.register_customer(kind=CustomerKind.PERSON, family_name="Игорь", at=AT)
    contact = add(anna, "89161234567")

    with pytest.raises(NotFound):
        actions.end_contact(contact, until_on=AT.date() + timedelta(days=1), at=AT, customer_id=igor)


def add(customer_id, value, **more) -> int:
    return actions.add_contact(
        customer_id, kind=ContactKind.PHONE, value=value, from_on=date(2026, 1, 1), at=AT, **more
    )

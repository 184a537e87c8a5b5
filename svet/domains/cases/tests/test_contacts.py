"""Contacts begin once, end once and hold their card open; tries to identify are counted."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from svet.domains.cases import actions, queries
from svet.domains.cases.models import Identification, ServiceContact
from svet.domains.cases.rules.contacts import SILENCE, ContactChannel, Settled, Subject
from svet.domains.cases.rules.identity import OPEN_FOR, DocumentKind, Said
from svet.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from tests import cast

AT = cast.NOW


@pytest.fixture
def people(db) -> cast.Cast:
    return cast.assemble()


@pytest.fixture
def operator(people) -> int:
    return people.staff["operator"].user_id


def say(number: str, name: str, *, operator_id: int, said_number: str = "", roles=("operator",), at=AT):
    return actions.identify_by_words(
        number, operator_id=operator_id, roles=roles, said=Said(name, said_number, ""), at=at
    )


def test_what_was_said_rightly_opens_the_card_for_half_an_hour(people, operator):
    anna = people.anna
    found = say(anna.number, "смирнова анна павловна", operator_id=operator, said_number=anna.number)

    held = queries.entry(found, operator_id=operator, number=anna.number, at=AT + OPEN_FOR - timedelta(seconds=1))
    contact = queries.running(operator)
    assert (held.purpose, held.contact_id) == ("customer_call", contact.contact_id)
    assert (contact.number, contact.channel) == (anna.number, "call")
    assert queries.entry(found, operator_id=operator, number=anna.number, at=AT + OPEN_FOR) is None
    assert queries.entry(found, operator_id=operator, number=people.igor.number, at=AT) is None
    other = people.staff["supervisor"].user_id
    assert queries.entry(found, operator_id=other, number=anna.number, at=AT) is None


def test_three_wrong_tries_and_only_a_supervisor_goes_on(people, operator):
    anna = people.anna
    for _ in range(3):
        assert say(anna.number, "Смирнова А. П.", operator_id=operator, said_number=anna.number) is None

    with pytest.raises(Conflict, match="too_many_tries"):
        say(anna.number, "Смирнова Анна Павловна", operator_id=operator, said_number=anna.number)
    supervisor = people.staff["supervisor"].user_id
    assert say(
        anna.number, "Смирнова Анна Павловна", operator_id=supervisor, said_number=anna.number, roles=["supervisor"]
    )
    assert Identification.objects.filter(outcome="not_confirmed").count() == 3
    assert queries.running(operator).number == ""


def test_another_customer_ends_the_first_contact_and_closes_his_card(people, operator):
    first = actions.identify_by_document(
        people.anna.number, operator_id=operator, document=DocumentKind.PASSPORT, document_tail="0412", at=AT
    )
    actions.identify_by_document(people.igor.number, operator_id=operator, document=DocumentKind.PASSPORT, at=AT)

    assert queries.entry(first, operator_id=operator, number=people.anna.number, at=AT) is None
    assert [one.ending for one in queries.contacts_of(people.anna.account.id)] == ["switched"]
    assert queries.running(operator).number == people.igor.number


def test_a_contact_begun_twice_is_one_and_takes_its_account(people, operator):
    first = actions.begin_contact(operator, channel=ContactChannel.VISIT, at=AT, caller_name="Анна «😀»" * 60)
    again = actions.begin_contact(operator, channel=ContactChannel.VISIT, at=AT)
    actions.identify_by_document(people.anna.number, operator_id=operator, document=DocumentKind.PASSPORT, at=AT)

    assert first == again == queries.running(operator).contact_id
    assert queries.running(operator).number == people.anna.number


def test_two_operators_serve_one_customer_each_in_his_own_contact(people, operator):
    supervisor = people.staff["supervisor"].user_id
    for who in (operator, supervisor):
        actions.identify_by_document(people.anna.number, operator_id=who, document=DocumentKind.PASSPORT, at=AT)

    assert {one.operator_id for one in queries.contacts_of(people.anna.account.id)} == {operator, supervisor}


def test_an_end_is_once_has_a_subject_and_closes_the_card(people, operator):
    found = actions.identify_by_document(
        people.anna.number, operator_id=operator, document=DocumentKind.PASSPORT, at=AT
    )
    contact_id = queries.running(operator).contact_id
    terms = {"settled": Settled.YES, "at": AT + timedelta(minutes=4)}

    with pytest.raises(DomainError, match="subject_is_needed"):
        actions.end_contact(contact_id, operator_id=operator, subjects=[], **terms)
    with pytest.raises(NotFound):
        actions.end_contact(contact_id, operator_id=people.staff["cashier"].user_id, subjects=[Subject.METER], **terms)
    actions.end_contact(contact_id, operator_id=operator, subjects=[Subject.METER, Subject.METER], **terms)
    with pytest.raises(Conflict, match="contact_is_ended"):
        actions.end_contact(contact_id, operator_id=operator, subjects=[Subject.METER], **terms)

    assert queries.entry(found, operator_id=operator, number=people.anna.number, at=AT) is None
    assert queries.own_contact(contact_id, operator_id=operator).subjects == ("meter",)


def test_a_refusal_is_recorded_and_ends_the_contact(people, operator):
    terms = {"operator_id": operator, "channel": ContactChannel.CALL, "at": AT}
    with pytest.raises(DomainError, match="reason_is_needed"):
        actions.refuse_to_open(people.anna.number, reason="  ", **terms)

    kept = actions.refuse_to_open(people.anna.number, reason="Отказался назвать себя", **terms)

    assert queries.running(operator) is None
    assert ServiceContact.objects.get().ending == "identification_refused"
    assert queries.entry(kept, operator_id=operator, number=people.anna.number, at=AT) is None


def test_inner_work_is_for_those_whose_work_it_is(people, operator):
    anna = people.anna.number
    found = actions.open_for_inner_work(anna, operator_id=operator, roles=["operator"], purpose="reading_check", at=AT)

    assert queries.entry(found, operator_id=operator, number=anna, at=AT).contact_id is None
    for purpose in ("payment_search", "customer_call", "curiosity"):
        with pytest.raises(NotAllowed, match="not_your_work"):
            actions.open_for_inner_work(anna, operator_id=operator, roles=["operator"], purpose=purpose, at=AT)


def test_what_was_left_is_closed_as_abandoned_once(people, operator):
    actions.identify_by_document(people.anna.number, operator_id=operator, document=DocumentKind.PASSPORT, at=AT)

    assert actions.close_abandoned(at=AT + SILENCE - timedelta(seconds=1)) == 0
    assert actions.close_abandoned(at=AT + SILENCE) == 1
    assert actions.close_abandoned(at=AT + SILENCE) == 0
    assert queries.contacts_of(people.anna.account.id)[0].ending == "abandoned"


def test_identifications_are_never_rewritten(people, operator):
    actions.identify_by_document(people.anna.number, operator_id=operator, document=DocumentKind.PASSPORT, at=AT)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Identification.objects.update(outcome="confirmed")


@pytest.mark.parametrize("tail", ["12345", "12a4", "１２３４", "; --"])
def test_no_more_of_a_document_than_four_digits_is_kept(people, operator, tail):
    with pytest.raises(DomainError, match="document_tail_is_wrong"):
        actions.identify_by_document(
            people.anna.number, operator_id=operator, document=DocumentKind.PASSPORT, document_tail=tail, at=AT
        )

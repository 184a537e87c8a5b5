"""Readings by SMS in the database: posted once, asked about where odd, answered always, and never too much."""

from datetime import date, timedelta

import pytest

from svet.domains.customers import actions as customers
from svet.domains.customers import queries as wishes
from svet.domains.customers.rules import ConsentPurpose, ContactKind, Subject, Way
from svet.domains.metering import queries as metering
from svet.domains.metering.rules import Verdict
from svet.domains.notifications import actions, queries
from svet.flows import account_card, reactions
from svet.flows.sms_readings import answer_sms
from svet.kernel.errors import NotFound
from svet.surfaces.web import sms_words
from tests import cast

pytestmark = pytest.mark.django_db

ANNA, IGOR, NEIGHBOUR = "+79161000001", "+79161000002", "+79161000009"


@pytest.fixture
def people():
    found = cast.assemble()
    for person, phone in ((found.anna, ANNA), (found.igor, IGOR)):
        customers.add_contact(
            person.account.customer_id, kind=ContactKind.PHONE, value=phone, from_on=cast.LONG_AGO, at=cast.NOW
        )
    return found


class Phone:
    """Sends one SMS after the other, a minute apart, and shows what came of each."""

    def __init__(self, number):
        self.number, self.count = number, 0

    def says(self, text, *, at=None, whole=True):
        self.count += 1
        at = at or cast.NOW + timedelta(minutes=self.count)
        sms_id = actions.note_sms(
            f"{self.number}:{self.count}", phone=self.number, text=text, is_whole=whole, received_at=at
        )
        answer_sms(sms_id, at=at)
        self.last_id = sms_id
        return self.last()

    def last(self):
        rows, _ = queries.sms_page(phone=self.number)
        return next(row for row in rows if row.id == self.last_id)

    def hears(self):
        answer = self.last().answer
        return "" if answer is None else sms_words.answer(answer.facts, phone="")


def given(person):
    """Return what was given by SMS: values, day and verdict of each."""
    rows = metering.history(person.account.id)
    return [(row.value, row.taken_on, row.verdict) for row in rows if row.channel == "sms"]


def test_a_reading_is_taken_once_and_answered_with_what_was_understood(people):
    phone = Phone(ANNA)
    sms = phone.says("Добрый день! Показания 13760")

    assert (sms.state, sms.outcome, sms.account_id) == ("taken", "accepted", people.anna.account.id)
    assert phone.hears() == "Приняли: счёт …0019, 13760 на 18.11.2026. Спасибо!"
    assert given(people.anna) == [(13760, date(2026, 11, 18), Verdict.ACCEPTED)]

    answer_sms(sms.id, at=cast.NOW + timedelta(hours=1))
    assert len(given(people.anna)) == 1
    assert metering.receipt(people.anna.account.id, number=sms.receipt_number).channel == "sms"

    events = account_card.timeline(
        people.anna.account.id, user_id=people.staff["operator"].user_id, at=cast.NOW, kind="sms"
    )
    assert [event.what.text for event in events] == ["Добрый день! Показания 13760"]


def test_zones_come_in_any_order_and_go_to_their_registers(people):
    assert Phone(IGOR).says("НОЧЬ 4590, день 9440").state == "taken"
    assert {value for value, _, _ in given(people.igor)} == {4590, 9440}
    assert queries.sms_of(people.igor.account.id)[0].facts["values"] == {"1": "9440", "2": "4590"}


def test_an_odd_value_is_taken_only_after_a_yes_and_counts_from_when_it_was_given(people):
    phone = Phone(ANNA)
    sms = phone.says("16760")
    assert (sms.state, sms.outcome, given(people.anna)) == ("asked", "odd", [])
    assert phone.hears() == (
        "Счёт …0019: 16760. Проверьте по счётчику. Если верно, ответьте ДА до 19.11.2026,\u00a010:31."
    )

    phone.says("Да", at=cast.NOW + timedelta(hours=20))

    assert phone.last().outcome == "held"
    assert phone.hears() == "Записали: счёт …0019, 16760 на 18.11.2026. Проверит сотрудник."
    assert given(people.anna) == [(16760, date(2026, 11, 18), Verdict.HELD)]
    assert [row.state for row in queries.sms_of(people.anna.account.id)] == ["served", "taken"]
    phone.says("да")
    assert (phone.last().outcome, len(given(people.anna))) == ("nothing_asked", 1)


def test_a_question_ends_by_a_no_by_its_time_and_by_another_reading(people):
    phone = Phone(ANNA)
    asked = phone.says("16760").id
    phone.says("нет")
    assert phone.hears() == "Не записали. Пришлите верные показания ещё одним СМС."
    late = phone.says("16760").id
    phone.says("да", at=cast.NOW + timedelta(days=2))
    assert phone.last().outcome == "too_late"
    other = phone.says("16760", at=cast.NOW + timedelta(days=2, minutes=1)).id
    phone.says("13765", at=cast.NOW + timedelta(days=2, minutes=2))

    states = {row.id: (row.state, row.outcome) for row in queries.sms_page()[0]}
    assert [states[one] for one in (asked, late, other)] == [
        ("dropped", "not_confirmed"),
        ("dropped", "too_late"),
        ("dropped", "replaced"),
    ]
    assert [value for value, _, _ in given(people.anna)] == [13765]


def test_a_yes_that_repeats_the_value_is_a_yes_and_one_with_another_value_is_a_reading(people):
    phone = Phone(ANNA)
    phone.says("16760")
    phone.says("да 16760")
    assert phone.last().outcome == "held"

    phone.says("16790")
    phone.says("да 13770")
    assert (phone.last().state, phone.last().outcome) == ("taken", "accepted")
    assert {value for value, _, _ in given(people.anna)} == {16760, 13770}


def test_an_unknown_phone_gives_readings_by_the_account_number_and_learns_nothing(people):
    phone = Phone(NEIGHBOUR)
    phone.says("13760")
    assert phone.hears().startswith("Напишите лицевой счёт")
    phone.says(f"{people.igor.number} 9440")
    assert phone.hears() == "Счёт …0027: нужны показания всех зон одним СМС."
    phone.says(f"{people.anna.number} 13760")
    assert phone.hears() == "Приняли: счёт …0019, 13760 на 18.11.2026. Спасибо!"
    phone.says(f"{people.anna.number} 900")
    told = phone.hears()

    assert phone.last().state == "asked"
    for secret in (people.anna.name.split()[0], "13600", "190", people.anna.serial, people.anna.number):
        assert secret not in told


def test_another_account_than_the_phones_own_is_asked_about_first(people):
    phone = Phone(IGOR)
    assert phone.says(f"{people.anna.number} 13760").outcome == "foreign"
    assert given(people.anna) == []
    phone.says("да")
    assert [verdict for _, _, verdict in given(people.anna)] == [Verdict.ACCEPTED]


def test_what_the_checks_refuse_is_not_kept_as_a_reading(people):
    phone = Phone(ANNA)
    phone.says("123456789")

    assert (phone.last().state, given(people.anna)) == ("refused", [])
    assert phone.hears().startswith("Счёт …0019: 123456789 не приняли: на счётчике меньше цифр.")


def test_robots_and_those_who_write_without_end_get_no_answer(people):
    for sender in ("BEELINE", "+0611", "900", ""):
        robot = Phone(sender)
        actions.note_sms(f"r:{sender}", phone=sender, text="13760", is_whole=True, received_at=cast.NOW)
        robot.last_id = queries.waiting_sms()[0]
        answer_sms(robot.last_id, at=cast.NOW)
        assert (queries.sms_page(states=["silent"])[0][0].outcome, robot.last().answer) == ("short_number", None)
    echo = Phone(NEIGHBOUR)
    states = [echo.says("Приняли: счёт …0019").state for _ in range(5)]
    assert states == ["refused", "refused", "refused", "silent", "silent"]
    many = Phone(ANNA)
    assert [many.says(f"привет {'!' * count}").state for count in range(12)][-3:] == ["refused", "silent", "silent"]


def test_stop_ends_reminders_and_news_by_sms_and_help_tells_the_form(people):
    customer = people.anna.account.customer_id
    customers.state_consent(customer, purpose=ConsentPurpose.REMINDERS, is_given=True, channel="cabinet", at=cast.NOW)
    customers.prefer(customer, ways={Subject.READING: Way.SMS, Subject.BILL: Way.EMAIL}, at=cast.NOW)

    phone = Phone(ANNA)
    assert phone.says("СТОП").outcome == "stopped"
    assert not wishes.agrees(customer, purpose=ConsentPurpose.REMINDERS)
    assert (wishes.preferences_of(customer)["reading"], wishes.preferences_of(customer)["bill"]) == ("none", "email")
    assert Phone(NEIGHBOUR).says("stop").outcome == "stopped"
    phone.says("?")
    assert phone.last().outcome == "not_plain"
    assert phone.says("помощь").outcome == "help"
    assert phone.says("13760").state == "taken"


def test_a_part_of_a_message_is_never_read_as_the_whole(people):
    phone = Phone(ANNA)
    phone.says("13760", whole=False)

    assert (phone.last().outcome, given(people.anna)) == ("part_missing", [])


@pytest.mark.django_db(transaction=True)
def test_the_answer_goes_once_though_the_customer_wants_to_be_told_of_readings(people):
    customer = people.anna.account.customer_id
    customers.prefer(customer, ways={Subject.READING: Way.SMS}, at=cast.NOW)
    Phone(ANNA).says("13760")

    reactions.deliver_facts(at=cast.NOW)

    assert [one.kind for one in queries.messages_of(people.anna.account.id)] == ["sms_answer"]


def test_an_sms_that_is_not_there_cannot_be_answered(db):
    with pytest.raises(NotFound):
        answer_sms(0, at=cast.NOW)

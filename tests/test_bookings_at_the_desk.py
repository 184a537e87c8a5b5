"""An operator books a time for who calls: the code is told and sent; it is found, moved and cancelled (clause O4)."""

import time
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.notifications.models import Message
from svet.domains.offices import actions as offices
from svet.domains.offices import queries as office_reads
from svet.domains.offices.rules.opening import Exceptional
from svet.domains.tariffs import actions as tariffs
from svet.domains.visits import actions as visits
from svet.domains.visits import queries
from svet.domains.visits.models import Booking
from svet.flows import booking as flow
from svet.flows import reactions
from svet.surfaces.gates.sending import readable
from svet.surfaces.web import message_words
from tests import cast, reference
from tests.architecture.test_urls import signed_in
from tests.doors import identified

pytestmark = pytest.mark.django_db(transaction=True)
OFFICE, OTHER = "vladimir-mira-61a", "vladimir-chaykovskogo-38d"
NEW = f"/desk/bookings/new/?office={OFFICE}&service=contract&time=2026-11-19T10:00"


@pytest.fixture
def people(db, monkeypatch) -> cast.Cast:
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    for domain in (tariffs, offices, visits):
        reference.load(domain, at=cast.moment(cast.LONG_AGO))
    visits.make_window(OFFICE, 1, at=cast.NOW)
    return cast.assemble()


def given(**other):
    return {
        "request_key": uuid.uuid4().hex,
        "name": "Пётр",
        "phone": "8 916 000 00 01",
        "email": "",
        "agrees": "on",
    } | other


def test_a_stranger_is_booked_once_and_gets_the_code_by_sms(people):
    operator = signed_in(people.staff["operator"].user_id, proved=True)
    for bad in ({"name": ""}, {"phone": "х"}, {"phone": ""}, {"agrees": ""}, {"request_key": "x"}):
        assert operator.post(NEW, given(**bad)).status_code == 422, bad
    sent = given()
    first, again = (operator.post(NEW, sent) for _ in range(2))

    assert first.headers["Location"] == again.headers["Location"]
    made = Booking.objects.get()
    assert (made.came, made.phone, made.user_id) == ("phone", "+79160000001", None)
    assert f"{made.code[:4]} {made.code[4:]}" in operator.get(first.headers["Location"]).content.decode()
    reactions.deliver_facts(at=cast.NOW)
    assert Message.objects.get(kind="booking_made").address == "+79160000001"
    taken = operator.post(NEW, given(phone="8 916 000 00 02"))
    assert taken.status_code == 422
    assert "Это время уже занято" in taken.content.decode()


def test_an_identified_customer_is_filled_in_and_nobody_else(people):
    operator = signed_in(people.staff["operator"].user_id, proved=True)
    page = f"{NEW}&account={people.anna.number}"
    assert people.anna.account.customer_name not in operator.get(page).content.decode()
    identified(operator, people.anna.number)
    assert people.anna.account.customer_name in operator.get(page).content.decode()
    assert signed_in(people.anna.user_id).get(NEW).status_code == 403


def test_a_booking_is_found_moved_with_its_code_and_told_and_cancelled(people):
    operator = signed_in(people.staff["operator"].user_id, proved=True)
    page = operator.post(NEW, given()).headers["Location"]
    made = Booking.objects.get()
    visits.note_reminded([made.pk], at=cast.NOW)
    for text in (made.code, "8 (916) 000-00-01"):
        assert page in operator.get(reverse("desk:bookings"), {"q": text}).content.decode()
    assert "впереди нет" in operator.get(reverse("desk:bookings"), {"q": "00000000"}).content.decode()
    assert "11:00" in operator.get(f"{page}?move").content.decode()

    operator.post(page, {"time": "2026-11-19T11:00"})

    moved = Booking.objects.get()
    assert (moved.starts_at - made.starts_at, moved.code, moved.reminded_at) == (timedelta(hours=1), made.code, None)
    reactions.deliver_facts(at=cast.NOW)
    assert Message.objects.get(kind="booking_moved").facts["code"] == made.code
    operator.post(NEW, given(phone="8 916 000 00 03"))
    assert "уже занято" in operator.post(page, {"time": "2026-11-19T10:00"}, follow=True).content.decode()
    operator.post(page, {"do": "cancel"})
    assert Booking.objects.get(pk=made.pk).cancelled_at is not None
    assert "уже отменена" in operator.post(page, {"time": "2026-11-19T12:00"}, follow=True).content.decode()
    assert operator.get(f"{page.rstrip('/')}x/").status_code == 404


def as_sent(told: Message) -> str:
    """Return the SMS of a message, and fail when its letter lacks a fact."""
    facts, company = readable(told.facts), office_reads.company(cast.NOW)
    assert message_words.letter(told.kind, facts=facts, company=company)
    return message_words.sms(told.kind, facts=facts, company=company)


def test_a_booking_goes_to_another_office_and_service_by_its_owner_and_he_is_told(people):
    visits.make_window(OTHER, 1, at=cast.NOW)
    signed_in(people.staff["operator"].user_id, proved=True).post(NEW, given())
    made = Booking.objects.get()
    page, visitor = reverse("website:booking", args=[flow.address_of(queries.booking(made.code))]), Client()
    assert "?move=time" in visitor.get(page).content.decode()
    assert f"office={OTHER}" in visitor.get(page, {"move": "office"}).content.decode()
    assert "Показания и счётчик" in visitor.get(page, {"move": "service", "office": OTHER}).content.decode()
    chosen = {"move": "time", "office": OTHER, "service": "readings"}
    assert 'value="2026-11-20T11:00"' in visitor.get(page, chosen).content.decode()
    visitor.post(page, {"office": OTHER, "service": "readings", "time": "2026-11-20T11:00"})

    moved = queries.booking(made.code)
    assert (moved.office_code, moved.series, moved.starts_at.day) == (OTHER, "readings", 20)
    reactions.deliver_facts(at=cast.NOW)
    assert "Чайковского" in Message.objects.get(kind="booking_moved").facts["office"]
    for step in ("office", "service", "nonsense"):
        assert visitor.get(page, {"move": step, "office": "none", "service": "none"}).status_code == 200
    visitor.post(page, {"do": "cancel"})
    reactions.deliver_facts(at=cast.NOW)
    told = Message.objects.get(kind="booking_cancelled")
    assert told.address == "+79160000001"
    assert "отменена" in message_words.sms(
        told.kind, facts=readable(told.facts), company=office_reads.company(cast.NOW)
    )


def test_moved_there_and_back_is_told_each_time_and_the_owner_cannot_move_without_end(people):
    signed_in(people.staff["operator"].user_id, proved=True).post(NEW, given())
    made = queries.booking(Booking.objects.get().code)
    page, visitor = reverse("website:booking", args=[flow.address_of(made)]), Client()
    for hour in (11, 10, 11):
        visitor.post(page, {"time": f"2026-11-19T{hour}:00"})
        reactions.deliver_facts(at=cast.NOW)
    assert Message.objects.filter(kind="booking_moved").count() == 3
    for hour in (12, 13, 14, 15, 12, 13, 14, 15):
        answer = visitor.post(page, {"time": f"2026-11-19T{hour}:00"}, follow=True)
    assert "Запись перенесена" not in answer.content.decode()


def test_who_booked_hours_in_which_the_office_is_closed_is_told_and_chooses_others(people):
    operator = signed_in(people.staff["operator"].user_id, proved=True)
    page = operator.post(NEW, given()).headers["Location"]
    office_id, day = office_reads.office(OFFICE).office_id, cast.NOW.date() + timedelta(days=1)
    exception = offices.add_exception(
        Exceptional(day, day, office_id=office_id, reason="ремонт крыльца"),
        by=people.staff["operator"].user_id,
        at=cast.NOW,
    )
    for _ in range(2):
        reactions.deliver_facts(at=cast.NOW)

    told = Message.objects.get(kind="booking_displaced")
    assert "выберите другое время" in as_sent(told).lower()
    own = told.facts["booking"]
    shown = Client().get(reverse("website:booking", args=[own])).content.decode()
    assert "ремонт крыльца" in shown
    assert "2026-11-20T10:00" in shown
    assert "2026-11-19T" not in shown
    assert "ремонт крыльца" in operator.get(page).content.decode()
    offices.withdraw_exception(exception, reason="отложили", by=people.staff["operator"].user_id, at=cast.NOW)
    for _ in range(2):
        reactions.deliver_facts(at=cast.NOW)
    assert Message.objects.filter(kind="booking_stands").count() == 1
    assert Message.objects.filter(kind="booking_displaced").count() == 1


def test_who_booked_a_service_that_a_supervisor_closes_for_a_day_is_told_and_chooses_others(people):
    signed_in(people.staff["operator"].user_id, proved=True).post(NEW, given())
    supervisor, hall = signed_in(people.staff["supervisor"].user_id, proved=True), f"/desk/hall/{OFFICE}/"
    sent = {"do": "close", "series": "contract", "first_on": "2026-11-19", "last_on": "2026-11-19", "why": "обучение"}
    for bad in ({"last_on": "2026-11-18"}, {"first_on": "2020-01-01"}, {"first_on": "завтра"}, {"series": "x"}):
        assert supervisor.post(hall, sent | bad).status_code == 422, bad
    assert supervisor.post(hall, sent).status_code == 302
    assert "уже закрыта" in supervisor.post(hall, sent, follow=True).content.decode()
    for _ in range(2):
        reactions.deliver_facts(at=cast.NOW)

    told = Message.objects.get(kind="booking_displaced")
    assert "принять не сможем" in as_sent(told)
    own = reverse("website:booking", args=[told.facts["booking"]])
    shown = Client().get(own).content.decode()
    assert "не оказываем: обучение" in shown
    assert "2026-11-19T" not in shown
    assert "2026-11-20T10:00" in shown
    (closing,) = queries.closings_of(OFFICE, since=cast.NOW.date())
    assert "обучение" in supervisor.get(hall).content.decode()
    supervisor.post(hall, {"do": "reopen", "closing": str(closing.closing_id)})
    for _ in range(2):
        reactions.deliver_facts(at=cast.NOW)
    assert Message.objects.filter(kind="booking_stands").count() == 1

"""An operator books a time for who calls: the code is told and sent; it is found, moved and cancelled (clause O4)."""

import time
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from svet.domains.notifications.models import Message
from svet.domains.offices import actions as offices
from svet.domains.tariffs import actions as tariffs
from svet.domains.visits import actions as visits
from svet.domains.visits.models import Booking
from svet.flows import reactions
from tests import cast
from tests.architecture.test_urls import signed_in
from tests.doors import identified

pytestmark = pytest.mark.django_db(transaction=True)
OFFICE = "vladimir-mira-61a"
NEW = f"/desk/bookings/new/?office={OFFICE}&service=contract&time=2026-11-19T10:00"


@pytest.fixture
def people(db, monkeypatch) -> cast.Cast:
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    for domain in (tariffs, offices, visits):
        domain.load_reference(at=cast.moment(cast.LONG_AGO))
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

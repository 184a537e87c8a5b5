"""Who has signed in books without a question for robots; his bookings are told by a message, listed and exported."""

import io
import re
import subprocess
import time

import pikepdf
import pytest
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse

from svet.domains.notifications.models import Message
from svet.domains.offices import actions as offices
from svet.domains.offices.rules import Audience
from svet.domains.tariffs import actions as tariffs
from svet.domains.visits import actions as visits
from svet.domains.visits import queries
from svet.domains.visits.actions import Wanted
from svet.domains.visits.models import Booking
from svet.flows import booking, reactions
from tests import cast, reference
from tests.architecture.test_urls import signed_in

OFFICE = "vladimir-mira-61a"
STEPS = f"/queue/book/?office={OFFICE}&service=contract"


@pytest.fixture
def people(db, monkeypatch) -> cast.Cast:
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    for domain in (tariffs, offices, visits):
        reference.load(domain, at=cast.moment(cast.LONG_AGO))
    visits.make_window(OFFICE, 1, at=cast.NOW)
    return cast.assemble()


@pytest.fixture
def anna(people) -> Client:
    return signed_in(people.anna.user_id)


def book(browser: Client, *, hour="10:00", **given):
    page = browser.get(f"{STEPS}&time=2026-11-19T{hour}")
    kept = dict(re.findall(r'type="hidden" name="(mark|request_key)" value="([^"]+)"', page.content.decode()))
    return browser.post(f"{STEPS}&time=2026-11-19T{hour}", kept | {"name": "Анна", "phone": "", "email": "", **given})


@pytest.mark.django_db(transaction=True)
def test_a_customer_books_is_told_sees_it_in_the_account_area_and_cancels(people, anna):
    answer = book(anna, email="anna@example.org")
    made = Booking.objects.get()
    assert (made.user_id, made.came) == (people.anna.user_id, "cabinet")

    reactions.deliver_facts(at=cast.NOW)
    told = Message.objects.get(kind="booking_made")
    assert (told.address, told.facts["code"]) == ("anna@example.org", made.code)
    assert "Договор и собственник" in anna.get(reverse("cabinet:visits")).content.decode()
    assert "Договор и собственник" not in signed_in(people.igor.user_id).get(reverse("cabinet:visits")).content.decode()
    assert [one.code for one in queries.bookings_of_user(people.anna.user_id)] == [made.code]

    garbled = anna.post(answer["Location"], {"time": "2026-11-19T1"}, follow=True).content.decode()
    assert "Выберите время из списка" in garbled
    assert "Вы записаны" in garbled
    anna.post(answer["Location"], {"do": "cancel"})
    assert "Вы никуда не записаны" in anna.get(reverse("cabinet:visits")).content.decode()


def test_a_taken_time_and_a_missing_contact_are_said_and_nothing_is_booked(people, anna):
    assert book(anna).status_code == 422
    assert not Booking.objects.exists()
    book(anna, email="anna@example.org")
    answer = book(signed_in(people.igor.user_id), email="igor@example.org", hour="10:30")
    assert answer.status_code == 302
    page = signed_in(people.igor.user_id).get(f"{STEPS}&time=2026-11-19T10:00").content.decode()
    assert "Это время уже занято" in page


def test_a_reminder_goes_once_on_the_day_before_and_not_of_a_cancelled_one(people, anna):
    book(anna, email="anna@example.org")
    book(anna, email="anna@example.org", hour="11:00")
    visits.cancel_booking(Booking.objects.last().code, at=cast.NOW)
    evening = cast.moment(cast.NOW.date(), 17)

    assert booking.remind_of_bookings(at=cast.NOW) == 0
    assert booking.remind_of_bookings(at=evening) == 1
    assert booking.remind_of_bookings(at=evening) == 0
    assert Message.objects.filter(kind="booking_reminder").count() == 1


def test_a_stranger_meets_the_question_for_robots_and_a_forged_address_opens_nothing(people):
    browser = Client()
    page = browser.get(f"{STEPS}&time=2026-11-19T10:00").content.decode()
    assert "Сколько будет" in page
    assert book(browser, email="a@example.org").status_code == 422
    assert not Booking.objects.exists()
    assert browser.get(reverse("website:booking", args=[Signer(salt="other").sign("12345678")])).status_code == 404
    assert browser.get(reverse("cabinet:visits")).status_code == 302


def test_a_ticket_is_a_strip_to_print_with_its_number_and_place(people):
    ticket = visits.issue(Wanted(OFFICE, "charges", Audience.INDIVIDUALS, "0" * 32), at=cast.NOW)
    answer = Client().get(reverse("website:ticket_pdf", args=[ticket.follow_code]))
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as paper:
        assert len(paper.pages) == 1
        assert round(float(paper.pages[0].mediabox[2]) / 72 * 25.4) == 80
    told = subprocess.run(
        ["pdftotext", "-", "-"], input=answer.content, capture_output=True, check=True
    ).stdout.decode()
    assert "Н001" in told
    assert "ул. Мира" in told
    assert Client().get(reverse("website:ticket_pdf", args=["absent"])).status_code == 404

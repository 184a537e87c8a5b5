"""Times in offices: booked by steps, checked in, moved and cancelled; hours that closed are changed for others."""

import re
import time

from django.urls import reverse
from playwright.sync_api import expect

from svet.domains.offices import actions as offices
from svet.domains.offices import queries as reads
from svet.domains.offices.rules.opening import Exceptional
from svet.domains.visits import actions as visits
from svet.domains.visits.models import Booking
from svet.infra import clock
from tests.browser.conftest import PHONE, answer_the_sum, at_the_desk, photograph, scrolls_sideways
from tests.browser.halls import OFFICE, TOUCH, kiosk_of


def test_a_time_is_booked_by_steps_and_checked_in_by_its_code(visit, hall, monkeypatch):
    page = visit("/queue/book/", viewport=PHONE)
    page.get_by_role("link", name=re.compile("ул. Мира, д. 61а")).click()
    page.get_by_role("link", name="Договор и собственник").click()
    expect(page.locator("details[open] a.button").first).to_be_visible()
    photograph(page, "hall/book-time")
    assert not scrolls_sideways(page)
    page.locator("details[open] a.button").first.click()
    page.get_by_label("Как к вам обращаться").fill("Игорь")
    page.get_by_label("Или мобильный телефон").fill("8 916 000 00 01")
    answer_the_sum(page)
    page.get_by_label(re.compile("Я согласен")).check()
    photograph(page, "hall/book-who")
    page.wait_for_timeout(3100)  # the form tells people from robots by this pause
    page.get_by_role("button", name="Записаться").click()
    expect(page.get_by_role("heading", name="Вы записаны")).to_be_visible()
    photograph(page, "hall/booking")

    made = Booking.objects.get(name="Игорь")
    assert made.phone == "+79160000001"
    kiosk = visit(kiosk_of(hall), viewport=TOUCH)
    kiosk.get_by_role("link", name="Я записан заранее").click()
    for digit in made.code:
        kiosk.get_by_role("button", name=digit, exact=True).click()
    photograph(kiosk, "hall/kiosk-booked")
    kiosk.get_by_role("button", name="Отметиться и взять талон").click()
    expect(kiosk.get_by_text("не раньше чем за полчаса").first).to_be_visible()
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(made.starts_at.timestamp() - 600 - time.time()))
    kiosk.get_by_role("button", name="Отметиться и взять талон").click()
    expect(kiosk.locator(".number")).to_have_text("Д002")


def test_an_operator_books_moves_and_cancels_for_a_caller(visit, people, hall):
    page = at_the_desk(visit, people, "operator", "/desk/phone/")
    page.get_by_role("link", name="Записи в офис").click()
    page.get_by_role("link", name="Записать").click()
    page.get_by_role("link", name=re.compile("ул. Мира, д. 61а")).click()
    page.get_by_role("link", name="Договор и собственник").click()
    photograph(page, "hall/desk-book-time")
    page.locator("details[open] a.button").first.click()
    page.get_by_label("Как обращаться").fill("Пётр")
    page.get_by_label("Мобильный телефон").fill("8 916 000 00 01")
    page.get_by_label(re.compile("Клиент согласен")).check()
    photograph(page, "hall/desk-book-who")
    page.get_by_role("button", name="Записать").click()
    expect(page.get_by_text("Назовите клиенту код записи")).to_be_visible()
    made = Booking.objects.get(name="Пётр")
    expect(page.get_by_text(f"{made.code[:4]} {made.code[4:]}")).to_be_visible()
    page.get_by_role("link", name="Перенести").click()
    expect(page.get_by_role("heading", name="На какое время перенести?")).to_be_visible()
    photograph(page, "hall/desk-booking")
    page.set_viewport_size(PHONE)
    photograph(page, "hall/desk-booking-390")
    assert not scrolls_sideways(page)
    page.locator("details[open] button").last.click()
    expect(page.get_by_text("Запись перенесена, код прежний.")).to_be_visible()
    page.get_by_role("button", name="Отменить запись").click()
    expect(page.get_by_text("Запись отменена.")).to_be_visible()


def test_who_booked_closed_hours_chooses_another_office_and_time(visit, people, hall):
    visits.make_window("vladimir-chaykovskogo-38d", 1, at=clock.now())
    made = Booking.objects.get(name="Анна Павловна")
    office_id, day = reads.office(OFFICE).office_id, made.starts_at.date()
    offices.add_exception(Exceptional(day, day, reason="ремонт крыльца", office_id=office_id), by=1, at=clock.now())
    visits.displace_bookings(at=clock.now())
    page = visit(reverse("website:booking", args=[hall.booking]))
    expect(page.get_by_role("heading", level=1)).to_have_text("Нужно другое время")
    photograph(page, "hall/booking-displaced")
    page.set_viewport_size(PHONE)
    photograph(page, "hall/booking-displaced-390")
    assert not scrolls_sideways(page)
    page.get_by_role("link", name="другой офис").click()
    expect(page.get_by_role("heading", name="В какой офис перенести?")).to_be_visible()
    photograph(page, "hall/booking-offices-390")
    page.get_by_role("link", name=re.compile("Чайковского")).click()
    expect(page.get_by_role("heading", name="На какое время перенести?")).to_be_visible()
    page.locator("details[open] button").first.click()
    expect(page.get_by_text("Запись перенесена, код прежний.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Чайковского"))).to_be_visible()
    photograph(page, "hall/booking-moved-390")

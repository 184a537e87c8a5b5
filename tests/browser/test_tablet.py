"""A tablet at a window: it asks how the visit was, once, and survives a lost connection."""

from django.urls import reverse
from playwright.sync_api import expect

from svet.domains.visits.models import VisitRating
from tests.browser.conftest import PHONE, photograph, scrolls_sideways
from tests.browser.halls import Hall, served

TABLET = {"width": 1024, "height": 768}


def tablet_of(hall: Hall) -> str:
    return reverse("hall:tablet", kwargs={"device": hall.tablet})


def test_a_tablet_rests_asks_thanks_and_rests_again(visit, hall, at_window):
    page = visit(tablet_of(hall), viewport=TABLET)
    expect(page.get_by_text("Вас принимает")).to_be_visible()
    photograph(page, "hall/tablet-rest")
    ticket = served(at_window)
    expect(page.get_by_role("heading", level=1)).to_have_text("Как вас приняли?")
    photograph(page, "hall/tablet-asks")
    page.set_viewport_size(PHONE)
    photograph(page, "hall/tablet-asks-390")
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="4 Хорошо").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Спасибо!")
    photograph(page, "hall/tablet-thanks")
    expect(page.get_by_text("Вас принимает")).to_be_visible(timeout=15_000)
    assert [(one.ticket_id, one.score, one.way) for one in VisitRating.objects.all()] == [(ticket.pk, 4, "tablet")]


def test_a_tablet_without_script_takes_one_answer_by_a_form(visit, hall, at_window):
    ticket = served(at_window)
    page = visit(tablet_of(hall), viewport=TABLET, java_script_enabled=False)
    page.get_by_role("button", name="5 Отлично").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Спасибо!")
    page.go_back()
    if page.get_by_role("button", name="1 Очень плохо").count():
        page.get_by_role("button", name="1 Очень плохо").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Спасибо!")
    assert [(one.ticket_id, one.score) for one in VisitRating.objects.all()] == [(ticket.pk, 5)]


def test_a_tablet_keeps_a_tap_through_a_lost_connection(visit, hall, at_window):
    page = visit(tablet_of(hall), viewport=TABLET)
    ticket = served(at_window)
    expect(page.get_by_role("button", name="5 Отлично")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="5 Отлично").click()
    expect(page.get_by_text("Оценка не пропадёт")).to_be_visible()
    photograph(page, "hall/tablet-lost")
    assert not VisitRating.objects.exists()
    page.context.set_offline(False)
    expect(page.get_by_text("Оценка не пропадёт")).to_be_hidden(timeout=20_000)
    expect(page.get_by_text("Вас принимает")).to_be_visible(timeout=15_000)
    assert [(one.ticket_id, one.score) for one in VisitRating.objects.all()] == [(ticket.pk, 5)]


def test_a_tablet_without_connection_takes_its_question_away_in_time(visit, hall, at_window):
    page = visit(tablet_of(hall), viewport=TABLET)
    page.clock.install()
    served(at_window)
    page.clock.run_for(1500)
    expect(page.get_by_role("button", name="5 Отлично")).to_be_visible()
    page.context.set_offline(True)
    page.clock.run_for(61_000)
    expect(page.get_by_text("Окно", exact=False).first).to_be_visible()
    expect(page.get_by_role("button", name="5 Отлично")).to_have_count(0)

"""The hall by its screens: a ticket at the kiosk, the call on the board and the phone, the window; lost connections."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from svet.domains.cases.rules.contacts import Settled, Subject
from svet.domains.visits import actions as visits
from svet.domains.visits.models import Ticket
from svet.flows import hall_window
from svet.infra import clock
from tests.browser.conftest import PHONE, at_the_desk, photograph, scrolls_sideways, sheets
from tests.browser.halls import OFFICE, TOUCH, Hall, a_ticket, kiosk_of

TV = {"width": 1920, "height": 1080}


def board_of(hall: Hall) -> str:
    return reverse("hall:board", kwargs={"device": hall.board})


def test_a_visit_from_the_kiosk_to_the_end(visit, people, hall):
    kiosk, board = visit(kiosk_of(hall), viewport=TOUCH), visit(board_of(hall), viewport=TV)
    # A ticket prints itself at once; here its sheets are counted instead.
    kiosk.add_init_script("window.print = () => {}")
    photograph(kiosk, "hall/kiosk")
    kiosk.get_by_role("link", name=re.compile("Показания и счётчик")).click()
    photograph(kiosk, "hall/kiosk-service")
    kiosk.get_by_role("button", name="Взять талон").click()
    expect(kiosk.locator(".number")).to_have_text("П001")
    photograph(kiosk, "hall/kiosk-ticket")
    assert sheets(kiosk) == 1

    desk = at_the_desk(visit, people, "operator", f"/desk/window/?office={OFFICE}")
    desk.get_by_role("button", name="Начать работу за окном № 1").click()
    photograph(desk, "hall/window-free")
    desk.get_by_role("button", name="Вызвать следующего").click()
    expect(desk.get_by_role("button", name="Посетитель подошёл")).to_be_visible()
    expect(board.locator(".calls tbody tr")).to_have_text(re.compile("Д001.*1", re.DOTALL))
    photograph(board, "hall/board")
    photograph(desk, "hall/window-called")
    desk.get_by_role("button", name="Посетитель подошёл").click()
    desk.get_by_label("Найти лицевой счёт").last.fill(people.anna.number)
    desk.locator("main").get_by_role("button", name="Найти").click()
    desk.get_by_role("link", name=re.compile("Посмотреть документ")).click()
    desk.get_by_label("паспорт", exact=False).first.check()
    desk.locator("main").get_by_role("button").first.click()
    expect(desk.get_by_text("Смирнова Анна Павловна").first).to_be_visible()
    photograph(desk, "hall/window-serving")
    desk.get_by_role("button", name="Завершить", exact=True).last.click()
    expect(desk.get_by_text("Приём по талону Д001 завершён")).to_be_visible()

    done = Ticket.objects.get(letter="Д")
    assert (done.state, done.contact.channel, done.contact.office_code) == ("served", "visit", OFFICE)
    assert done.contact.account_id == people.anna.account.id

    phone = visit(reverse("website:ticket", args=[done.follow_code]), viewport=PHONE)
    photograph(phone, "hall/phone-rating")
    phone.get_by_role("button", name="5").click()
    expect(phone.get_by_text("Ваша оценка: 5 из 5")).to_be_visible()


def test_a_supervisor_reads_how_long_visits_took_and_how_they_were_rated(visit, people, hall, at_window):
    for score in (5, 3):
        visits.call_next(at_window, at=clock.now())
        hall_window.begin_visit(at_window, at=clock.now())
        done = hall_window.finish_visit(
            at_window,
            subjects=[Subject.METER],
            settled=Settled.YES,
            note="",
            at=clock.now() + timedelta(minutes=2 * score),
        )
        address = reverse("website:ticket", args=[done.follow_code])
        page = visit(f"{address}?qr", viewport=PHONE)
        page.get_by_label("Что понравилось или нет").fill("Всё объяснили, но ждал долго")
        page.get_by_role("button", name=str(score)).click()
        expect(page.get_by_text("Спасибо!")).to_be_visible()
    desk = at_the_desk(visit, people, "supervisor", reverse("desk:queue_report"))
    expect(desk.get_by_text("По коду с талона")).to_be_visible()
    photograph(desk, "hall/report")
    desk.set_viewport_size(PHONE)
    photograph(desk, "hall/report-390")
    assert not scrolls_sideways(desk)
    desk.get_by_role("link", name=re.compile("Д001")).click()
    expect(desk.get_by_text("5 из 5, по коду с талона")).to_be_visible()
    photograph(desk, "hall/ticket-story-390")


def test_a_phone_follows_its_ticket_and_gives_it_back(visit, hall):
    page = visit(reverse("website:ticket", args=[hall.ticket_code]), viewport=PHONE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Н001")
    photograph(page, "hall/phone")
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Отказаться от талона").click()
    expect(page.get_by_text("Вы отказались от талона")).to_be_visible()


def test_a_kiosk_that_loses_the_network_gives_one_ticket(visit, hall):
    before = Ticket.objects.count()
    page = visit(kiosk_of(hall), viewport=TOUCH)
    page.get_by_role("link", name=re.compile("Личный кабинет")).click()
    expect(page.get_by_role("button", name="Взять талон")).to_be_visible()
    page.wait_for_load_state()
    page.context.set_offline(True)
    page.get_by_role("button", name="Взять талон").click()
    expect(page.get_by_text("Нет связи. Пробуем ещё раз")).to_be_visible()
    assert Ticket.objects.count() == before
    page.context.set_offline(False)
    expect(page.locator(".number")).to_have_text("Л001")
    assert Ticket.objects.count() == before + 1


def test_a_kiosk_without_the_network_leaves_no_page_for_an_error_of_the_browser(visit, hall):
    page = visit(kiosk_of(hall), viewport=TOUCH)
    page.context.set_offline(True)
    page.get_by_role("link", name=re.compile("Личный кабинет")).click()
    expect(page.get_by_text("Нет связи. Подождите")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="Взять талон")).to_be_visible()

    page.clock.install()
    page.reload()
    page.context.set_offline(True)
    seconds_pass(page, 64)
    expect(page.get_by_text("Нет связи. Подождите")).to_be_visible()
    page.context.set_offline(False)
    seconds_pass(page, 4)
    expect(page.get_by_role("heading", level=1)).to_have_text("С каким вопросом вы пришли?")


@pytest.mark.parametrize(
    ("device", "awake"), [("kiosk", "С каким вопросом вы пришли?"), ("terminal", "Что вы хотите сделать?")]
)
def test_a_device_started_without_the_network_shows_our_page_and_goes_on_by_itself(visit, hall, device, awake):
    page = visit(f"/hall/{device}/{getattr(hall, device)}/", viewport=TOUCH)
    address = page.url
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)

    started = page.context.new_page()
    page.close()
    started.goto(address)

    expect(started.get_by_role("heading", level=1)).to_have_text("Нет связи")
    assert started.evaluate("document.fonts.check('16px \"Golos Text\"')")
    photograph(started, f"hall/{device}-offline")
    started.context.set_offline(False)
    expect(started.get_by_role("heading", level=1)).to_have_text(awake)
    # Of a visitor nothing is kept in the device.
    kept = started.evaluate("caches.open('hall').then((one) => one.keys()).then((all) => all.map((one) => one.url))")
    assert [one for one in kept if "/static/" not in one] == [f"{started.url.split('/hall/')[0]}/hall/offline/"]


def test_a_ticket_whose_answer_was_lost_on_the_way_is_not_taken_twice(visit, hall):
    before, lost = Ticket.objects.count(), []
    page = visit(kiosk_of(hall), viewport=TOUCH)
    page.get_by_role("link", name=re.compile("Личный кабинет")).click()

    def lose(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    expect(page.get_by_role("button", name="Взять талон")).to_be_visible()
    page.wait_for_load_state()
    page.route("**/cabinet/**", lose)
    page.get_by_role("button", name="Взять талон").click()
    expect(page.locator(".number")).to_have_text("Л001")
    assert lost == [302]
    assert Ticket.objects.count() == before + 1


def seconds_pass(page: Page, count: int) -> None:
    """Let seconds pass by the page's clock, one by one, so that answers come in between."""
    for _ in range(count):
        page.clock.run_for(1_000)
        page.wait_for_timeout(100)


def test_a_board_that_was_off_for_an_hour_shows_what_is_now_and_says_only_new_calls(visit, hall, at_window):
    page = visit("/healthz", viewport=TV)
    page.add_init_script(
        "window.said = []; Object.defineProperty(window, 'speechSynthesis', {value: "
        "{speak: (one) => { said.push(one.text); document.body.dataset.said = said.join('; '); one.onend(); }}});"
    )
    page.clock.install()
    page.goto(board_of(hall))
    page.clock.run_for(1500)
    page.context.set_offline(True)
    visits.call_next(at_window, at=clock.now())
    page.clock.fast_forward(3_600_000)
    page.clock.run_for(15_000)
    expect(page.get_by_text("Нет связи с " + page.locator(".clock").inner_text())).to_be_visible()
    page.context.set_offline(False)
    seconds_pass(page, 15)
    expect(page.locator(".calls tbody tr")).to_have_text(re.compile("Д001"))
    expect(page.get_by_text("Нет связи с")).to_be_hidden()
    page.clock.run_for(5_000)
    assert page.evaluate("said") == []
    visits.recall(at_window, at=clock.now())
    seconds_pass(page, 20)
    expect(page.locator("body")).to_have_attribute("data-said", "Номер дэ 1, окно 1")


def test_a_board_says_that_it_lost_the_connection_and_goes_on(visit, people, hall):
    page = visit(board_of(hall), viewport=TV)
    page.context.set_offline(True)
    expect(page.get_by_text("Нет связи с")).to_be_visible()
    photograph(page, "hall/board-lost")
    a_ticket("readings")
    page.context.set_offline(False)
    expect(page.get_by_text("Нет связи с")).to_be_hidden()
    expect(page.get_by_text("В очереди: 3")).to_be_visible()


def test_a_supervisor_sees_the_hall_and_puts_somebody_first(visit, people, hall):
    page = at_the_desk(visit, people, "supervisor", "/desk/hall/?all=yes")
    page.clock.install()
    page.goto(f"/desk/hall/{OFFICE}/")
    photograph(page, "hall/supervisor")
    page.get_by_text("Пропустить вперёд: Н001").click()
    page.get_by_label("Почему").first.fill("Плохо себя чувствует")
    seconds_pass(page, 12)  # what is being filled in is not renewed meanwhile
    page.get_by_role("button", name="Пропустить", exact=True).first.click()
    expect(page.get_by_text("Посетитель пропущен вперёд")).to_be_visible()
    page.get_by_role("link", name="Н001").click()
    expect(page.get_by_text("Плохо себя чувствует")).to_be_visible()
    photograph(page, "hall/ticket-story")

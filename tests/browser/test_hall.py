"""The hall by its screens: a ticket at the kiosk, the call on the board and the phone, the window; lost connections."""

import re
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.billing import queries as bills
from svet.domains.cases.rules.contacts import Settled, Subject
from svet.domains.offices import actions as offices
from svet.domains.offices import queries as reads
from svet.domains.offices.rules.channels import Deed, Way
from svet.domains.offices.rules.opening import Exceptional
from svet.domains.visits import actions as visits
from svet.domains.visits.models import Booking, Ticket, VisitRating
from svet.flows import hall_window
from svet.infra import clock
from svet.kernel.period import Month
from svet.surfaces.website.robots import NUMBERS
from tests import cast
from tests.browser.conftest import PHONE, photograph, scrolls_sideways, sign_in
from tests.browser.halls import OFFICE, Hall, a_hall, a_ticket

TOUCH = {"width": 1080, "height": 1280}
TABLET = {"width": 1024, "height": 768}
TV = {"width": 1920, "height": 1080}


@pytest.fixture
def hall(people) -> Hall:
    return a_hall()


def kiosk_of(hall: Hall) -> str:
    return reverse("hall:kiosk", kwargs={"device": hall.kiosk})


def board_of(hall: Hall) -> str:
    return reverse("hall:board", kwargs={"device": hall.board})


def terminal_of(hall: Hall) -> str:
    return reverse("hall:terminal", kwargs={"device": hall.terminal})


def tablet_of(hall: Hall) -> str:
    return reverse("hall:tablet", kwargs={"device": hall.tablet})


def press(page: Page, digits: str) -> None:
    for digit in digits:
        page.get_by_role("button", name={",": "Запятая", "-": "Чёрточка"}.get(digit, digit), exact=True).click()
    page.get_by_role("button", name="Дальше", exact=True).click()


def at_the_desk(visit, people, role: str, path: str) -> Page:
    page = visit("/sign-in/")
    sign_in(page, people.staff[role].username, secret=people.staff[role].secret)
    page.goto(path)
    return page


def test_a_visit_from_the_kiosk_to_the_end(visit, people, hall):
    kiosk, board = visit(kiosk_of(hall), viewport=TOUCH), visit(board_of(hall), viewport=TV)
    photograph(kiosk, "hall/kiosk")
    kiosk.get_by_role("link", name=re.compile("Показания и счётчик")).click()
    photograph(kiosk, "hall/kiosk-service")
    kiosk.get_by_role("button", name="Взять талон").click()
    expect(kiosk.locator(".number")).to_have_text("П001")
    photograph(kiosk, "hall/kiosk-ticket")

    desk = at_the_desk(visit, people, "operator", f"/desk/window/?office={OFFICE}")
    desk.get_by_role("button", name="Начать работу за окном № 1").click()
    photograph(desk, "hall/window-free")
    desk.get_by_role("button", name="Вызвать следующего").click()
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


def served(operator_id: int) -> Ticket:
    """Serve whoever is next and return his ticket."""
    called = visits.call_next(operator_id, at=clock.now())
    visits.begin(operator_id, contact_id=None, at=clock.now())
    visits.finish(operator_id, at=clock.now())
    return Ticket.objects.get(pk=called.ticket_id)


@pytest.fixture
def at_window(people, hall) -> int:
    operator_id = people.staff["operator"].user_id
    visits.sit_down(hall.window_id, operator_id=operator_id, at=clock.now())
    return operator_id


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
    page.context.set_offline(True)
    page.get_by_role("button", name="Взять талон").click()
    expect(page.get_by_text("Нет связи. Пробуем ещё раз")).to_be_visible()
    assert Ticket.objects.count() == before
    page.context.set_offline(False)
    expect(page.locator(".number")).to_have_text("Л001")
    assert Ticket.objects.count() == before + 1


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

    page.route("**/cabinet/**", lose)
    page.get_by_role("button", name="Взять талон").click()
    expect(page.locator(".number")).to_have_text("Л001")
    assert lost == [302]
    assert Ticket.objects.count() == before + 1


def test_a_board_that_was_off_for_an_hour_shows_what_is_now_and_says_only_new_calls(visit, hall, at_window):
    page = visit("/healthz", viewport=TV)
    page.add_init_script(
        "window.said = []; Object.defineProperty(window, 'speechSynthesis', {value: "
        "{speak: (one) => { window.said.push(one.text); one.onend(); }}});"
    )
    page.clock.install()
    page.goto(board_of(hall))
    page.clock.run_for(1500)
    page.context.set_offline(True)
    visits.call_next(at_window, at=clock.now())
    page.clock.fast_forward(3_600_000)
    page.clock.run_for(15_000)
    expect(page.get_by_text("Нет связи с")).to_be_visible()
    page.context.set_offline(False)
    page.clock.run_for(15_000)
    expect(page.locator(".calls tbody tr")).to_have_text(re.compile("Д001"))
    expect(page.get_by_text("Нет связи с")).to_be_hidden()
    page.clock.run_for(5_000)
    assert page.evaluate("said") == []
    visits.recall(at_window, at=clock.now())
    for _ in range(20):
        page.clock.run_for(1_000)
        page.wait_for_timeout(100)
    assert page.evaluate("said") == ["Номер дэ 1, окно 1"]


def test_a_board_says_that_it_lost_the_connection_and_goes_on(visit, people, hall):
    page = visit(board_of(hall), viewport=TV)
    page.context.set_offline(True)
    expect(page.get_by_text("Нет связи с")).to_be_visible()
    photograph(page, "hall/board-lost")
    a_ticket("readings")
    page.context.set_offline(False)
    expect(page.get_by_text("Нет связи с")).to_be_hidden()
    expect(page.get_by_text("В очереди: 3")).to_be_visible()


def test_a_time_is_booked_by_steps_and_checked_in_by_its_code(visit, hall, monkeypatch):
    page = visit("/queue/book/", viewport=PHONE)
    page.get_by_role("link", name=re.compile("ул. Мира, д. 61а")).click()
    page.get_by_role("link", name="Договор и собственник").click()
    photograph(page, "hall/book-time")
    assert not scrolls_sideways(page)
    page.locator("details[open] a.button").first.click()
    page.get_by_label("Как к вам обращаться").fill("Игорь")
    page.get_by_label("Или мобильный телефон").fill("8 916 000 00 01")
    first, second = re.search(r"Сколько будет (\w+) плюс (\w+)\?", page.locator("main").inner_text()).groups()
    page.get_by_label("Проверка, что вы не робот").fill(str(NUMBERS.index(first) + NUMBERS.index(second)))
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
    photograph(page, "hall/desk-booking")
    page.set_viewport_size(PHONE)
    photograph(page, "hall/desk-booking-390")
    assert not scrolls_sideways(page)
    page.locator("details[open] button").last.click()
    expect(page.get_by_text("Запись перенесена, код прежний.")).to_be_visible()
    page.get_by_role("button", name="Отменить запись").click()
    expect(page.get_by_text("Запись отменена, время свободно.")).to_be_visible()


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
    photograph(page, "hall/booking-offices-390")
    page.get_by_role("link", name=re.compile("Чайковского")).click()
    page.locator("details[open] button").first.click()
    expect(page.get_by_text("Запись перенесена, код прежний.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Чайковского"))).to_be_visible()
    photograph(page, "hall/booking-moved-390")


def billed(one) -> tuple[str, str, str]:
    """Bill October and return what the bill proves the account by."""
    run_id = billing.start_run(month=Month("2026-10"), dry=False, started_by=None, at=cast.NOW)
    billing_jobs.work_off(run_id, at=cast.NOW)
    billing.issue_bills(run_id, at=cast.NOW)
    billing_jobs.work_off(run_id, at=cast.NOW)
    bill = bills.bills_of(one.account.id, limit=1)[0]
    return one.number, bill.number, f"{bill.to_pay}".replace(".", ",")


@pytest.mark.parametrize("script", [True, False])
def test_a_terminal_takes_a_reading_by_its_keypad_and_forgets_the_visitor(visit, people, hall, script):
    facts = billed(people.anna)
    page = visit(terminal_of(hall), viewport=TOUCH, java_script_enabled=script)
    photograph(page, "hall/terminal")
    page.get_by_role("link", name=re.compile("Передать показания")).click()
    photograph(page, f"hall/terminal-number-{script}")
    press(page, facts[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("Номер последнего счёта")
    page.get_by_label("Номер последнего счёта").fill(facts[1])
    page.keyboard.press("Enter")
    press(page, facts[2])
    photograph(page, "hall/terminal-value")
    press(page, "13760")
    expect(page.get_by_role("heading", level=1)).to_have_text("Показания приняты")
    photograph(page, "hall/terminal-receipt")
    page.set_viewport_size(PHONE)
    photograph(page, f"hall/terminal-receipt-390-{script}")
    assert not scrolls_sideways(page)
    if not script:
        page.set_viewport_size(TOUCH)
        page.get_by_role("link", name="Напечатать").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Печать")
        page.wait_for_timeout(1500)
        photograph(page, "hall/terminal-print")
        page.get_by_role("link", name="Назад").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Показания приняты")
    page.get_by_role("link", name="Закончить").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Что вы хотите сделать?")
    assert page.context.cookies() == []

    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Номер лицевого счёта")
    expect(page.get_by_label("Номер лицевого счёта")).to_have_value("")


def test_a_terminal_counts_down_goes_on_when_asked_and_returns_to_rest(visit, people, hall):
    facts = billed(people.vera)
    page = visit(terminal_of(hall), viewport=TOUCH)
    page.clock.install()
    page.get_by_role("link", name=re.compile("Оплатить")).click()
    for one in facts:
        press(page, one)
    expect(page.get_by_text("К оплате").first).to_be_visible()
    photograph(page, "hall/terminal-sum")
    page.clock.run_for(75_000)
    expect(page.get_by_text("Экран скоро закроется")).to_be_attached()
    photograph(page, "hall/terminal-hurry")
    page.get_by_role("button", name="Продолжить").click()
    expect(page.locator(".terminal-foot .hurry")).to_have_count(0)
    page.clock.run_for(20_000)
    expect(page.get_by_text("К оплате").first).to_be_visible()
    page.clock.run_for(75_000)
    expect(page.get_by_text("Время вышло, введённое стёрто")).to_be_visible()


def test_a_terminal_at_rest_shows_what_was_turned_off(visit, people, hall):
    page = visit(terminal_of(hall), viewport=TOUCH)
    offices.turn_channel(
        Way.TERMINAL,
        Deed.PAYMENT,
        is_on=False,
        redirect="Оплатите в кассе",
        reason="нет связи",
        from_at=None,
        by=people.staff["supervisor"].user_id,
        at=clock.now(),
    )
    expect(page.get_by_text("Сейчас здесь не работает. Оплатите в кассе")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Передать показания"))).to_be_visible()
    photograph(page, "hall/terminal-off")


def test_a_supervisor_sees_the_hall_and_puts_somebody_first(visit, people, hall):
    page = at_the_desk(visit, people, "supervisor", f"/desk/hall/{OFFICE}/")
    photograph(page, "hall/supervisor")
    page.get_by_text("Пропустить вперёд: Н001").click()
    page.get_by_label("Почему").first.fill("Плохо себя чувствует")
    page.get_by_role("button", name="Пропустить", exact=True).first.click()
    expect(page.get_by_text("Посетитель пропущен вперёд")).to_be_visible()
    page.get_by_role("link", name="Н001").click()
    expect(page.get_by_text("Плохо себя чувствует")).to_be_visible()
    photograph(page, "hall/ticket-story")

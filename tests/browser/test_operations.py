"""An operator at work: readings at the window and from paper sheets, a customer who leaves, stays after all, comes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from svet.domains.accounts import actions as account_actions
from svet.domains.accounts import queries as accounts
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.ledger import queries as ledger
from svet.domains.metering import queries as metering
from svet.kernel.period import Month
from tests import cast
from tests.browser.conftest import DESKTOP, PHONE, come_back, photograph, scrolls_sideways


@pytest.fixture
def card(visit, people) -> Page:
    """The card of Anna, who stands at the operator's window with her passport."""
    return at_the_window(visit, people, "operator")


def at_the_window(visit, people, role) -> Page:
    """Open Anna's card as somebody with the role, who saw her passport."""
    one = people.staff[role]
    page = visit("/desk/")
    come_back(page, one.username)
    page.goto(f"/desk/accounts/{people.anna.number}/why/?how=document")
    page.get_by_label("Паспорт", exact=True).check()
    page.get_by_role("button", name="Открыть").click()
    expect(page.get_by_role("heading", name="Смирнова Анна Павловна")).to_be_visible()
    return page


def test_a_reading_at_the_window(card, people):
    card.get_by_role("link", name="Записать показания").click()
    card.get_by_label("Показание").fill("31781")
    expect(card.get_by_text("Может быть")).to_be_visible()
    photograph(card, "odd-reading-at-the-desk-1280")
    card.get_by_label("Показание").fill("13781")
    expect(card.get_by_text("Примерно столько будет в счёте")).to_be_visible()
    photograph(card, "reading-at-the-desk-1280")
    card.set_viewport_size(PHONE)
    photograph(card, "reading-at-the-desk-390")
    assert not scrolls_sideways(card)
    card.keyboard.press("Enter")

    expect(card.get_by_text("Показания приняты")).to_be_visible()
    photograph(card, "reading-receipt-at-the-desk-390")
    row = metering.history(people.anna.account.id)[0]
    assert (row.value, row.channel, row.taken_on) == (13781, "desk", cast.NOW.date())
    expect(card.get_by_text(row.receipt_number, exact=True)).to_be_visible()


def test_a_reading_is_taken_back(visit, people):
    page = at_the_window(visit, people, "supervisor")
    last = metering.history(people.anna.account.id)[0]
    page.goto(f"/desk/accounts/{people.anna.number}/readings/{last.receipt_number}/")
    page.get_by_role("link", name="Отозвать показание").click()
    expect(page.get_by_role("heading", name="Отозвать показание")).to_be_visible()
    photograph(page, "taking-a-reading-back-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "taking-a-reading-back-390")
    assert not scrolls_sideways(page)
    page.get_by_label("Почему отменяете").fill("Передано с чужого счётчика")
    page.get_by_role("button", name="Отозвать показание").click()

    expect(page.get_by_text("Показание отозвано.")).to_be_visible()
    page.set_viewport_size(DESKTOP)
    photograph(page, "card-after-a-reading-was-taken-back-1280")
    assert not metering.history(people.anna.account.id)[0].is_in_force


def test_paper_sheets_by_keyboard_alone(visit, people):
    operator = people.staff["operator"]
    page = visit("/desk/")
    come_back(page, operator.username)
    page.goto("/desk/readings/sheets/")
    for number, value in ((people.anna.number, "13781"), (people.vera.number, "99999"), ("3300000000", "5")):
        page.keyboard.type(number)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type(value)
        page.keyboard.press("Enter")
    expect(page.get_by_label("Строка 4, лицевой счёт")).to_be_focused()
    photograph(page, "sheets-typed-1280")
    page.get_by_role("button", name="Записать").click()

    expect(page.get_by_text("Записано: 1 строка")).to_be_visible()
    expect(page.get_by_text("Не записано: 2 строки")).to_be_visible()
    expect(page.get_by_label("Строка 2, Т1")).to_be_focused()
    photograph(page, "sheets-told-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "sheets-told-390")
    assert not scrolls_sideways(page)
    assert metering.history(people.anna.account.id)[0].value == 13781


def test_a_customer_leaves_with_his_last_bill_and_stays_after_all(visit, people):
    run_id = billing.start_run(month=Month("2026-10"), started_by=None, at=cast.NOW)
    billing_jobs.work_off(run_id, at=cast.NOW)
    owed = ledger.balance(people.anna.account.id)
    page = at_the_window(visit, people, "supervisor")
    page.get_by_text("Другие действия").click()
    page.get_by_role("link", name="Клиент уезжает").click()
    page.get_by_label("Показание").fill("13781")
    page.get_by_label("Почему").fill("Квартира продана")
    page.get_by_role("button", name="Показать, что получится").last.click()
    expect(page.get_by_text("Останется доплатить")).to_be_visible()
    photograph(page, "move-out-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "move-out-390")
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Закрыть счёт").click()

    expect(page.get_by_text("Счёт закрыт, последний счёт выставлен")).to_be_visible()
    photograph(page, "moved-out-390")
    page.set_viewport_size(DESKTOP)
    photograph(page, "moved-out-1280")
    page.get_by_label("Почему отменяете").fill("Покупатель отказался")
    page.get_by_role("button", name="Отменить отъезд").click()

    expect(page.get_by_text("Счёт снова открыт")).to_be_visible()
    photograph(page, "card-with-operations-1280")
    assert accounts.account_by_id(people.anna.account.id).closed_on is None
    assert ledger.balance(people.anna.account.id) == owed
    page.get_by_text("Другие действия").click()
    page.get_by_role("link", name="Журнал операций").click()
    expect(page.get_by_role("rowheader", name="Отъезд отменён")).to_be_visible()
    expect(page.get_by_text("Покупатель отказался").first).to_be_visible()
    photograph(page, "journal-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "journal-390")
    assert not scrolls_sideways(page)


def test_somebody_moves_in(visit, people):
    for agreement in accounts.agreements_of(people.anna.account.id, on=cast.NOW.date()):
        account_actions.end_agreement(agreement.id, until_on=cast.NOW.date(), at=cast.NOW)
    operator = people.staff["operator"]
    page = visit("/desk/")
    come_back(page, operator.username)
    page.get_by_role("link", name="Клиент въезжает").click()
    page.get_by_label("Адрес или код точки поставки").fill("Садовая 12")
    page.get_by_role("button", name="Найти адрес").click()
    expect(page.get_by_role("link", name="кв. 10")).to_be_visible()
    photograph(page, "move-in-where-1280")
    page.get_by_role("link", name="кв. 10").click()
    page.get_by_label("Фамилия").fill("Ильина")
    page.get_by_label("Имя").fill("Ольга")
    page.get_by_label("Показание на первый день").fill("13781")
    page.get_by_label("Основание").fill("Договор купли-продажи")
    page.get_by_role("button", name="Показать, что получится").click()
    expect(page.get_by_role("heading", name="Что получится")).to_be_visible()
    photograph(page, "move-in-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "move-in-390")
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Открыть лицевой счёт").click()

    expect(page.get_by_text("Назовите номер клиенту")).to_be_visible()
    expect(page.get_by_role("heading", name="Кто обратился?")).to_be_visible()


def test_a_contact_and_residents_are_changed_at_the_window(card, people):
    card.get_by_role("link", name="Контакты и жильцы").click()
    card.get_by_label("Телефон", exact=True).check()
    card.get_by_label("Номер или адрес").fill("12")
    card.get_by_label("Почему").fill("Попросил клиент")
    card.get_by_role("button", name="Добавить").click()
    expect(card.get_by_role("alert")).to_contain_text("не похоже на телефон")
    photograph(card, "people-on-card-wrong-1280")
    card.get_by_label("Номер или адрес").fill("8 916 123-45-67")
    card.keyboard.press("Enter")
    expect(card.get_by_role("link", name="Убрать +79161234567")).to_be_visible()
    card.get_by_label("Зарегистрировано").fill("3")
    card.get_by_label("Основание").fill("Справка о составе семьи")
    card.get_by_role("button", name="Изменить").click()

    expect(card.get_by_role("row").filter(has=card.get_by_role("rowheader", name="18.11.2026"))).to_contain_text("3")
    expect(card.get_by_text("Записано.")).to_be_visible()
    photograph(card, "people-on-card-1280")
    card.set_viewport_size(PHONE)
    photograph(card, "people-on-card-390")
    assert not scrolls_sideways(card)
    assert accounts.card(people.anna.account.id, on=cast.NOW.date()).household.registered == 3

"""An operator at work: a reading at the window, paper sheets by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from svet.domains.metering import queries as metering
from tests import cast
from tests.browser.conftest import PHONE, photograph, scrolls_sideways, sign_in


@pytest.fixture
def card(visit, people) -> Page:
    """The card of Anna, who stands at the operator's window with her passport."""
    operator = people.staff["operator"]
    page = visit("/desk/")
    sign_in(page, operator.username, secret=operator.secret)
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


def test_paper_sheets_by_keyboard_alone(visit, people):
    operator = people.staff["operator"]
    page = visit("/desk/")
    sign_in(page, operator.username, secret=operator.secret)
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

"""A meter is replaced by an act in a real browser, without a mouse's help, on a wide and on a narrow screen."""

import pytest
from playwright.sync_api import expect

from svet.domains.metering import actions as metering
from svet.kernel.period import Month
from tests import cast, scans
from tests.browser.conftest import come_back, photograph, scrolls_sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
REST = {
    "Когда поставлен": "2026-11-12",
    "Заводской номер": "90000017",
    "Модель": "Нева МТ 124",
    "Показание при установке, Т1": "0",
    "Поверен до": "2042-11-01",
    "Номер акта": "17/А",
    "Кто подписал": "Кузнецов А. В., АО «Сети»",
    "Пломбы (необязательно)": "АБ 001122, клеммная крышка",
}


def test_an_operator_replaces_a_meter_and_sees_it_on_the_card(visit, people):
    metering.mark_billed([people.anna.account.id], month=Month("2026-10"), at=cast.NOW)
    supervisor = people.staff["supervisor"]
    page = visit("/desk/")
    come_back(page, supervisor.username)
    page.goto(f"/desk/accounts/{people.anna.number}/why/?how=document")
    page.get_by_label("Паспорт", exact=True).check()
    page.get_by_role("button", name="Открыть").click()
    page.get_by_role("heading", name="Смирнова Анна Павловна").wait_for()
    page.get_by_text("Другие действия").click()
    page.get_by_role("link", name="Заменить счётчик").click()
    scan = {"name": "акт 17.pdf", "mimeType": "application/pdf", "buffer": scans.pdf()}
    page.get_by_label("Скан акта").set_input_files(scan)
    page.get_by_label("Когда снят").fill("2026-11-10")
    page.get_by_label("Последнее показание").fill("13700")
    page.get_by_role("button", name="Показать, что получится").click()
    expect(page.get_by_text("акт 17.pdf").first).to_be_visible()
    photograph(page, "acts/errors")

    for label, value in REST.items():
        page.get_by_label(label).fill(value)
    page.get_by_label("Кто подписал").press("Enter")
    page.get_by_role("heading", name="Что получится").wait_for()
    photograph(page, "acts/shown")
    page.set_viewport_size(PHONE)
    assert not scrolls_sideways(page)
    photograph(page, "acts/shown_phone")

    page.get_by_role("button", name="Записать акт").click()
    page.get_by_text("Акт записан").wait_for()
    assert not scrolls_sideways(page)
    photograph(page, "acts/recorded_phone")
    page.get_by_role("link", name="Счётчики и акты").click()
    page.get_by_role("heading", name="№ 90000017").wait_for()
    assert not scrolls_sideways(page)
    photograph(page, "acts/card_phone")
    page.set_viewport_size({"width": 1280, "height": 900})
    photograph(page, "acts/card")

    own = visit(viewport=PHONE)
    come_back(own, people.anna.number)
    own.goto(f"/cabinet/{people.anna.number}/meters/")
    own.get_by_role("heading", name="Замена счётчика").wait_for()
    assert not scrolls_sideways(own)
    photograph(own, "acts/at_home_phone")
    own.set_viewport_size({"width": 1280, "height": 900})
    photograph(own, "acts/at_home")

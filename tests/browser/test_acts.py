"""A meter is replaced by an act in a real browser, without a mouse's help, on a wide and on a narrow screen."""

import pytest

from svet.domains.metering import actions as metering
from svet.kernel.period import Month
from tests import cast, scans
from tests.browser.conftest import photograph, scrolls_sideways, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


def test_an_operator_replaces_a_meter_and_sees_it_on_the_card(visit, people):
    metering.mark_billed([people.anna.account.id], month=Month("2026-10"), at=cast.NOW)
    supervisor = people.staff["supervisor"]
    page = visit("/desk/")
    sign_in(page, supervisor.username, secret=supervisor.secret)
    page.goto(f"/desk/accounts/{people.anna.number}/why/?how=document")
    page.get_by_label("Паспорт", exact=True).check()
    page.get_by_role("button", name="Открыть").click()
    page.get_by_role("heading", name="Смирнова Анна Павловна").wait_for()
    page.get_by_role("link", name="Заменить счётчик").click()
    scan = {"name": "акт 17.pdf", "mimeType": "application/pdf", "buffer": scans.pdf()}
    page.get_by_label("Скан акта").set_input_files(scan)
    page.get_by_label("Когда снят").fill("2026-11-10")
    page.get_by_label("Последнее показание").fill("13700")
    page.get_by_role("button", name="Показать, что получится").click()
    assert "акт 17.pdf" in page.content()
    photograph(page, "acts/errors")

    page.get_by_label("Когда поставлен").fill("2026-11-12")
    page.get_by_label("Заводской номер").fill("90000017")
    page.get_by_label("Модель").fill("Нева МТ 124")
    page.get_by_label("Показание при установке, Т1").fill("0")
    page.get_by_label("Поверен до").fill("2042-11-01")
    page.get_by_label("Номер акта").fill("17/А")
    page.get_by_label("Кто подписал").fill("Кузнецов А. В., АО «Сети»")
    page.get_by_label("Номера пломб").fill("АБ 001122")
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

"""An operator registers an interruption, adds the neighbour and says that supply is back, as customers hear it."""

import re

from playwright.sync_api import expect

from tests import cast
from tests.browser.conftest import PHONE, come_back, photograph, scrolls_sideways


def test_an_operator_keeps_an_interruption_from_the_first_call_to_the_end(visit, people):
    page, operator = visit(), people.staff["operator"]
    come_back(page, operator.username)
    page.get_by_role("link", name="Перерывы").click()
    page.get_by_role("link", name="Записать перерыв").click()
    page.get_by_label("Нет света").check()
    page.get_by_label("Список лицевых счетов").check()
    page.get_by_label("Лицевые счета", exact=True).fill(people.anna.number)
    page.get_by_label("Началось, время").fill("08:00")
    page.get_by_label("Авария на сети").check()
    page.get_by_label("Основание").fill("Звонок жителя, диспетчер сетей подтвердил")
    page.get_by_role("button", name="Показать, кого это касается").click()
    expect(page.get_by_role("button", name="Записать перерыв")).to_be_visible()
    photograph(page, "outages/registering")
    page.get_by_role("button", name="Записать перерыв").click()

    page.get_by_role("link", name="Добавить адреса").click()
    expect(page.get_by_role("heading", name="Добавить адреса")).to_be_visible()
    page.get_by_label("Список лицевых счетов").check()
    page.get_by_label("Лицевые счета", exact=True).fill(people.vera.number)
    page.get_by_label("Откуда известно").fill("Звонок соседки")
    page.get_by_role("button", name="Показать, кого это касается").click()
    expect(page.get_by_role("button", name="Добавить", exact=True)).to_be_visible()
    photograph(page, "outages/widening")
    page.get_by_role("button", name="Добавить", exact=True).click()
    expect(page.get_by_text("Добавлено точек поставки: 1")).to_be_visible()
    photograph(page, "outages/going-on")

    page.set_viewport_size(PHONE)
    photograph(page, "outages/going-on-390")
    assert not scrolls_sideways(page)
    page.get_by_role("link", name="Перерыв закончился").click()
    page.get_by_label("Закончилось, время").fill(f"{cast.NOW:%H}:00")
    page.get_by_label("Основание").fill("Диспетчер сетей")
    photograph(page, "outages/back-390")
    page.get_by_role("button", name="Записать").click()
    expect(page.get_by_text(re.compile("Снижение платы ещё не посчитано"))).to_be_visible()
    photograph(page, "outages/over-390")
    page.goto("/desk/billing/outages/")
    photograph(page, "outages/list-390")

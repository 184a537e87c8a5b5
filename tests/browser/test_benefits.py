"""A benefit and an act of unmetered use: recorded at the desk as they were foretold, explained on the bill."""

import pytest
from playwright.sync_api import expect

from svet.domains.benefits import actions as benefits
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs
from svet.kernel.period import Month
from tests import cast
from tests.browser.conftest import DESKTOP, PHONE, come_back, photograph, scrolls_sideways

pytestmark = pytest.mark.django_db(transaction=True)


def picture(page, name):
    for window in (PHONE, DESKTOP):
        page.set_viewport_size(window)
        photograph(page, f"benefits/{name}-{window['width']}")
        assert not scrolls_sideways(page), name


def recorded_at_the_desk(page, number):
    page.goto(f"/desk/accounts/{number}/benefits/")
    page.get_by_role("link", name="Записать льготу").click()
    page.get_by_label("Вид льготы").select_option("sample_kwh")
    page.get_by_label("У кого льгота").fill("Смирнова Анна Петровна")
    page.get_by_label("Документ").fill("Удостоверение № 118 от 12.03.2024")
    page.get_by_label("На скольких человек").fill("2")
    page.get_by_label("С какого дня").fill("2026-10-01")
    page.get_by_label("Основание").fill("Заявление от 18.11.2026")
    page.get_by_role("button", name="Показать, что получится").click()
    expect(page.get_by_role("heading", name="Что получится")).to_be_visible()
    picture(page, "new-benefit")
    page.get_by_role("button", name="Записать льготу").click()
    expect(page.get_by_text("Льгота записана.")).to_be_visible()
    picture(page, "benefit")
    page.goto(f"/desk/accounts/{number}/meters/")
    page.get_by_role("link", name="Записать безучётное потребление").click()
    page.get_by_label("Подключились в обход счётчика").check()
    page.get_by_label("Подробно").fill("Обогреватель включён проводом до счётчика")
    page.get_by_label("Когда обнаружили").fill("2026-10-20")
    page.get_by_label("С какого дня прекратили").fill("2026-10-21")
    page.get_by_label("Прошлая проверка").fill("2026-09-16")
    page.get_by_label("Номер акта").fill("БУ-1")
    page.get_by_label("Кто подписал").fill("Кузнецов А. В., инженер сетей")
    page.get_by_role("button", name="Показать, что получится").click()
    expect(page.get_by_role("heading", name="Что получится")).to_be_visible()
    picture(page, "new-unmetered")
    page.get_by_role("button", name="Записать акт").click()
    expect(page.get_by_text("Акт записан.")).to_be_visible()
    picture(page, "unmetered")
    for where, name in (("benefits", "card-benefits"), ("meters", "card-meters"), ("journal", "journal")):
        page.goto(f"/desk/accounts/{number}/{where}/")
        picture(page, name)


def test_what_the_desk_records_stands_explained_on_the_bill(visit, people):
    benefits.load_kinds(at=cast.NOW)
    page, number = visit("/healthz"), people.anna.number
    one = people.staff["supervisor"]
    come_back(page, one.username)
    page.goto(f"/desk/accounts/{number}/why/?how=document")
    page.get_by_label("Паспорт", exact=True).check()
    page.get_by_role("button", name="Открыть").click()
    page.get_by_role("heading", name="Смирнова Анна Павловна").wait_for()
    recorded_at_the_desk(page, number)

    run = billing.start_run(month=Month("2026-10"), started_by=None, at=cast.NOW)
    jobs.work_off(run, at=cast.NOW)
    billing.issue_bills(run, at=cast.NOW)
    jobs.work_off(run, at=cast.NOW)

    own = visit("/healthz")
    come_back(own, number)
    own.goto(f"/cabinet/{number}/bills/")
    expect(own.get_by_text("Льготы, которые мы применяем")).to_be_visible()
    picture(own, "cabinet-bills")
    own.goto(f"/cabinet/{number}/bills/2026-10/")
    own.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    expect(own.get_by_text("Безучётное потребление").first).to_be_visible()
    expect(own.get_by_text("Льгота: Бесплатные 50 кВт·ч на человека")).to_be_visible()
    picture(own, "cabinet-bill")
    engineer = people.staff["billing_engineer"]
    boss = visit("/healthz")
    come_back(boss, engineer.username)
    boss.goto("/desk/billing/benefits/2026-10/")
    picture(boss, "report")

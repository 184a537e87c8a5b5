"""A customer signs in, gives a reading, gets the receipt, opens the bill, understands it and keeps it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.metering import queries as metering
from svet.kernel.period import Month
from tests import cast
from tests.browser.conftest import PHONE, SMALL_PHONE, come_back, photograph, scrolls_sideways, sign_in

OCTOBER = Month("2026-10")


def bill_october() -> None:
    at = cast.moment(cast.date(2026, 11, 2))
    run_id = billing.start_run(month=OCTOBER, started_by=None, at=at)
    billing_jobs.work_off(run_id, at=at)
    billing.issue_bills(run_id, at=at)
    billing_jobs.work_off(run_id, at=at)


def test_from_sign_in_to_the_receipt_of_a_reading(visit, people):
    page = visit("/cabinet/")
    sign_in(page, people.anna.number)

    page.get_by_role("link", name="Передать показания").click()
    expect(page.get_by_text("Прошлое: 13 600 от 22.10.2026")).to_be_visible()
    page.get_by_label("Показание").fill("13781")
    page.get_by_role("button", name="Передать").click()

    expect(page.get_by_role("heading", name="Показания приняты")).to_be_visible()
    expect(page.get_by_text("181 кВт·ч")).to_be_visible()
    number = metering.history(people.anna.account.id)[0].receipt_number
    expect(page.get_by_text(number).first).to_be_visible()
    photograph(page, "receipt-1280")
    page.get_by_role("link", name="На главную").click()
    expect(page.get_by_text("Вы их уже передали")).to_be_visible()


def test_enter_never_confirms_an_odd_value(visit, people):
    page = visit("/cabinet/", viewport=PHONE)
    come_back(page, people.anna.number)
    page.get_by_role("link", name="Передать показания").click()

    field = page.get_by_label("Показание")
    field.fill("31781")
    field.press("Enter")
    expect(page.get_by_role("button", name="Да, всё верно")).to_be_visible()
    expect(page.get_by_text("Может быть")).to_contain_text("13 781".replace(" ", ""))
    # The page that answers looks the same.
    with page.expect_navigation():
        field.press("Enter")

    expect(page.get_by_role("button", name="Да, всё верно")).to_be_visible()
    assert [row for row in metering.history(people.anna.account.id) if row.taken_on == cast.NOW.date()] == []
    assert not scrolls_sideways(page)
    photograph(page, "odd-reading-390")


def test_a_wrong_reading_stays_in_its_field_with_the_reason_beside_it(visit, people):
    page = visit("/cabinet/", viewport=PHONE)
    come_back(page, people.igor.number)
    page.get_by_role("link", name="Передать показания").click()

    page.get_by_label("День (Т1)").fill("12х45")
    page.get_by_label("Ночь (Т2)").fill("4600")
    page.get_by_role("button", name="Передать").click()

    expect(page.get_by_role("alert")).to_contain_text("Проверьте, что введено")
    expect(page.get_by_label("День (Т1)")).to_have_value("12х45")
    expect(page.get_by_label("День (Т1)")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Ночь (Т2)")).to_have_value("4600")
    expect(page).to_have_title(re.compile("^Ошибка: "))
    assert not scrolls_sideways(page)
    photograph(page, "wrong-reading-390")

    page.get_by_label("День (Т1)").fill("9450")
    page.get_by_role("button", name="Передать").click()
    expect(page.get_by_role("heading", name="Показания приняты")).to_be_visible()


def test_the_form_sent_twice_is_one_submission(visit, people):
    page = visit("/cabinet/")
    come_back(page, people.anna.number)
    page.goto(f"/cabinet/{people.anna.number}/readings/new/")
    page.get_by_label("Показание").fill("13781")
    before = len(metering.history(people.anna.account.id))

    page.evaluate("""async () => {
        const form = document.querySelector('main form');
        const send = () => fetch(form.action, {method: 'POST', body: new FormData(form)});
        await Promise.all([send(), send(), send()]);
    }""")

    assert len(metering.history(people.anna.account.id)) == before + 1


def test_the_bill_explains_itself_and_can_be_kept_as_a_file(visit, people):
    bill_october()
    page = visit("/cabinet/")
    come_back(page, people.anna.number)
    photograph(page, "cabinet-1280")

    page.get_by_role("link", name="Открыть и понять, почему столько").click()
    expect(page.get_by_role("heading", name="Счёт за октябрь 2026")).to_be_visible()
    page.locator("summary").filter(has_text="Почему столько?").first.click()
    expect(page.get_by_text(re.compile("Цена: номер приказа")).first).to_be_visible()
    page.get_by_text("Откуда взялись киловатт-часы").click()
    expect(page.get_by_text(re.compile(r"13.600 \(22\.10\.2026, контролёр\)"))).to_be_visible()
    photograph(page, "bill-1280")

    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать PDF").click()
    assert download.value.suggested_filename == f"bill-{people.anna.number}-2026-10.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_everything_works_by_keyboard_alone(visit, people):
    page = visit("/sign-in/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.get_by_label("Номер лицевого счёта, телефон или почта").focus()
    page.keyboard.type(people.anna.number)
    page.keyboard.press("Tab")
    page.keyboard.type(cast.PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Передать показания").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Показание").focus()
    page.keyboard.type("13781")
    expect(page.get_by_label("Показание")).to_have_css("outline-width", "3px")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Показания приняты")).to_be_visible()


def test_everything_works_without_script_on_the_narrowest_phone(visit, people):
    bill_october()
    page = visit("/", java_script_enabled=False, viewport=SMALL_PHONE)
    come_back(page, people.anna.number)
    page.get_by_role("link", name="Передать показания").click()
    page.get_by_label("Показание").fill("13781")
    page.get_by_role("button", name="Передать").click()
    expect(page.get_by_role("heading", name="Показания приняты")).to_be_visible()

    page.goto(f"/cabinet/{people.anna.number}/bills/2026-10/")
    page.locator("summary").filter(has_text="Почему столько?").first.click()
    expect(page.get_by_text(re.compile("Цена: номер приказа")).first).to_be_visible()

"""A terminal in the hall: a reading by its keypad, nothing left of the visitor, what is turned off is not offered."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.billing import queries as bills
from svet.domains.offices import actions as offices
from svet.domains.offices.rules.channels import Deed, Way
from svet.infra import clock
from svet.kernel.period import Month
from tests import cast
from tests.browser.conftest import PHONE, photograph, scrolls_sideways, sheets
from tests.browser.halls import TOUCH, Hall, press


def terminal_of(hall: Hall) -> str:
    return reverse("hall:terminal", kwargs={"device": hall.terminal})


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
    expect(page.get_by_role("heading", level=1)).to_have_text("Сколько в последнем счёте к оплате")
    press(page, facts[2])
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Показание"))
    photograph(page, "hall/terminal-value")
    press(page, "13760")
    expect(page.get_by_role("heading", level=1)).to_have_text("Показания приняты")
    photograph(page, "hall/terminal-receipt")
    assert sheets(page) == 1
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Без нажатий экран закроется")).to_be_hidden()
    page.emulate_media(media="screen")
    page.set_viewport_size(PHONE)
    photograph(page, f"hall/terminal-receipt-390-{script}")
    assert not scrolls_sideways(page)
    if not script:
        page.set_viewport_size(TOUCH)
        page.get_by_role("link", name="Напечатать").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Печать")
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
    expect(page.get_by_role("heading", name="К оплате", exact=True)).to_be_visible()
    photograph(page, "hall/terminal-sum")
    assert sheets(page) == 1
    page.clock.run_for(75_000)
    expect(page.get_by_text("Экран скоро закроется")).to_be_attached()
    photograph(page, "hall/terminal-hurry")
    page.get_by_role("button", name="Продолжить").click()
    expect(page.locator(".terminal-foot .hurry")).to_have_count(0)
    page.clock.run_for(20_000)
    expect(page.get_by_text("К оплате").first).to_be_visible()
    page.clock.run_for(75_000)
    expect(page.get_by_text("Время вышло, введённое стёрто")).to_be_visible()


def test_a_terminal_without_the_network_keeps_what_is_typed_and_takes_off_what_is_left_behind(visit, people, hall):
    page = visit(terminal_of(hall), viewport=TOUCH)
    page.get_by_role("link", name=re.compile("Оплатить")).click()
    expect(page.get_by_label("Номер лицевого счёта")).to_be_visible()
    page.wait_for_load_state()
    page.context.set_offline(True)
    press(page, people.vera.number)
    expect(page.get_by_text("Нет связи. Введённое не пропало")).to_be_visible()
    expect(page.get_by_label("Номер лицевого счёта")).to_have_value(people.vera.number)
    page.get_by_role("link", name="Закончить").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Нет связи")
    expect(page.get_by_label("Номер лицевого счёта")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Что вы хотите сделать?")


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

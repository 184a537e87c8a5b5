"""An operator serves a caller: asks who it is, is told no, opens the card, says what it was about."""

from __future__ import annotations

from playwright.sync_api import expect

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.cases import queries as cases
from svet.kernel.period import Month
from tests import cast
from tests.browser.conftest import PHONE, come_back, photograph, scrolls_sideways


def test_a_call_from_the_first_word_to_its_end(visit, people):
    operator = people.staff["operator"]
    page = visit("/desk/")
    come_back(page, operator.username)
    page.goto(f"/desk/accounts/{people.anna.number}/")

    expect(page.get_by_role("heading", name="Кто обратился?")).to_be_visible()
    page.get_by_label("Фамилия, имя и отчество").fill("Смирнова А. П.")
    page.get_by_label("Номер лицевого счёта").fill(people.anna.number)
    page.get_by_role("button", name="Сверить").click()
    expect(page.get_by_role("alert")).to_contain_text("Не совпало")
    photograph(page, "who-is-it-1280")
    page.get_by_label("Фамилия, имя и отчество").fill("Смирнова Анна Павловна")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Смирнова Анна Павловна")).to_be_visible()
    photograph(page, "card-in-a-call-1280")

    page.get_by_role("region", name="Идёт контакт").get_by_role("link", name="Завершить").click()
    page.get_by_label("Показания", exact=True).check()
    page.get_by_label("Да, решён").check()
    photograph(page, "end-of-contact-1280")
    page.get_by_role("button", name="Завершить").click()

    expect(page.get_by_text("Обслуживание завершено")).to_be_visible()
    (contact,) = cases.contacts_of(people.anna.account.id)
    assert (contact.channel, contact.settled, contact.subjects) == ("call", "settled", ("readings",))
    page.goto(f"/desk/accounts/{people.anna.number}/")
    expect(page.get_by_role("heading", name="Кто обратился?")).to_be_visible()


def test_at_a_small_window_the_ways_stand_below_each_other(visit, people):
    operator = people.staff["operator"]
    page = visit("/desk/", viewport=PHONE)
    come_back(page, operator.username)
    page.goto(f"/desk/accounts/{people.anna.number}/why/?how=document")

    photograph(page, "who-is-it-390")
    assert not scrolls_sideways(page)


def test_the_card_tells_at_a_glance_what_is_wrong_and_what_happened(visit, people):
    at = cast.moment(cast.date(2026, 11, 2))
    run_id = billing.start_run(month=Month("2026-10"), started_by=None, at=at)
    billing_jobs.work_off(run_id, at=at)
    billing.issue_bills(run_id, at=at)
    billing_jobs.work_off(run_id, at=at)
    operator = people.staff["operator"]
    page = visit("/desk/")
    come_back(page, operator.username)
    page.goto(f"/desk/accounts/{people.anna.number}/why/?how=document")
    page.get_by_label("Паспорт", exact=True).check()
    page.get_by_role("button", name="Открыть").click()

    expect(page.get_by_text("срок прошёл", exact=False).first).to_be_visible()
    photograph(page, "card-1280")
    page.get_by_role("link", name="Вся история").click()
    expect(page.get_by_role("heading", name="История")).to_be_visible()
    photograph(page, "timeline-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "timeline-390")
    assert not scrolls_sideways(page)
    page.go_back()
    photograph(page, "card-390")
    assert not scrolls_sideways(page)

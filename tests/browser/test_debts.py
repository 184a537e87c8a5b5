"""Debts and penalties as people see them: months and days in the account area, the bill, the desk, dated rates."""

from __future__ import annotations

from decimal import Decimal

from playwright.sync_api import expect

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.debts import actions as debts
from svet.domains.ledger import actions as ledger
from svet.domains.ledger.rules import EntryKind
from svet.flows import penalties
from svet.kernel.period import Month
from tests import cast, reference
from tests.browser.conftest import DESKTOP, PHONE, come_back, photograph, scrolls_sideways
from tests.browser.test_operations import at_the_window

OCTOBER = Month("2026-10")


def owe(home: cast.Householder, month: str, amount: str) -> None:
    ledger.post(
        account_id=home.account.id,
        kind=EntryKind.OPENING,
        amount=Decimal(amount),
        month=OCTOBER,
        concerns=Month(month),
        posted_on=OCTOBER.first_on,
        source_kind="opening",
        source_id=int(month.replace("-", "")),
        recorded_at=cast.moment(OCTOBER.first_on),
    )


def bill_with_penalties(*, known: bool = True) -> int:
    at = cast.moment(cast.date(2026, 11, 2))
    reference.load(debts, at=at)
    if known:
        debts.confirm_key_rates(cast.date(2026, 12, 18), source="www.cbr.ru", by=None, at=at)
    run_id = billing.start_run(month=OCTOBER, started_by=None, at=at)
    billing_jobs.work_off(run_id, at=at)
    penalties.issue_bills(run_id, by=None, at=at)
    billing_jobs.work_off(run_id, at=at)
    return run_id


def test_a_customer_sees_for_which_month_how_long_and_why_so_much(visit, people):
    owe(people.anna, "2026-05", "1840.55")
    owe(people.anna, "2026-08", "960.10")
    bill_with_penalties()
    page = visit("/cabinet/")
    come_back(page, people.anna.number)

    page.get_by_role("link", name="Платежи").click()
    page.get_by_role("link", name="Долг и пени").click()
    expect(page.get_by_role("heading", name="Долг и пени")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Май 2026")).to_be_visible()
    photograph(page, "debts-1280")
    page.get_by_text("Почему столько пеней за май 2026").click()
    expect(page.get_by_role("cell", name="1/130").first).to_be_visible()
    photograph(page, "debts-why-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "debts-390")
    assert not scrolls_sideways(page)

    page.set_viewport_size(DESKTOP)
    page.goto(f"/cabinet/{people.anna.number}/bills/2026-10/")
    expect(page.get_by_role("heading", name="Пени")).to_be_visible()
    page.get_by_text("Почему столько?").last.click()
    photograph(page, "bill-with-penalties-1280")


def test_the_desk_shows_debts_of_any_day_and_asks_for_the_rate_it_does_not_know(visit, people):
    owe(people.anna, "2026-05", "1840.55")
    run_id = bill_with_penalties(known=False)
    page = at_the_window(visit, people, "operator")
    page.get_by_role("link", name="Долг и пени").click()
    expect(page.get_by_text("Ключевая ставка на 18 ноября 2026")).to_be_visible()
    photograph(page, "desk-debts-unknown-1280")
    page.get_by_label("На день").fill("2026-09-01")
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("heading", name="Пени, отдельно от долга")).to_be_visible()
    photograph(page, "desk-debts-1280")
    page.set_viewport_size(PHONE)
    assert not scrolls_sideways(page)

    engineer = people.staff["billing_engineer"]
    page = visit("/desk/")
    come_back(page, engineer.username)
    page.goto(f"/desk/billing/{run_id}/")
    expect(page.get_by_text("Пени по этим счетам ждут данных")).to_be_visible()
    photograph(page, "run-with-parked-penalties-1280")
    page.get_by_role("link", name="Проверьте ставки").click()
    expect(page.get_by_text("Проверьте ключевую ставку")).to_be_visible()
    photograph(page, "penalty-terms-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "penalty-terms-390")
    assert not scrolls_sideways(page)
    page.set_viewport_size(DESKTOP)

    page.get_by_role("link", name="Записать новую ставку").click()
    page.get_by_role("button", name="Записать").click()
    expect(page.get_by_role("alert")).to_contain_text("Укажите ставку")
    photograph(page, "new-key-rate-wrong-1280")
    page.get_by_label("Действует с").fill("2026-10-26")
    page.get_by_label("Ставка, % годовых").fill("9,25")
    page.get_by_label("Источник").fill("www.cbr.ru")
    page.get_by_role("button", name="Записать").click()
    expect(page.get_by_text("Ставка записана")).to_be_visible()
    page.get_by_role("link", name="Ставка проверена").click()
    page.get_by_label("Ставка известна по").fill("2026-12-18")
    page.get_by_label("Источник").fill("www.cbr.ru")
    page.get_by_role("button", name="Записать").click()
    expect(page.get_by_text("Ключевая ставка известна по 18 декабря 2026")).to_be_visible()

    page.goto(f"/desk/billing/{run_id}/")
    page.get_by_role("button", name="Посчитать пени снова").click()
    expect(page.get_by_text("Пени считаются снова")).to_be_visible()

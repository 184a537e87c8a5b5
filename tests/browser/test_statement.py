"""A customer takes papers home: the reconciliation statement as PDF and as a sheet that agrees with the ledger."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from svet.domains.access import actions as access
from svet.domains.accounts import queries as accounts
from svet.domains.ledger import queries as ledger
from svet.domains.payments import actions as payments
from svet.kernel.period import Period
from svet.surfaces.cabinet.jobs import make_disclosure
from tests import cast
from tests.browser.conftest import DESKTOP, PHONE, SCREENSHOTS, come_back, photograph, scrolls_sideways
from tests.browser.test_customer import bill_october


def paid(home: cast.Householder, amount: str, *, on: date, external_id: str) -> None:
    payments.accept_payment(
        source_code="sberbank",
        external_id=external_id,
        account_number=home.number,
        amount=Decimal(amount),
        paid_at=cast.moment(on),
        received_at=cast.moment(on),
    )


def kept(page: Page, link: str) -> Path:
    with page.expect_download() as asked:
        page.get_by_role("link", name=link).click()
    return Path(asked.value.path())


def test_the_statement_on_the_page_on_paper_and_in_the_sheet_is_the_ledgers(visit, people):
    bill_october()
    paid(people.vera, "1500.00", on=date(2026, 10, 14), external_id="SB-10/445")
    paid(people.vera, "700.50", on=date(2026, 11, 6), external_id="SB-11/902")
    page = visit("/cabinet/")
    come_back(page, people.vera.number)

    page.get_by_role("link", name="Платежи").click()
    expect(page.get_by_text("1 500,00 ₽").first).to_be_visible()
    photograph(page, "payments-1280")
    page.get_by_role("link", name="Акт сверки").click()
    photograph(page, "statement-empty-1280")
    page.get_by_label("С какого дня").fill("2026-11-18")
    page.get_by_label("По какой день").fill("2026-10-01")
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("alert")).to_contain_text("Первый день позже последнего")
    photograph(page, "statement-wrong-1280")
    page.get_by_label("С какого дня").fill("2026-10-01")
    page.get_by_label("По какой день").fill("2026-11-18")
    page.get_by_role("button", name="Показать").click()

    found = ledger.statement(people.vera.account.id, period=Period(date(2026, 10, 1), date(2026, 11, 19)))
    expect(page.get_by_text("Сбербанк, № SB-11/902")).to_be_visible()
    photograph(page, "statement-1280")
    pdf, xlsx = kept(page, "Скачать PDF"), kept(page, "Таблица XLSX")
    assert pdf.read_bytes().startswith(b"%PDF-")
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(xlsx.read_bytes()))
        .get_sheet_by_index(0)
        .to_python(skip_empty_area=False)
    )
    lines = [row for row in rows if isinstance(row[0], date)]
    assert len(lines) == len(found.movements) == 4
    for column, amount in ((3, found.charged), (4, found.paid)):
        assert sum(Decimal(str(row[column] or 0)) for row in lines) == Decimal(str(rows[-2][column])) == amount
    assert Decimal(str(rows[-1][5])) == ledger.balance(people.vera.account.id)

    page.set_viewport_size(PHONE)
    assert not scrolls_sideways(page)
    photograph(page, "statement-390")
    page.get_by_role("link", name="Платежи").last.click()
    photograph(page, "payments-390")


def test_a_certificate_is_given_once_kept_and_checked_by_anybody(visit, people):
    page = visit("/cabinet/")
    come_back(page, people.vera.number)
    page.get_by_role("link", name="Платежи").click()
    page.get_by_role("link", name="Справка об остатке").click()
    page.get_by_label("Об отсутствии задолженности").check()
    page.get_by_role("button", name="Сделать справку").click()
    expect(page.get_by_role("alert")).to_contain_text("есть долг")
    photograph(page, "certificate-refused-1280")
    page.get_by_label("Об остатке на счёте").check()
    page.get_by_role("button", name="Сделать справку").click()
    expect(page.get_by_role("status")).to_contain_text("готова")
    photograph(page, "certificate-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "certificate-390")

    assert kept(page, "PDF").read_bytes().startswith(b"%PDF-")
    one = ledger.certificates_of(people.vera.account.id)[0]
    guest = visit("/check/")
    guest.get_by_label("Номер справки").fill(str(one.number))
    guest.get_by_label("Контрольный код").fill(one.code)
    guest.get_by_role("button", name="Проверить").click()

    expect(guest.get_by_role("heading", name="настоящая")).to_be_visible()
    expect(guest.locator("html")).not_to_contain_text("Орлова")
    photograph(guest, "check-1280")


def test_all_that_is_held_about_me_comes_as_one_archive(visit, people):
    bill_october()
    staff = people.staff["operator"].user_id
    access.record_look(staff, account_id=people.igor.account.id, purpose="customer_call", at=cast.NOW)
    page = visit("/cabinet/")
    come_back(page, people.igor.number)
    page.get_by_role("link", name="Уведомления").click()
    page.get_by_role("link", name="Всё, что мы храним о вас").click()
    page.get_by_role("button", name="Собрать мои данные").click()
    expect(page.get_by_text("Собираем: 0 из 2")).to_be_visible()
    photograph(page, "my-data-making-1280")
    make_disclosure(accounts.disclosures_of(people.igor.user_id)[0].id)
    expect(page.get_by_text("готово")).to_be_visible()
    photograph(page, "my-data-1280")

    with zipfile.ZipFile(kept(page, "Скачать ZIP")) as archive:
        archive.extractall(SCREENSHOTS / "my-data")
    page.set_viewport_size(PHONE)
    assert not scrolls_sideways(page)
    photograph(page, "my-data-390")
    page.get_by_role("link", name=f"Лицевой счёт {people.igor.number}").click()
    expect(page.get_by_text("оператор")).to_be_visible()
    photograph(page, "looks-390")
    page.goto((SCREENSHOTS / "my-data/index.html").as_uri())
    page.get_by_role("link", name=people.igor.number).click()
    page.set_viewport_size(DESKTOP)
    expect(page.get_by_role("heading", name="Показания")).to_be_visible()
    photograph(page, "my-data-archive-1280")

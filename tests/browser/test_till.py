"""A cashier's day: a shift opened, cash with change, a card, money given back, the shift closed and reported."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from svet.domains.ledger import queries as ledger
from svet.domains.payments import actions as payments
from svet.infra import clock
from svet.surfaces.gates import jobs as gates
from svet.surfaces.gates.fiscal.tests.conftest import free_port, until
from tests import cast
from tests.browser.conftest import PHONE, come_back, photograph


def test_a_shift_from_the_first_customer_to_the_report(visit, people):
    payments.open_till("K1", name="Касса 1", at=cast.NOW)
    cashier = people.staff["cashier"]
    page = visit("/desk/")
    come_back(page, cashier.username)

    open_shift(page)
    take_cash(page, people.vera.number)
    take_card(page, people.anna.number)
    give_back(page)
    assert ledger.balance(people.anna.account.id) == 0
    close_and_report(page)


@pytest.fixture
def device(tmp_path) -> Iterator[str]:
    """Start a fiscal device; give its address."""
    port, program = free_port(), Path(__file__).parents[1] / "fiscal_server.py"
    process = subprocess.Popen([sys.executable, str(program), str(port), str(tmp_path / "fn.json")])
    assert until(lambda: _answers(f"http://127.0.0.1:{port}"))
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait(20)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/paper", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def test_a_receipt_appears_by_itself_and_what_stops_it_is_said(visit, people, device):
    cashier = people.staff["cashier"]
    payments.open_shift(
        payments.open_till("K1", name="Касса 1", at=cast.NOW, device_url=device),
        cashier_id=cashier.user_id,
        opening_float=Decimal(0),
        request_key=uuid.uuid4().hex,
        at=clock.now(),
    )
    gates.print_receipts(0)
    httpx.post(f"{device}/tell", json={"error": 44}, trust_env=False)
    page = visit("/desk/till/")
    come_back(page, cashier.username)
    page.goto(f"/desk/accounts/{people.vera.number}/pay/")
    page.get_by_role("button", name="Принять", exact=True).click()

    expect(page.get_by_role("heading", name="Чек печатается")).to_be_visible()
    gates.print_receipts(0)
    # Nobody touches the page: it asks by itself.
    expect(page.get_by_text("кончилась бумага")).to_be_visible()
    photograph(page, "till-no-paper-1280")
    httpx.post(f"{device}/tell", json={}, trust_env=False)
    # The page that answers looks the same.
    with page.expect_navigation():
        page.get_by_role("button", name="Напечатать сейчас").click()
    gates.print_receipts(0)
    page.reload()

    expect(page.get_by_role("heading", name="Чек прихода")).to_be_visible()
    expect(page.get_by_alt_text("QR-код чека")).to_be_visible()
    photograph(page, "till-receipt-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "till-receipt-390")
    page.emulate_media(media="print")
    photograph(page, "till-receipt-print")


def open_shift(page: Page) -> None:
    page.get_by_role("link", name="Касса", exact=True).click()
    photograph(page, "till-shut-1280")
    page.get_by_role("link", name="Открыть смену").click()
    page.get_by_label("Наличные в кассе на начало").fill("1000")
    photograph(page, "till-open-shift-1280")
    page.get_by_role("button", name="Открыть смену").click()

    expect(page.get_by_role("heading", name="Касса 1, смена 1")).to_be_visible()


def take_cash(page: Page, number: str) -> None:
    page.get_by_label("Лицевой счёт", exact=True).fill(number)
    page.get_by_role("button", name="Принять оплату").click()
    expect(page.get_by_label("Сумма, ₽")).to_have_value("4218,60")
    expect(page.get_by_label("RRN")).to_be_hidden()
    page.get_by_label("Получено наличными").fill("4000")
    page.get_by_role("button", name="Принять", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Наличных не хватает: ещё 218,60")
    photograph(page, "till-pay-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "till-pay-390")
    page.get_by_label("Получено наличными").fill("5 000")
    page.get_by_role("button", name="Принять", exact=True).click()
    expect(page.get_by_role("heading", name="Принято 4 218,60")).to_be_visible()
    expect(page.get_by_text("781,40")).to_be_visible()
    photograph(page, "till-taken-390")
    page.set_viewport_size({"width": 1280, "height": 900})
    photograph(page, "till-taken-1280")
    page.get_by_role("link", name="Следующий клиент").click()


def take_card(page: Page, number: str) -> None:
    page.get_by_label("Лицевой счёт", exact=True).fill(number)
    page.get_by_role("button", name="Принять оплату").click()
    page.get_by_label("Сумма, ₽").fill("300")
    page.get_by_label("Картой").check()
    expect(page.get_by_label("Получено наличными")).to_be_hidden()
    page.get_by_label("RRN").fill("6123 4567 8901")
    page.get_by_role("button", name="Принять", exact=True).click()
    expect(page.get_by_text("612345678901")).to_be_visible()


def give_back(page: Page) -> None:
    page.get_by_role("link", name="Вернуть деньги").click()
    page.get_by_label("Почему возвращаете").fill("Ошиблись счётом")
    page.get_by_label("RRN с чека возврата").fill("612345678902")
    photograph(page, "till-give-back-1280")
    page.get_by_role("button", name="Вернуть деньги").click()
    expect(page.get_by_role("heading", name="Возвращено 300,00")).to_be_visible()


def close_and_report(page: Page) -> None:
    page.get_by_role("link", name="Касса", exact=True).first.click()
    photograph(page, "till-shift-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "till-shift-390")
    page.get_by_role("link", name="Закрыть смену").click()
    page.get_by_label("Насчитали наличных").fill("5200")
    page.get_by_role("button", name="Закрыть смену").click()
    expect(page.get_by_role("alert")).to_contain_text("должно быть 5 218,60")
    photograph(page, "till-close-390")
    page.get_by_label("почему").fill("Недодали сдачу")
    page.get_by_role("button", name="Закрыть смену").click()

    expect(page.get_by_role("heading", name="Z-отчёт")).to_be_visible()
    expect(page.get_by_text("Недодали сдачу")).to_be_visible()
    photograph(page, "till-report-390")
    page.set_viewport_size({"width": 1280, "height": 900})
    photograph(page, "till-report-1280")
    with page.expect_download() as paper:
        page.get_by_role("link", name="PDF").click()
    assert paper.value.path().read_bytes().startswith(b"%PDF-")

"""Reports of a shift as spreadsheets, the device's own X report, and receipts to an e-mail or a phone."""

import io
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from svet.domains.payments import actions, queries
from svet.domains.payments.models import FiscalTask
from svet.domains.payments.rules.tills import TaskKind
from svet.infra import clock
from tests import cast
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    return cast.assemble()


@pytest.fixture
def browser(people):
    return signed_in(people.staff["cashier"].user_id, proved=True)


@pytest.fixture
def shift(people):
    return actions.open_shift(
        actions.open_till("K1", name="Касса «=1+1»", at=cast.NOW, device_url="http://127.0.0.1:16732"),
        cashier_id=people.staff["cashier"].user_id,
        opening_float=Decimal(1000),
        request_key=uuid.uuid4().hex,
        at=clock.now(),
        without_device=False,
    ).shift_id


def pay(browser, person, **given):
    form = {"amount": "412,30", "means": "cash", "cash_given": "500", "key": uuid.uuid4().hex} | given
    return browser.post(reverse("desk:take_payment", args=[person.number]), form)


def rows_of(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def x_reports(shift):
    return [task for task in queries.report(shift).tasks if task.kind == TaskKind.REPORT_X]


def test_the_report_is_a_spreadsheet_whose_sums_are_numbers(people, browser, shift):
    pay(browser, people.vera)

    rows = rows_of(browser.get(reverse("desk:shift_report_xlsx", args=[shift])))

    assert rows[0][0] == "X-отчёт: Касса «=1+1», смена № 1"
    assert ["Должно быть наличных, ₽", 1412.3] in [[row[0], row[3]] for row in rows]
    assert [people.vera.number, 412.3] in [[row[3], row[5]] for row in rows]


def test_another_cashiers_spreadsheet_is_not_found_and_who_oversees_has_it(people, browser, shift):
    supervisor = signed_in(people.staff["supervisor"].user_id, proved=True)

    assert supervisor.get(reverse("desk:any_shift_report_xlsx", args=[shift])).status_code == 200
    assert supervisor.get(reverse("desk:shift_report_xlsx", args=[shift])).status_code == 403
    assert browser.get(reverse("desk:any_shift_report_xlsx", args=[shift])).status_code == 403
    assert browser.get(reverse("desk:shift_report_xlsx", args=[shift + 1000])).status_code == 404


@pytest.mark.parametrize(
    ("typed", "kept"), [("Anna@Example.org", "anna@example.org"), ("8 (916) 123-45-67", "+79161234567")]
)
def test_a_receipt_goes_to_the_address_the_payer_names(people, browser, shift, typed, kept):
    assert pay(browser, people.vera, receipt_to=typed).status_code == 302

    assert FiscalTask.objects.get(kind=TaskKind.SELL).payload["receipt_to"].lower() == kept


@pytest.mark.parametrize("typed", ["Маша", "@", "12", "a" * 65, "'; DROP", "😀@example"])
def test_what_is_no_address_takes_no_money(people, browser, shift, typed):
    answer = pay(browser, people.vera, receipt_to=typed)

    assert answer.status_code == 422
    assert queries.report(shift).operations == ()
    assert "412,30" in answer.content.decode()


def test_the_devices_own_report_is_asked_for_once_while_it_waits(people, browser, shift):
    page = reverse("desk:print_x_report", args=[shift])

    first, again = browser.post(page), browser.post(page, follow=True)

    assert first.headers["Location"] == reverse("desk:shift_report", args=[shift])
    assert "уже ждёт печати" in again.content.decode()
    assert len(x_reports(shift)) == 1
    assert browser.get(page).status_code == 405


def test_a_closed_shift_prints_no_x_report(people, browser, shift):
    actions.close_shift(
        shift, counted=Decimal(1000), explanation="", by=people.staff["cashier"].user_id, at=clock.now()
    )

    assert browser.post(reverse("desk:print_x_report", args=[shift])).status_code == 409
    assert x_reports(shift) == []


def test_a_part_of_what_was_paid_too_much_goes_back_at_the_till(people, browser, shift):
    paid = pay(browser, people.anna, amount="500", cash_given="500").headers["Location"]
    page = reverse("desk:give_back", args=[int(paid.rstrip("/").split("/")[-1])])

    form = {"reason": "Лишнее", "amount": "120,50", "key": "c" * 32}
    answers = [browser.post(page, form).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert queries.report(shift).totals.drawer == Decimal("1379.50")
    assert FiscalTask.objects.get(kind=TaskKind.SELL_RETURN).payload["amount"] == "120.50"

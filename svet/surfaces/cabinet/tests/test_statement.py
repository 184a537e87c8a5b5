"""The reconciliation statement of one's own account: any days, true sums, nobody else's, whatever is typed."""

import io
import time
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from svet.domains.accounts import actions as accounts
from svet.domains.accounts.rules import GrantRole
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.ledger import queries as ledger
from svet.domains.offices import actions as offices
from svet.domains.payments import actions as payments
from svet.domains.tariffs import actions as tariffs
from svet.flows import statements
from svet.kernel.period import Month, Period
from tests import cast, reference

pytestmark = pytest.mark.django_db

OCTOBER = Month("2026-10")
AUTUMN = {"from_on": "2026-09-01", "to_on": "2026-11-18"}


@pytest.fixture
def people(monkeypatch):
    """The cast with October billed, on the day of the tests."""
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    found = cast.assemble()
    at = cast.moment(OCTOBER.next.first_on)
    run_id = billing.start_run(month=OCTOBER, started_by=None, at=at)
    billing_jobs.work_off(run_id, at=at)
    billing.issue_bills(run_id, at=at)
    billing_jobs.work_off(run_id, at=at)
    return found


def paid(home, amount, *, on, external_id):
    return payments.accept_payment(
        source_code="sberbank",
        external_id=external_id,
        account_number=home.number,
        amount=Decimal(amount),
        paid_at=cast.moment(on),
        received_at=cast.moment(on),
    ).payment_id


def browser_of(home):
    browser = Client()
    assert browser.login(username=home.number, password=cast.PASSWORD)
    return browser


def shown(home, days=AUTUMN, *, name="cabinet:statement"):
    return browser_of(home).get(reverse(name, args=[home.number]), days)


def rows_of(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_the_page_shows_every_movement_with_its_document_and_who_owes_in_the_end(people):
    paid(people.vera, "1000.00", on=date(2026, 11, 5), external_id="SB-1")

    page = shown(people.vera).content.decode().replace("\u00a0", " ")

    for text in ("перенесённый из прежнего учёта", "4 218,60", "счёт № 2610-", "Сбербанк, № SB-1", "1 000,00"):
        assert text in page
    owed = ledger.balance(people.vera.account.id)
    assert f"{owed:,.2f}".replace(",", " ").replace(".", ",") in page


def test_the_closing_of_one_period_is_the_opening_of_the_next(people):
    paid(people.vera, "1000.00", on=date(2026, 10, 31), external_id="SB-1")
    account = people.vera.account.id

    before = ledger.statement(account, period=Period(date(2026, 9, 1), date(2026, 11, 1)))
    after = ledger.statement(account, period=Period(date(2026, 11, 1), date(2026, 11, 19)))

    assert before.closing == after.opening == ledger.balance(account, on=date(2026, 10, 31))
    assert after.movements == ()


def test_a_payment_taken_back_and_one_moved_away_stand_there_twice_and_change_nothing(people):
    taken = paid(people.vera, "300.00", on=date(2026, 11, 2), external_id="SB-1")
    moved = paid(people.vera, "200.00", on=date(2026, 11, 3), external_id="SB-2")
    before = ledger.balance(people.vera.account.id, on=date(2026, 11, 1))
    payments.reverse_payment(taken, reason="Ошибка кассы", at=cast.NOW)
    payments.reassign_payment(moved, account_number=people.anna.number, reason="Не тот счёт", by=None, at=cast.NOW)

    page = shown(people.vera).content.decode()
    found = ledger.statement(people.vera.account.id, period=Period(date(2026, 11, 1), date(2026, 11, 19)))

    assert "Отмена платежа" in page
    assert "Платёж перенесён на другой счёт" in page
    assert (found.paid, found.closing, len(found.movements)) == (Decimal("0.00"), before, 4)


def test_a_charge_taken_back_stands_there_with_a_minus_beside_the_billed_one(people):
    account = people.anna.account.id
    autumn = Period(date(2026, 9, 1), date(2026, 11, 19))
    before = ledger.statement(account, period=autumn)
    billing.reverse_charges(account, month=OCTOBER, at=cast.NOW, reason="Счётчик чужой")

    page, found = shown(people.anna).content.decode(), ledger.statement(account, period=autumn)

    assert "Перерасчёт за октябрь\u00a02026" in page
    assert before.charged > 0
    assert (found.charged, found.closing) == (before.opening, before.opening)
    assert page.count("счёт № 2610-") == 1


def test_the_sheet_holds_the_very_sums_of_the_ledger(people):
    paid(people.vera, "1000.00", on=date(2026, 11, 5), external_id="SB-1")

    rows = rows_of(shown(people.vera, name="cabinet:statement_xlsx"))

    total, closing = rows[-2], rows[-1]
    found = ledger.statement(people.vera.account.id, period=Period(date(2026, 9, 1), date(2026, 11, 19)))
    assert (total[3], total[4], closing[5]) == (float(found.charged), float(found.paid), float(found.closing))
    lines = [row for row in rows if isinstance(row[0], date)]
    assert len(lines) == len(found.movements)
    assert sum(row[3] or 0 for row in lines) == pytest.approx(float(found.charged))


def test_the_paper_comes_under_a_name_that_says_what_it_is(people):
    answer = shown(people.anna, name="cabinet:statement_pdf")

    assert answer.content.startswith(b"%PDF-")
    assert f"statement-{people.anna.number}-2026-09-01-2026-11-18.pdf" in answer.headers["Content-Disposition"]


def test_the_page_first_offers_whole_months(people):
    page = shown(people.anna, {}).content.decode()

    assert 'value="2026-10-01"' in page
    assert "?from_on=2026-10-01&amp;to_on=2026-10-31" in page
    assert "Скачать PDF" not in page


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"from_on": "31.02.2026", "to_on": "2026-03-01"}, "Первого дня нет в календаре"),
        ({"from_on": "2026-10-01", "to_on": "2026-02-30"}, "Последнего дня нет в календаре"),
        ({"from_on": "2026-10-31", "to_on": "2026-10-01"}, "Первый день позже последнего"),
        ({"from_on": "1926-10-01", "to_on": "2026-10-01"}, "Период длиннее трёх лет"),
        ({"from_on": "2026-10-01", "to_on": "2026-11-19"}, "Последний день ещё не наступил"),
        ({"from_on": "2027-10-01", "to_on": "2027-11-19"}, "Последний день ещё не наступил"),
        ({"from_on": "", "to_on": ""}, "Укажите первый день"),
        ({"from_on": "2026-10-01"}, "Укажите последний день"),
        ({"from_on": "0001-01-01", "to_on": "9999-12-31"}, "Последний день ещё не наступил"),
        ({"from_on": "'; DROP TABLE", "to_on": "<b>😀</b>" + "9" * 300}, "нет в календаре"),
    ],
)
def test_impossible_days_are_told_at_their_field_and_kept_as_typed(people, days, said):
    answer = shown(people.anna, days)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert said in page
    assert "Проверьте, что введено" in page
    assert "<b>😀" not in page
    for kind in ("pdf", "xlsx"):
        file = shown(people.anna, days, name=f"cabinet:statement_{kind}")
        assert file.status_code == 302
        assert file.headers["Location"].startswith(reverse("cabinet:statement", args=[people.anna.number]))


def test_three_years_less_a_day_are_not_too_long(people):
    assert shown(people.anna, {"from_on": "2023-11-19", "to_on": "2026-11-18"}).status_code == 200


def test_an_account_without_movements_has_a_statement_of_nothing(people):
    days = {"from_on": "2025-01-01", "to_on": "2025-12-31"}

    assert "ничего не двигалось" in shown(people.anna, days).content.decode()
    assert shown(people.anna, days, name="cabinet:statement_pdf").content.startswith(b"%PDF-")
    assert rows_of(shown(people.anna, days, name="cabinet:statement_xlsx"))[-1][5] == 0


@pytest.mark.parametrize("name", ["cabinet:statement", "cabinet:statement_pdf", "cabinet:statement_xlsx"])
def test_another_persons_statement_is_not_found(people, name):
    browser = browser_of(people.intruder)

    assert browser.get(reverse(name, args=[people.anna.number]), AUTUMN).status_code == 404


def test_a_reader_may_take_the_statement_too(people):
    accounts.grant_access(
        people.anna.account.id,
        user_id=people.igor.user_id,
        role=GrantRole.READER,
        from_on=cast.LONG_AGO,
        at=cast.moment(cast.LONG_AGO),
    )
    browser = browser_of(people.igor)

    assert browser.get(reverse("cabinet:statement", args=[people.anna.number]), AUTUMN).status_code == 200


def test_a_long_statement_costs_no_more_queries_than_a_short_one(people):
    counts = []
    for count in (1, 6):
        for serial in range(count):
            paid(people.anna, "10.00", on=date(2026, 11, 1 + serial), external_id=f"{count}-{serial}")
        with CaptureQueriesContext(connection) as seen:
            statements.statement_of(
                people.anna.account, period=Period(date(2026, 9, 1), date(2026, 11, 19)), at=cast.NOW
            )
        counts.append(len(seen))

    assert counts[0] == counts[1]

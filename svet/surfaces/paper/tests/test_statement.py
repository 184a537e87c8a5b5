"""The reconciliation statement as a file: read back from the PDF and from the spreadsheet, whatever names are in it."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from svet.domains.accounts.queries import AccountView
from svet.domains.ledger.rules import EntryKind, Movement, Service, Statement
from svet.domains.payments.queries import PaymentPaper
from svet.flows.statements import StatementLine, StatementPage
from svet.infra.clock import MOSCOW
from svet.kernel.errors import DomainError
from svet.kernel.period import Month
from svet.surfaces.paper import statement
from svet.surfaces.paper.tests import samples

OCTOBER = Month("2026-10")
MADE_AT = datetime(2026, 11, 18, 10, 30, tzinfo=MOSCOW)


def moved(entry_id, amount, *, kind=EntryKind.CHARGE, on=OCTOBER.last_on):
    return Movement(entry_id, on, OCTOBER, kind, Service.ENERGY, Decimal(amount), kind.value, entry_id)


def page_of(*movements, opening="100.00", name="Иванова Анна", source="Сбербанк"):
    closing = Decimal(opening) + sum((row.amount for row in movements), Decimal(0))
    found = Statement(Decimal(opening), movements, closing)
    account = AccountView(1, "3300000019", 1, name, "person", date(2024, 1, 1), None, "paper")
    lines = (
        StatementLine(row, balance, "", PaymentPaper(source, "77"))
        if row.is_money
        else StatementLine(row, balance, "2610-00000001", None)
        for row, balance in zip(movements, found.balances, strict=True)
    )
    address = "г. Светлый, ул. Садовая, д. 12"
    return StatementPage(account, address, samples.COMPANY, OCTOBER.period, MADE_AT, found, tuple(lines))


def words_of(pdf):
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


def rows_of(file):
    return CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python(skip_empty_area=False)


USUAL = (moved(1, "1234.56"), moved(2, "-500.00", kind=EntryKind.PAYMENT, on=date(2026, 10, 12)))


def test_a_statement_that_does_not_add_up_refuses_to_exist():
    with pytest.raises(DomainError) as refusal:
        Statement(Decimal("1.00"), USUAL, Decimal("735.57"))

    assert refusal.value.code == "statement_does_not_add_up"


def test_the_paper_shows_both_sides_every_movement_and_the_proof():
    shown = words_of(statement.render(page_of(*USUAL)))

    for text in (
        "Акт сверки расчётов", "Иванова Анна", "33 0000 0019", samples.COMPANY.inn, "счёт № 2610-00000001",
        "Сбербанк, № 77", "1 234,56", "100,00 + 1 234,56 − 500,00 = 834,56", "От поставщика", "От потребителя",
        "долг потребителя: 834,56",
    ):  # fmt: skip
        assert text in shown, text


def test_the_same_statement_gives_the_same_bytes():
    assert statement.render(page_of(*USUAL)) == statement.render(page_of(*USUAL))


def test_a_payment_taken_back_stands_under_paid_with_a_minus():
    shown = words_of(statement.render(page_of(*USUAL, moved(3, "500.00", kind=EntryKind.REVERSAL))))

    assert "Отмена платежа" in shown
    assert "\u2212500,00" in shown


def test_a_long_statement_repeats_its_head_on_every_sheet():
    pages = PdfReader(io.BytesIO(statement.render(page_of(*(moved(n, "1.00") for n in range(1, 151)))))).pages

    assert len(pages) > 2
    assert all("Операция" in page.extract_text() for page in pages[:2])
    assert f"из {len(pages)}" in words_of(statement.render(page_of(*(moved(n, "1.00") for n in range(1, 151)))))


@pytest.mark.parametrize("name", ["=1+1", "+7", "@SUM(A1)", "О'Брайен «ООО» #emph[x]", "Я" * 300, "😀 Анна", "-2"])
def test_no_name_is_read_as_markup_or_as_a_formula(name):
    page = page_of(*USUAL, name=name, source=name)

    cells = [cell for row in rows_of(statement.sheet(page)) for cell in row]

    assert f"{name}, № 77" in cells
    assert f"Потребитель: {name}" in cells
    assert b"<f>" not in _sheet_xml(statement.sheet(page))
    assert statement.render(page).startswith(b"%PDF-")


def test_sums_and_days_in_the_sheet_are_numbers_and_days():
    rows = rows_of(statement.sheet(page_of(*USUAL)))
    first = next(row for row in rows if isinstance(row[0], date))

    assert first[0] == OCTOBER.last_on
    assert first[3:] == [1234.56, "", 1334.56]
    assert rows[-1][5] == 834.56


def test_an_empty_statement_is_a_statement_too():
    page = page_of(opening="0.00")

    assert "движений по счёту не было" in words_of(statement.render(page))
    assert "никто никому не должен" in words_of(statement.render(page))
    assert rows_of(statement.sheet(page))[-1][5] == 0


def _sheet_xml(file):
    import zipfile

    with zipfile.ZipFile(io.BytesIO(file)) as book:
        return book.read("xl/worksheets/sheet1.xml")

"""The report of a till shift as a spreadsheet: what the page and the PDF say, sums as numbers."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter

from svet.flows.till_pages import ReportPage
from svet.surfaces.paper.shift_report import LINES, OUT, document, ground, title
from svet.surfaces.web import till_words
from svet.surfaces.web.templatetags.svet import moment

HEADS = ("Номер", "Когда", "Что", "Лицевой счёт", "Как", "Сумма, ₽", "Чек", "Причина")
WIDTHS = (10, 18, 16, 14, 12, 14, 10, 40)


def workbook(page: ReportPage) -> bytes:
    """Return the report as an XLSX file; texts are never read as formulas."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Смена")
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "# ##0.00"})
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, title(page), bold)
    line = 1
    for name, value in _facts(page):
        sheet.write_string(line, 0, name)
        _write(sheet, line, 3, value, money)
        line += 1
    line += 1
    for column, head in enumerate(HEADS):
        sheet.write_string(line, column, head, bold)
    for cells in _operations(page):
        line += 1
        for column, value in enumerate(cells):
            _write(sheet, line, column, value, money)
    if page.report.corrections:
        line += 2
        sheet.write_string(line, 0, "Чеки коррекции: деньги приняты раньше, в итоги смены не входят", bold)
    for cells in _corrections(page):
        line += 1
        for column, value in enumerate(cells):
            _write(sheet, line, column, value, money)
    book.close()
    return content.getvalue()


def _facts(page: ReportPage) -> list[tuple[str, Any]]:
    shift, totals = page.report.shift, page.report.totals
    sums = [(till_words.COUNTERS[name], getattr(totals, name).amount) for name in LINES]
    return [
        ("Касса", f"{shift.till_name}, смена № {shift.number}"),
        ("Кассир", page.cashier),
        ("Открыта", moment(shift.opened_at)),
        ("Закрыта", moment(shift.closed_at) if shift.closed_at else "ещё открыта"),
        ("Наличных на начало, ₽", totals.opening_float),
        *sums,
        ("Принято за вычетом возвратов, ₽", totals.taken),
        ("Должно быть наличных, ₽", totals.drawer),
        *((("Насчитали, ₽", shift.counted),) if page.is_final else ()),
        *((("Объяснение", shift.explanation),) if shift.explanation else ()),
    ]


def _operations(page: ReportPage) -> list[tuple[Any, ...]]:
    return [
        (
            row.code,
            moment(row.made_at),
            till_words.KINDS[row.kind],
            row.account_number,
            till_words.MEANS[row.means],
            -row.amount if row.kind in OUT else row.amount,
            str(row.task.document.document_number) if row.task and row.task.document else "",
            row.reason,
        )
        for row in page.report.operations
    ]


def _corrections(page: ReportPage) -> list[tuple[Any, ...]]:
    return [
        (row.code, "", till_words.KINDS[row.kind], row.account_number, "", row.amount, document(row), ground(row))
        for row in page.report.corrections
    ]


def _write(sheet: Any, line: int, column: int, value: Any, money: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(line, column, value)
    else:
        sheet.write_number(line, column, value, money)

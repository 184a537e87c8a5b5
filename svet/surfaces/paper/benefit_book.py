"""The report of benefits of a month as a spreadsheet: what the page says, sums as numbers."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import xlsxwriter

from svet.domains.billing.queries import BenefitReport
from svet.surfaces.web.templatetags.svet import month_name

HEADS = ("Льгота", "Закон", "Лицевой счёт", "У кого", "Документ", "Человек", "кВт·ч", "Сумма, ₽", "Как")
WIDTHS = (34, 34, 14, 34, 40, 9, 12, 14, 22)


def workbook(report: BenefitReport) -> bytes:
    """Return the report as an XLSX file; texts are never read as formulas."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Льготы")
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "# ##0.00"})
    energy = book.add_format({"num_format": "# ##0.###"})
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, f"Льготы за {month_name(report.month)}", bold)
    for line, (name, amount) in enumerate(_sums(report), 1):
        sheet.write_string(line, 0, name)
        sheet.write_number(line, 7, amount, money)
    for column, head in enumerate(HEADS):
        sheet.write_string(6, column, head, bold)
    for line, row in enumerate(report.rows, 7):
        texts = (row.kind_name, row.law, row.account_number, row.holder, row.document)
        for column, text in enumerate(texts):
            sheet.write_string(line, column, text)
        sheet.write_number(line, 5, row.people)
        sheet.write_number(line, 6, row.kwh, energy)
        sheet.write_number(line, 7, row.amount, money)
        sheet.write_string(line, 8, "снижен счёт" if row.is_on_the_bill else "платит соцзащита")
    book.close()
    return content.getvalue()


def _sums(report: BenefitReport) -> tuple[tuple[str, Decimal], ...]:
    return (
        ("Всего, ₽", report.total),
        ("Из них снижены счета, ₽", report.on_bills),
        ("Контрольная сумма строк счетов, ₽", report.control),
    )

"""The reconciliation statement as a file: a PDF to sign, or a spreadsheet whose numbers are numbers (clause W3)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from svet.flows.statements import StatementPage
from svet.surfaces.paper import engine
from svet.surfaces.paper.heads import cleaned, company_texts, customer_texts
from svet.surfaces.web.templatetags.svet import day, moment, moved_by, moved_what, rub, short_day

TEMPLATE = "statement.typ"
HEADS = ("Дата", "Операция", "Документ", "Начислено, ₽", "Оплачено, ₽", "Остаток, ₽")
WIDTHS = (12, 44, 40, 15, 15, 15)


def render(page: StatementPage) -> bytes:
    """Return the statement as an accessible PDF (PDF/UA-1); raise TypesettingFailed."""
    statement = page.statement
    texts: dict[str, Any] = {
        "title": title(page),
        "period": period(page),
        "made_at": moment(page.made_at),
        "from_on": day(page.period.start),
        "last_on": day(page.period.last_on),
        "company": company_texts(page.company),
        "customer": customer_texts(name=page.account.customer_name, address=page.address, account=page.account.number),
        "opening": _sum(statement.opening),
        "charged": _sum(statement.charged),
        "paid": _sum(statement.paid),
        "closing": _sum(statement.closing),
        "outcome": outcome(page),
        "proof": f"{_sum(statement.opening)} + {_term(statement.charged)} − {_term(statement.paid)}"
        f" = {_sum(statement.closing)}. Плюс в остатке — долг потребителя, минус — его переплата.",
        "rows": [
            {
                "on": short_day(line.movement.posted_on),
                "what": moved_what(line),
                "paper": moved_by(line),
                "charged": "" if line.movement.is_money else _sum(line.movement.charged),
                "paid": _sum(line.movement.paid) if line.movement.is_money else "",
                "balance": _sum(line.balance),
            }
            for line in page.lines
        ],
    }
    return engine.pdf(TEMPLATE, cleaned(texts), made_at=page.made_at)


def sheet(page: StatementPage) -> bytes:
    """Return the statement as a workbook of one sheet: days are days, sums are numbers, names never formulas."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": title(page), "created": page.made_at.replace(tzinfo=None)})
    sheet = book.add_worksheet("Акт сверки")
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    top = len(_head(page)) + 1
    sheet.freeze_panes(top + 1, 0)
    plain, bold = book.add_format({"valign": "top"}), book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    on = book.add_format({"num_format": "dd.mm.yyyy", "align": "left", "valign": "top"})
    sums = [book.add_format({"num_format": "#,##0.00", "valign": "top", "bold": weight}) for weight in (False, True)]
    for row, text in enumerate(_head(page)):
        sheet.write_string(row, 0, text, plain if row else bold)
    for row, (is_total, cells) in enumerate(_rows(page), top):
        for column, cell in enumerate(cells):
            if isinstance(cell, Decimal):
                sheet.write_number(row, column, cell, sums[is_total])
            elif isinstance(cell, date):
                sheet.write_datetime(row, column, cell, on)
            elif cell:
                sheet.write_string(row, column, cell, bold if is_total else wrapped)
    book.close()
    return buffer.getvalue()


def _rows(page: StatementPage) -> Iterator[tuple[bool, tuple[str | date | Decimal | None, ...]]]:
    """Yield the rows of the sheet: whether each is a head or a total, and its cells."""
    statement = page.statement
    yield True, HEADS
    yield True, ("", f"Остаток на начало {short_day(page.period.start)}", "", None, None, statement.opening)
    for line in page.lines:
        row = line.movement
        charged, paid = (None, row.paid) if row.is_money else (row.charged, None)
        yield False, (row.posted_on, moved_what(line), moved_by(line), charged, paid, line.balance)
    yield True, ("", "Всего за период", "", statement.charged, statement.paid, None)
    yield True, ("", f"Остаток на конец {short_day(page.period.last_on)}", "", None, None, statement.closing)


def title(page: StatementPage) -> str:
    """Return what the file calls itself."""
    return f"Акт сверки расчётов по лицевому счёту {page.account.number} за период {period(page)}"


def period(page: StatementPage) -> str:
    """Return the days of the statement, both included."""
    return f"{short_day(page.period.start)} – {short_day(page.period.last_on)}"


def outcome(page: StatementPage) -> str:
    """Return in words who owes whom at the end."""
    closing, last = page.statement.closing, day(page.period.last_on)
    if closing > 0:
        return f"На конец {last} долг потребителя: {rub(closing)}."
    if closing < 0:
        return f"На конец {last} переплата потребителя: {rub(-closing)}."
    return f"На конец {last} никто никому не должен."


def _head(page: StatementPage) -> list[str]:
    return [
        title(page),
        page.company.name,
        f"Потребитель: {page.account.customer_name}",
        f"Адрес: {page.address}",
        f"Составлен {moment(page.made_at)}",
        "Плюс в остатке — долг потребителя, минус — его переплата.",
    ]


def _sum(amount: Decimal) -> str:
    return rub(amount).removesuffix("₽").rstrip()


def _term(amount: Decimal) -> str:
    """Write a sum inside an equation: less than nothing stands in brackets."""
    return f"({_sum(amount)})" if amount < 0 else _sum(amount)

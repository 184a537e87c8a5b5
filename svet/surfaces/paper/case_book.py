"""The register of appeals as a spreadsheet of any length: rows go to the disk as they come, none stay in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, BinaryIO

import xlsxwriter

from svet.domains.cases.queries import CaseRow
from svet.domains.cases.rules.clocks import last_moment
from svet.infra.clock import MOSCOW
from svet.surfaces.web import words

ROWS_OF_A_SHEET = 1_000_000
"""A little less than what a sheet of the format can hold; what is more goes on the next one."""
COLUMNS: tuple[tuple[str, int], ...] = (
    ("Номер", 18),
    ("Зарегистрировано", 17),
    ("Откуда", 18),
    ("Вид", 14),
    ("Тема", 34),
    ("Заголовок", 34),
    ("Заявитель", 34),
    ("Лицевой счёт", 14),
    ("Состояние", 16),
    ("Итог", 22),
    ("Исполнитель", 30),
    ("Ответить до", 13),
    ("Просрочено", 12),
    ("Новое письмо", 13),
    ("У руководителя", 15),
    ("Неполное", 11),
)
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def write(file: BinaryIO, batches: Iterable[Iterable[CaseRow]], *, told: Callable[[int], None]) -> int:
    """Write the rows into `file` as XLSX and return how many; `told` hears how many are written after each batch.

    Texts are never read as formulas.
    """
    book = xlsxwriter.Workbook(file, _OPTIONS)
    bold = book.add_format({"bold": True, "text_wrap": True})
    formats = {
        "moment": book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
        "day": book.add_format({"num_format": "dd.mm.yyyy"}),
    }
    sheet, done = _sheet(book, 1, bold), 0
    for batch in batches:
        for row in batch:
            if done and done % ROWS_OF_A_SHEET == 0:
                sheet = _sheet(book, done // ROWS_OF_A_SHEET + 1, bold)
            _write(sheet, done % ROWS_OF_A_SHEET + 1, row, formats)
            done += 1
        told(done)
    book.close()
    return done


def _sheet(book: Any, place: int, bold: Any) -> Any:
    sheet = book.add_worksheet("Обращения" if place == 1 else f"Обращения {place}")
    sheet.freeze_panes(1, 1)
    for column, (head, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    return sheet


def _write(sheet: Any, line: int, row: CaseRow, formats: dict[str, Any]) -> None:
    texts = {
        0: row.number,
        2: words.of(row.channel),
        3: words.of(row.kind),
        4: row.subject_name,
        5: row.title,
        6: row.applicant_name,
        7: row.account_number,
        8: words.of(row.state),
        9: words.of(row.resolution) if row.resolution else "",
        10: row.assignee_name,
        12: _yes(row.is_overdue),
        13: _yes(row.is_unread),
        14: _yes(row.is_escalated),
        15: _yes(row.is_incomplete and row.is_open),
    }
    # Cells of a line are written in their order: a line that is left stands on the disk already.
    for column in range(len(COLUMNS)):
        if column == 1:
            sheet.write_datetime(line, column, _bare(row.registered_at), formats["moment"])
        elif column == 11 and row.due_at is not None:
            day = _bare(last_moment(row.due_at)).replace(hour=0, minute=0, second=0, microsecond=0)
            sheet.write_datetime(line, column, day, formats["day"])
        elif texts.get(column):
            sheet.write_string(line, column, texts[column])


def _bare(at: datetime) -> datetime:
    """Return the moment on clocks of Moscow: a spreadsheet knows no zones."""
    return at.astimezone(MOSCOW).replace(tzinfo=None)


def _yes(value: bool) -> str:
    return "да" if value else ""

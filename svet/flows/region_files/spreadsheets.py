"""Spreadsheets in and out. Numbers in cells are floats there: a code typed as a number may have lost its zeros."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from svet.flows.region_files.texts import FileRefused

MOST_UNPACKED = 1_500_000_000
NUMBER_MARK = "\u0001"
"""Stands before the text of a numeric cell, until its column says whether a number may be there."""
_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def is_spreadsheet(data: bytes) -> bool:
    """Say whether the bytes are a workbook (xlsx, ods, xls), whatever the file is called."""
    return data.startswith(_SIGNATURES)


def sheet_rows(data: bytes) -> tuple[int, list[list[str]]]:
    """Return the first visible sheet that holds something as rows of text, and the number of its first row.

    Raises FileRefused for a broken, protected, empty or monstrous workbook.
    """
    _refuse_bomb(data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in workbook.sheets_metadata:
            if sheet.visible != SheetVisibleEnum.Visible or sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            if rows:
                columns = [[_text(cell) for cell in column] for column in zip(*rows, strict=True)]
                return 1, [list(row) for row in zip(*columns, strict=True)]
    except PasswordError as error:
        raise FileRefused("spreadsheet_has_password") from error
    except (CalamineError, ValueError, OSError) as error:
        raise FileRefused("spreadsheet_is_broken") from error
    raise FileRefused("file_is_empty")


def written(frame: pl.DataFrame, *, title: str) -> bytes:
    """Return a workbook of one sheet whose cells are all text, the first row a heading that stays in sight."""
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    workbook = xlsxwriter.Workbook(buffer, options)
    sheet = workbook.add_worksheet(title[:31])
    bold, text = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "@"})
    sheet.set_column(0, max(frame.width - 1, 0), 18, text)
    sheet.freeze_panes(1, 0)
    _write(sheet, 0, frame.columns, bold)
    for number, row in enumerate(frame.iter_rows(), 1):
        _write(sheet, number, row, text)
    workbook.close()
    return buffer.getvalue()


def _write(sheet: Any, number: int, cells: Sequence[str | None], form: Any) -> None:
    for place, cell in enumerate(cells):
        if cell:
            sheet.write_string(number, place, cell, form)


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, int | float):
        return NUMBER_MARK + format(cell, ".15g")
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _refuse_bomb(data: bytes) -> None:
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise FileRefused("spreadsheet_is_broken") from error
    if unpacked > MOST_UNPACKED:
        raise FileRefused("file_is_too_big")

"""Exports: what is known, in the columns of the import files; what goes out comes back in without a change."""

from __future__ import annotations

import polars as pl

from svet.flows.region_files import spreadsheets
from svet.flows.region_files.columns import Choice, Column
from svet.flows.region_files.kinds import Kind, kind_called
from svet.kernel.errors import DomainError


def export(kind: str) -> pl.DataFrame:
    """Return everything of `kind` as a frame of values; raise NotFound, DomainError("file_kind_has_no_export")."""
    what = kind_called(kind)
    if what.export is None:
        raise DomainError("file_kind_has_no_export", kind=kind)
    return what.export().select(what.names)


def export_file(kind: str, *, spreadsheet: bool = False) -> bytes:
    """Return everything of `kind` as a file with Russian headings: CSV for Excel (";", UTF-8 with a mark) or XLSX."""
    what = kind_called(kind)
    return as_file(_in_words(export(kind), kind=what), title=what.title, spreadsheet=spreadsheet)


def as_file(texts: pl.DataFrame, *, title: str, spreadsheet: bool) -> bytes:
    """Return a frame of text as a CSV file for Excel or as a workbook."""
    if spreadsheet:
        return spreadsheets.written(texts, title=title)
    return b"\xef\xbb\xbf" + texts.write_csv(None, separator=";", line_terminator="\r\n", null_value="").encode()


def _in_words(frame: pl.DataFrame, *, kind: Kind) -> pl.DataFrame:
    texts = frame.select(_text(column, dtype=frame.schema[column.name]).alias(column.title) for column in kind.columns)
    return texts.with_columns(pl.all().replace("", None))


def _text(column: Column, *, dtype: pl.DataType) -> pl.Expr:
    values = pl.col(column.name)
    if dtype == pl.Boolean:
        return pl.when(values).then(pl.lit("да")).when(~values).then(pl.lit("нет"))
    if dtype == pl.Date:
        return values.dt.strftime("%d.%m.%Y")
    if isinstance(dtype, pl.Decimal):
        return values.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
    if isinstance(column, Choice):
        return values.cast(pl.String).replace({value: said[0] for value, said in column.words.items() if said})
    return values.cast(pl.String)

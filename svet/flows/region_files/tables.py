"""From the bytes of a file to a table of text in the kind's columns, with the line of each row. Pure."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from svet.flows.region_files import spreadsheets
from svet.flows.region_files.columns import Code, Column, stripped
from svet.flows.region_files.kinds import Kind
from svet.flows.region_files.report import NO_LINES
from svet.flows.region_files.spreadsheets import NUMBER_MARK
from svet.flows.region_files.texts import FileRefused, cells_of, decoded, heading, lines_of, separator_of
from svet.kernel.row_findings import NO_FINDINGS, found, sound, together

REPORT_COLUMNS = ("Строка файла", "Что не так")
"""Headings that our own files of bad rows add; they are overlooked when such a file is loaded again."""


@dataclass(frozen=True)
class Table:
    """Rows as text (`line` and the columns that the file has), findings, and lines that are no rows."""

    rows: pl.DataFrame
    findings: pl.DataFrame = field(default_factory=lambda: NO_FINDINGS)
    broken: pl.DataFrame = field(default_factory=lambda: NO_LINES)

    @property
    def height(self) -> int:
        """How many rows the file has, readable or not."""
        return self.rows.height + self.broken.height


def read(data: bytes, *, kind: Kind) -> Table:
    """Return the table in a CSV file or a workbook; raise FileRefused when it is none, or not of this kind."""
    if spreadsheets.is_spreadsheet(data):
        return _read_sheet(data, kind=kind)
    lines = lines_of(decoded(data))
    if lines.is_empty():
        raise FileRefused("file_is_empty")
    header = lines["raw"][0]
    separator = separator_of(header, known=_headings(kind))
    heads, problems = cells_of(lines.head(1), separator=separator, width=header.count(separator) + 1)
    if problems.height:
        raise FileRefused("heading_is_broken", line=lines["line"][0])
    names = _columns([heads[f"{place}"][0] for place in range(heads.width - 1)], kind=kind)
    cells, findings = cells_of(lines.tail(-1), separator=separator, width=len(names))
    rows = cells.select("line", *(pl.col(f"{place}").alias(name) for place, name in enumerate(names) if name))
    broken = lines.join(findings, on="line", how="semi").select("line", "raw")
    return _tidied(Table(rows, findings, broken), kind=kind)


def of_frame(frame: pl.DataFrame, *, kind: Kind) -> Table:
    """Return the table of a frame in the kind's columns; its rows are numbered from 1."""
    unknown = [name for name in frame.columns if name not in {*kind.names, "line"}]
    if unknown:
        raise FileRefused("headings_are_unknown", columns=", ".join(unknown), near="")
    _refuse_lacking(frame.columns, kind=kind)
    texts = [pl.col(name).cast(pl.String) for name in kind.names if name in frame.columns]
    lines = frame.select(texts).with_row_index("line", offset=1).cast({"line": pl.Int64})
    return _tidied(Table(lines), kind=kind)


def typed(table: Table, *, kind: Kind) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows whose every cell fits its column, as values, and the findings about the others."""
    columns = [column for column in kind.columns if column.name in table.rows.columns]
    findings = together([finding for column in columns for finding in column.findings(table.rows)])
    good = sound(table.rows, findings)
    return good.select("line", *(_values(column) for column in columns)), findings


def trusted(frame: pl.DataFrame, *, kind: Kind) -> pl.DataFrame:
    """Return a frame whose values are known to fit, in the types that actions get; nothing is checked."""
    columns = [column for column in kind.columns if column.name in frame.columns]
    rows = frame.select(pl.col(c.name).cast(c.dtype) for c in columns).with_row_index("line", offset=1)
    return rows.select(pl.col("line").cast(pl.Int64), *(_filled(c, pl.col(c.name)) for c in columns))


def _values(column: Column) -> pl.Expr:
    return _filled(column, column.values(pl.col(column.name)).cast(column.dtype))


def _filled(column: Column, values: pl.Expr) -> pl.Expr:
    default: Any = column.default
    return values.alias(column.name) if default is None else values.fill_null(pl.lit(default)).alias(column.name)


def _read_sheet(data: bytes, *, kind: Kind) -> Table:
    first, rows = spreadsheets.sheet_rows(data)
    while rows and not any(cell.strip() for cell in rows[0]):
        first, rows = first + 1, rows[1:]
    if not rows:
        raise FileRefused("file_is_empty")
    names = _columns([cell.removeprefix(NUMBER_MARK) for cell in rows[0]], kind=kind)
    places = [(place, name) for place, name in enumerate(names) if name]
    columns = list(zip(*rows[1:], strict=True)) if len(rows) > 1 else [()] * len(names)
    frame = pl.DataFrame({name: pl.Series(columns[place], dtype=pl.String) for place, name in places})
    frame = frame.with_row_index("line", offset=first + 1).cast({"line": pl.Int64})
    frame = frame.filter(pl.any_horizontal(pl.col(name).str.strip_chars() != "" for _, name in places))
    findings = [_numeric(frame, column) for column in kind.columns if column.name in frame.columns]
    whole = [pl.col(name).str.strip_prefix(NUMBER_MARK) for _, name in places]
    return _tidied(Table(frame.with_columns(whole), together(findings)), kind=kind)


def _numeric(frame: pl.DataFrame, column: Column) -> pl.DataFrame:
    """Return findings about numeric cells in a column of codes, where zeros may be lost."""
    if not isinstance(column, Code):
        return NO_FINDINGS
    text = pl.col(column.name)
    safe = text.str.len_chars().is_in([figures + 1 for figures in column.figures]) & text.str.contains(r"^.\d+$")
    marked = frame.filter(text.str.starts_with(NUMBER_MARK) & ~safe)
    marked = marked.with_columns(text.str.strip_prefix(NUMBER_MARK))
    return found(marked, pl.lit(True), code="code_is_a_number", column=column.name)


def _tidied(table: Table, *, kind: Kind) -> Table:
    names = [name for name in table.rows.columns if name != "line"]
    return Table(table.rows.with_columns(stripped(name).alias(name) for name in names), table.findings, table.broken)


def _headings(kind: Kind) -> dict[str, str]:
    known = {heading(said): column.name for column in kind.columns for said in column.aliases}
    known |= {heading(column.title): column.name for column in kind.columns}
    known |= {heading(title): "" for title in REPORT_COLUMNS}
    return known | {column.name: column.name for column in kind.columns}


def _columns(header: list[str], *, kind: Kind) -> list[str]:
    """Return the column of each heading, "" for one to overlook; raise FileRefused for what is not understood."""
    known = _headings(kind)
    said = [heading(cell) for cell in header]
    while said and not said[-1]:
        said.pop()
    unknown = [cell for cell in said if cell not in known]
    if unknown:
        near = [match for cell in unknown for match in difflib.get_close_matches(cell, list(known), n=1)]
        raise FileRefused("headings_are_unknown", columns=", ".join(unknown), near=", ".join(near))
    names = [known[cell] for cell in said]
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise FileRefused("headings_are_repeated", columns=_titles(sorted(twice), kind=kind))
    _refuse_lacking(names, kind=kind)
    return names


def _refuse_lacking(names: list[str], *, kind: Kind) -> None:
    lacking = [column.name for column in kind.columns if column.required and column.name not in names]
    if lacking:
        raise FileRefused("headings_are_missing", columns=_titles(lacking, kind=kind))


def _titles(names: list[str], *, kind: Kind) -> str:
    titles = {column.name: column.title for column in kind.columns}
    return ", ".join(titles[name] for name in names)

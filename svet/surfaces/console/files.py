"""What the commands of files share: reports in Russian for the terminal and as files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from svet.flows import region_files
from svet.flows.region_files import Report
from svet.surfaces.web import messages

LEVELS = {"refuse": "ошибка", "note": "замечание"}


def table(report: Report) -> pl.DataFrame:
    """Return the findings in words: line, column, level, value, what is wrong and what to do."""
    titles = {column.name: column.title for column in region_files.kind_called(report.kind).columns}
    rows = [
        {
            "Строка файла": str(row["line"]) if row["line"] else "",
            "Столбец": titles.get(row["column"], ""),
            "Вид": LEVELS.get(row["level"], row["level"]),
            "Значение": (row["value"] or "")[:200],
            "Что не так": _text(row["code"], row["facts"]),
        }
        for row in report.findings.iter_rows(named=True)
    ]
    columns = ("Строка файла", "Столбец", "Вид", "Значение", "Что не так")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))


def in_lines(report: Report, *, most: int) -> Iterator[str]:
    """Yield the first findings as lines for the terminal, and how many more there are."""
    words = table(report)
    for row in words.head(most).iter_rows(named=True):
        place = f"строка {row['Строка файла']}" if row["Строка файла"] else "файл"
        column = f", столбец «{row['Столбец']}»" if row["Столбец"] else ""
        value = f" «{row['Значение']}»" if row["Значение"] else ""
        yield f"  {row['Вид']}: {place}{column}{value}: {row['Что не так']}"
    if words.height > most:
        yield f"  … и ещё {words.height - most}"


def write_report(report: Report, path: Path) -> None:
    """Write all findings as a CSV file for Excel."""
    path.write_bytes(region_files.as_file(table(report), title="Ошибки", spreadsheet=False))


def write_bad(report: Report, path: Path) -> None:
    """Write the rows that were kept out, with the reasons, in a form that can be put right and loaded again."""
    titles = {column.name: column.title for column in region_files.kind_called(report.kind).columns}
    reasons = (
        table(report)
        .filter((pl.col("Вид") == LEVELS["refuse"]) & (pl.col("Строка файла") != ""))
        .group_by("Строка файла", maintain_order=True)
        .agg(pl.col("Что не так").str.join(" "))
    )
    rows = report.bad.cast(pl.String).rename({"line": "Строка файла"}).rename(titles, strict=False)
    if report.broken.height:
        first = rows.columns[1]
        broken = report.broken.select(pl.col("line").cast(pl.String).alias("Строка файла"), pl.col("raw").alias(first))
        rows = pl.concat([rows, broken], how="diagonal")
    rows = rows.join(reasons, on="Строка файла", how="left", maintain_order="left")
    path.write_bytes(region_files.as_file(rows, title="Не загружено", spreadsheet=path.suffix.lower() == ".xlsx"))


def _text(code: str, facts: str) -> str:
    told: dict[str, Any] = json.loads(facts)
    if code == "overlaps" and not told.get("other_line"):
        code = "overlaps_known"
    return messages.of_finding({"code": code, "facts": told})

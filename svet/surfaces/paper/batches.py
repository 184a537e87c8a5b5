"""Bills for the print shop: one PDF per post office or shard in the postman's order, and a control sheet.

A file is typeset in parts by several processes, joined, and only then given its name: what has its name is whole.
Files that are there already and hold the same bills are not made again. This process loads the documents and the
others only typeset, so memory is bounded by the parts under way; when one is asked for, a thread of this one typesets.
"""

from __future__ import annotations

import csv
import hashlib
import io
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pikepdf
import polars as pl

from svet.domains.billing import queries as billing
from svet.domains.billing.queries import printing
from svet.domains.offices.queries import CompanyView
from svet.flows import penalties
from svet.kernel.errors import DomainError
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month
from svet.surfaces.paper import parts, workers

PART_BILLS = 100
"""Bills typeset at once: more gain no speed, and each costs a process 3 MB while it is typeset."""

NO_POSTAL_CODE = "no-postal-code"


class PrintRefused(DomainError):
    """The bills of a month cannot be printed, or what was printed does not agree with what was issued."""

    code = "print_refused"


@dataclass(frozen=True, slots=True)
class PrintedFile:
    """A line of the control sheet. `made` is false when the file was there already."""

    name: str
    bills: int
    sheets: int
    charged: Decimal
    to_pay: Decimal
    made: bool


@dataclass(frozen=True, slots=True)
class ControlSheet:
    """What was printed, and the bills that were left out because their customers want no paper."""

    month: Month
    files: tuple[PrintedFile, ...]
    left_out: PrintedFile

    @property
    def bills(self) -> int:
        """All printed bills."""
        return sum(one.bills for one in self.files)


@dataclass(slots=True)
class _File:
    """A file to make: its bills in order, its parts, what is still missing."""

    name: str
    bill_ids: list[int]
    charged: Decimal
    to_pay: Decimal
    waiting: set[Path] = field(default_factory=set)
    parts: list[Path] = field(default_factory=list)

    @property
    def seal(self) -> str:
        """Which bills the file holds, in which order, as a short text kept inside the file."""
        digest = hashlib.sha256(",".join(map(str, self.bill_ids)).encode()).hexdigest()[:16]
        return f"svet bills={len(self.bill_ids)} seal={digest}"


def print_month(
    month: Month,
    *,
    by: str,
    folder: Path,
    company: CompanyView,
    processes: int,
    everybody: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ControlSheet:
    """Print the issued bills of a month into `folder` and write its control sheet there; return the sheet.

    `by` is "post-office" or "shard"; `everybody` prints also the bills of those who want no paper. Raise PrintRefused
    when a run of the month still issues bills, and when the sheet does not add up to what was issued.
    """
    _refuse_unfinished(month)
    bills = printing.bills_to_print(month)
    wanted = bills if everybody else bills.filter("is_on_paper")
    folder.mkdir(parents=True, exist_ok=True)
    files = list(_files(wanted, month=month, by=by))
    there = {one.name: _sheets_of(folder / one.name, seal=one.seal) for one in files}
    _make([one for one in files if there[one.name] is None], folder, company, processes, progress)
    lines = [_line(one, folder, made=there[one.name] is None) for one in files]
    sheet = ControlSheet(month, tuple(lines), _left_out(bills if everybody is False else bills.clear()))
    _check(sheet, printing.print_totals(month))
    _write_atomically(folder / f"{month}_control.csv", control_csv(sheet))
    return sheet


def control_csv(sheet: ControlSheet) -> bytes:
    """Return the control sheet as a table that office programs open (UTF-8 with a mark, semicolons, decimal commas)."""
    text = io.StringIO()
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    table.writerow(["Файл", "Счетов", "Листов", "Начислено, руб.", "К оплате, руб."])
    rows = [*sheet.files, sheet.left_out]
    for row in rows:
        table.writerow([row.name, row.bills, row.sheets, _decimal(row.charged), _decimal(row.to_pay)])
    sums = [sum(one.bills for one in rows), sum(one.sheets for one in rows)]
    money = [sum((one.charged for one in rows), Decimal(0)), sum((one.to_pay for one in rows), Decimal(0))]
    table.writerow(["Всего выставлено", *sums, *map(_decimal, money)])
    return text.getvalue().encode("utf-8-sig")


def _decimal(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def _refuse_unfinished(month: Month) -> None:
    runs = [run for run in billing.runs(limit=1000) if run.month == month and not run.dry]
    if not any(run.bills_issued for run in runs):
        raise PrintRefused("no_bills_to_print", month=month.text)
    unfinished = [run.run_id for run in runs if run.bills_issued and not run.is_issued]
    if unfinished:
        raise PrintRefused("bills_are_still_issued", month=month.text, run=unfinished[0])


def _files(bills: pl.DataFrame, *, month: Month, by: str) -> Iterator[_File]:
    names = {
        "post-office": pl.when(pl.col("postal_code").fill_null("").str.contains(r"^\d{6}$"))
        .then("postal_code")
        .otherwise(pl.lit(NO_POSTAL_CODE)),
        "shard": pl.format("shard-{}-{}", "run_id", pl.col("shard").cast(pl.String).str.zfill(5)),
    }
    for (name,), group in bills.with_columns(file=names[by]).group_by("file", maintain_order=True):
        yield _File(
            name=f"{month}_{name}.pdf",
            bill_ids=group["bill_id"].to_list(),
            charged=from_kopecks(int(group["charged_kop"].sum())),
            to_pay=from_kopecks(int(group["to_pay_kop"].sum())),
        )


def _make(
    files: list[_File],
    folder: Path,
    company: CompanyView,
    processes: int,
    progress: Callable[[int, int], None],
) -> None:
    """Typeset the parts of all files in a pool, join each file as soon as its parts are there."""
    total, done = sum(len(one.bill_ids) for one in files), 0
    if not total:
        return
    parts_folder = folder / f".parts-{os.getpid()}"
    parts_folder.mkdir(exist_ok=True)
    try:
        with _pool(processes) as pool:
            under_way: dict[Future[int], tuple[_File, Path]] = {}
            for one, part, bill_ids in _parts(files, parts_folder):
                while len(under_way) >= 2 * processes:
                    done += _collect(under_way, folder)
                    progress(done, total)
                documents = penalties.with_penalties(printing.bills_in_order(bill_ids))
                future = pool.submit(parts.typeset, documents, company=company, title=one.name, path=part)
                under_way[future] = (one, part)
            while under_way:
                done += _collect(under_way, folder)
                progress(done, total)
    finally:
        shutil.rmtree(parts_folder, ignore_errors=True)


def _pool(processes: int) -> Executor:
    """Return whoever typesets. Spawned, not forked: a forked child of a process that has typeset waits for ever."""
    if processes == 1:
        return ThreadPoolExecutor(1)
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=context, initializer=workers.set_up)


def _parts(files: list[_File], folder: Path) -> Iterator[tuple[_File, Path, list[int]]]:
    for one in files:
        starts = range(0, len(one.bill_ids), PART_BILLS)
        one.parts = [folder / f"{one.name}.{start:07d}.pdf" for start in starts]
        one.waiting = set(one.parts)
        for start, part in zip(starts, one.parts, strict=True):
            yield one, part, one.bill_ids[start : start + PART_BILLS]


def _collect(under_way: dict[Future[int], tuple[_File, Path]], folder: Path) -> int:
    """Wait for some part; join its file when it was the last one; return the number of bills typeset."""
    finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
    count = 0
    for future in finished:
        one, part = under_way.pop(future)
        count += future.result()
        one.waiting.discard(part)
        if not one.waiting:
            _join(one, folder / one.name)
    return count


def _join(one: _File, path: Path) -> None:
    """Join the parts into the file under a temporary name, then name it: a killed run leaves no half file."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with pikepdf.new() as whole:
        for part in one.parts:
            with pikepdf.open(part) as pages:
                whole.pages.extend(pages.pages)
        whole.docinfo["/Title"] = path.stem
        whole.docinfo["/Subject"] = one.seal
        whole.save(unfinished, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    unfinished.replace(path)
    for part in one.parts:
        part.unlink()


def _sheets_of(path: Path, *, seal: str) -> int | None:
    """Return how many sheets a finished file has; None when there is none, or it holds other bills."""
    if not path.exists():
        return None
    try:
        with pikepdf.open(path) as pages:
            return len(pages.pages) if str(pages.docinfo.get("/Subject", "")) == seal else None
    except pikepdf.PdfError:
        return None


def _line(one: _File, folder: Path, *, made: bool) -> PrintedFile:
    sheets = _sheets_of(folder / one.name, seal=one.seal)
    if sheets is None:
        raise PrintRefused("printed_file_is_gone", file=one.name)
    return PrintedFile(one.name, len(one.bill_ids), sheets, one.charged, one.to_pay, made)


def _left_out(bills: pl.DataFrame) -> PrintedFile:
    rest = bills.filter(~pl.col("is_on_paper"))
    sums = [from_kopecks(int(rest[name].sum())) for name in ("charged_kop", "to_pay_kop")]
    return PrintedFile("Без печати: доставка по электронной почте", rest.height, 0, sums[0], sums[1], made=False)


def _check(sheet: ControlSheet, issued: printing.PrintTotals) -> None:
    """Hold the sheet against what the database says was issued."""
    rows = [*sheet.files, sheet.left_out]
    printed = printing.PrintTotals(
        bills=sum(one.bills for one in rows),
        charged=sum((one.charged for one in rows), Decimal(0)),
        to_pay=sum((one.to_pay for one in rows), Decimal(0)),
    )
    if printed != issued:
        raise PrintRefused("control_sheet_disagrees", printed=printed.bills, issued=issued.bills)


def _write_atomically(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)

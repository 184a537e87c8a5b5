"""Annex 1: each office is an address, then titles of columns, then a cell of hours for each title.

A column without a title serves nobody. Titles and cells of hours meet in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time

from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.facts import OfficeFacts
from svet.domains.offices.rules.hours import MONDAY, SUNDAY, DayHours
from svet.domains.offices.rules.text_lines import TIME, WEEKDAY, Line, read_time, read_weekdays
from svet.kernel.findings import Finding, Level

ADDRESS = re.compile(r"([0-9]{6}), *([^,]+?), *(.*[^,\s])")
TITLE = re.compile(r"для (\w+) лиц", re.IGNORECASE)
TITLES = {"физических": Audience.INDIVIDUALS, "юридических": Audience.LEGAL_ENTITIES}
SPAN = rf"{TIME} ?- ?{TIME}"
HOURS = re.compile(rf"{WEEKDAY} ?(?:- ?{WEEKDAY})? ?: ?(?:{SPAN}|(выходной|выходные))\.?", re.IGNORECASE)
BREAK = re.compile(rf"(?:перерыв|обед) ?: ?{SPAN}\.?", re.IGNORECASE)

LENGTHS = {"settlement": 120, "street_address": 255}
KINDS = {"г", "ул", "д", "пр", "пос", "пер", "корпус", "корп", "к", "пл", "с", "дер", "пгт", "б-р", "ш", "проспект",
         "площадь", "улица"}  # fmt: skip
LATIN = dict(zip("абвгдеёзийклмнопрстуфхыэ", "abvgdeeziyklmnoprstufhye", strict=True)) | {
    "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya", "ъ": "", "ь": "",
}  # fmt: skip


@dataclass
class _Cell:
    """The hours of one column while they are read."""

    line: int
    days: dict[int, DayHours] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)
    latest: tuple[int, ...] = ()


@dataclass
class _Office:
    """An office while it is read."""

    line: int
    address: re.Match[str]
    titles: list[Audience] = field(default_factory=list)
    cells: list[_Cell] = field(default_factory=list)
    new_cell: bool = True


def read_offices(lines: list[Line]) -> tuple[list[OfficeFacts], list[Finding]]:
    """Return the offices in their order, and what could not be understood."""
    offices: list[_Office] = []
    findings: list[Finding] = []
    for line in lines:
        if line.starts_cell and offices:
            offices[-1].new_cell = True
        if not line.text:
            continue
        address = ADDRESS.fullmatch(line.text)
        if address:
            offices.append(_Office(line.number, address))
        elif offices:
            findings += _take(offices[-1], line)
    facts = []
    for office in offices:
        findings += _check(office)
        facts.append(_facts(office))
    return facts, findings


def strays(lines: list[Line]) -> list[Finding]:
    """Return a finding for what must belong to an office among `lines`, which stand before the first address.

    So an office whose address is spoiled is never lost in silence.
    """
    parts = (re.compile(r"[0-9]{6},.*"), TITLE, HOURS, BREAK)
    stray = next((line for line in lines if any(part.fullmatch(line.text) for part in parts)), None)
    return [] if stray is None else [_refuse("S03", stray.number, stray.text)]


def code_of(settlement: str, street_address: str) -> str:
    """Return the office's own short name, made of its address.

    >>> code_of("г. Речной", "пр. Садовый, д. 4/1")
    'rechnoy-sadovyy-4-1'
    """
    words = re.findall(r"[\w-]+", f"{settlement} {street_address}".casefold())
    kept = [word for word in words if word not in KINDS]
    latin = "".join(LATIN.get(letter, letter) for letter in "-".join(kept))
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:60]


def _take(office: _Office, line: Line) -> Iterator[Finding]:
    title, hours, pause = (pattern.fullmatch(line.text) for pattern in (TITLE, HOURS, BREAK))
    if title:
        audience = TITLES.get(title[1].casefold())
        if audience is None or audience in office.titles:
            yield _refuse("S13", line.number, line.text)
        else:
            office.titles.append(audience)
    elif hours or pause:
        if office.new_cell:
            office.cells.append(_Cell(line.number))
            office.new_cell = False
        cell = office.cells[-1]
        yield from _take_hours(cell, line, hours) if hours else _take_break(cell, line, pause)
    else:
        yield _refuse("S03", line.number, line.text)


def _take_hours(cell: _Cell, line: Line, found: re.Match[str]) -> Iterator[Finding]:
    weekdays = read_weekdays(found[1], found[2])
    cell.latest = ()
    if weekdays is None or cell.named & set(weekdays):
        yield _refuse("S05", line.number, line.text)
        return
    cell.named |= set(weekdays)
    if found[7]:
        return
    opens_at, closes_at = read_time(found[3], found[4]), read_time(found[5], found[6])
    if opens_at is None or closes_at is None or opens_at >= closes_at:
        yield _refuse("S05", line.number, line.text)
        return
    cell.latest = tuple(weekdays)
    cell.days.update({day: DayHours(day, opens_at, closes_at) for day in weekdays})


def _take_break(cell: _Cell, line: Line, found: re.Match[str] | None) -> Iterator[Finding]:
    ends = [read_time(found[1], found[2]), read_time(found[3], found[4])] if found else []
    before = [cell.days[day] for day in cell.latest]
    if not before or not _inside(before[0], ends):
        yield _refuse("S06", line.number, line.text)
        return
    for day in before:
        cell.days[day.weekday] = DayHours(day.weekday, day.opens_at, day.closes_at, *ends)


def _inside(day: DayHours, ends: list[time | None]) -> bool:
    start, end = ends
    free = day.break_from is None
    return free and start is not None and end is not None and day.opens_at < start < end < day.closes_at


def _check(office: _Office) -> Iterator[Finding]:
    address = office.address[0]
    if len(office.titles) != len(office.cells) or not office.titles:
        yield Finding("S04", Level.REFUSE, {
            "line": office.line, "text": address, "titles": len(office.titles), "cells": len(office.cells),
        })  # fmt: skip
    for cell in office.cells:
        silent = sorted(set(range(MONDAY, SUNDAY + 1)) - cell.named)
        if silent:
            yield Finding("S07", Level.NOTE, {"line": cell.line, "text": address, "weekdays": silent})
        if not cell.days:
            yield _refuse("S04", cell.line, address)
    for name, value in (("settlement", office.address[2]), ("street_address", office.address[3])):
        if len(value) > LENGTHS[name] or not code_of("", value):
            yield _refuse("S14", office.line, value[:80])


def _facts(office: _Office) -> OfficeFacts:
    settlement, street = office.address[2], office.address[3]
    hours = zip(office.titles, office.cells, strict=False)
    return OfficeFacts(
        code=code_of(settlement, street),
        postal_code=office.address[1],
        settlement=settlement,
        street_address=street,
        hours=tuple((audience, tuple(cell.days[day] for day in sorted(cell.days))) for audience, cell in hours),
    )


def _refuse(code: str, line: int, text: str) -> Finding:
    return Finding(code, Level.REFUSE, {"line": line, "text": text[:200]})

"""Sberbank's registries of accepted payments, in the forms of 12 and of 15 fields. Pure; never raises.

cp1251, fields parted by `;`, decimal comma; at the end control totals, either after a line that holds `=`
alone or in a line that begins with `=` (dossier 7.2). What the fields mean is in README.md.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from svet.domains.payments.rules.register import (
    AFTER_TOTALS,
    BAD_LINE,
    ENCODING,
    MAX_AMOUNT,
    UNKNOWN_FORM,
    ControlTotals,
    ParsedRegister,
    RegisterLine,
    bad_line,
    refusal,
)
from svet.infra.clock import MOSCOW
from svet.kernel.findings import Finding
from svet.kernel.period import Month
from svet.surfaces.gates.archives import unpack

_MONEY = re.compile(r"([0-9]{1,12})(?:,([0-9]{1,2}))?")
_DATE = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})")
_TIME = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{2})")
_OPERATION = re.compile(r"[0-9A-Za-z_./-]{1,60}")
_PERIOD = re.compile(r"([0-9]{2})[./ -]?((?:20)?[0-9]{2})")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_DOS_LETTERS = bytes(set(range(0x80, 0xB0)) - {0x85, 0x92, 0x93, 0x94, 0x96, 0x97, 0xA0, 0xA8, 0xAB})
_HIGH = bytes(range(0x80, 0x100))

FORMS = {12: "sberbank-12", 15: "sberbank-15"}
_SUMS = {12: (9, 10, 11), 15: (12, 13, 14)}
"""Where the sum of the operation, the transferred sum and the bank's fee stand, by the number of fields."""


class _Unreadable(Exception):
    """A field that cannot be read; the argument is its name."""


def parse_register(data: bytes) -> ParsedRegister:
    """Return the registry in `data` (plain or zipped) with every line that cannot be read listed."""
    content = unpack(data)
    if isinstance(content, Finding):
        return ParsedRegister(form="", findings=(content,))
    encoding = _encoding(content)
    if encoding != "cp1251":
        return ParsedRegister(form="", findings=(refusal(ENCODING, found=encoding, expected="cp1251"),))
    rows = content.decode("cp1251").replace("\r\n", "\n").rstrip("\n\r\x1a ").split("\n")
    return _read([(number, row) for number, row in enumerate(rows, 1) if row.strip()])


def _encoding(content: bytes) -> str:
    """Return "cp1251", or what the bytes rather look like."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    high = len(content) - len(content.translate(None, _HIGH))
    if not high:
        return "cp1251"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    if 2 * (len(content) - len(content.translate(None, _DOS_LETTERS))) > high:
        return "cp866"
    return "unknown" if b"\x98" in content else "cp1251"


def _read(rows: list[tuple[int, str]]) -> ParsedRegister:
    first_total = next((place for place, (_, row) in enumerate(rows) if row.lstrip().startswith("=")), len(rows))
    body, tail = rows[:first_total], rows[first_total:]
    width = len(_fields(body[0][1])) if body else 12
    if width not in FORMS:
        number, row = body[0]
        return ParsedRegister(form="", findings=(refusal(UNKNOWN_FORM, line=number, raw=row, fields=width),))
    lines: list[RegisterLine] = []
    findings: list[Finding] = []
    for number, row in body:
        try:
            lines.append(_line(number, row, width=width))
        except _Unreadable as unreadable:
            findings.append(bad_line(number, row, what=str(unreadable)))
    totals, problems = _totals(tail)
    return ParsedRegister(form=FORMS[width], lines=tuple(lines), totals=totals, findings=(*findings, *problems))


def _fields(row: str) -> list[str]:
    fields = [field.strip() for field in row.split(";")]
    return fields[:-1] if fields[-1] == "" and len(fields) - 1 in FORMS else fields


def _line(number: int, row: str, *, width: int) -> RegisterLine:
    if _CONTROL.search(row):
        raise _Unreadable("characters")
    fields = _fields(row)
    if len(fields) != width:
        raise _Unreadable("fields")
    amount_at, transfer_at, fee_at = _SUMS[width]
    amount = _kopecks(fields[amount_at], "amount")
    if not 0 < amount <= MAX_AMOUNT:
        raise _Unreadable("amount")
    if not _OPERATION.fullmatch(fields[4]):
        raise _Unreadable("operation")
    if len(fields[5]) > 200:
        raise _Unreadable("account")
    return RegisterLine(
        number=number,
        external_id=fields[4],
        account_number=fields[5],
        kopecks=amount,
        transfer_kopecks=_kopecks(fields[transfer_at], "transfer"),
        fee_kopecks=_kopecks(fields[fee_at] or "0", "fee"),
        paid_at=_moment(fields[0], fields[1]),
        named_month=_named_month(fields[8]),
        details=_details(fields, width=width),
    )


def _details(fields: list[str], *, width: int) -> dict[str, Any]:
    names = {"branch": 2, "device": 3, "payer": 6, "address": 7, "period": 8}
    details: dict[str, Any] = {name: fields[place][:255] for name, place in names.items() if fields[place]}
    if width == 15:
        details["service_block"] = [field[:255] for field in fields[9:12]]
    return details


def _kopecks(text: str, what: str) -> int:
    found = _MONEY.fullmatch(text)
    if found is None:
        raise _Unreadable(what)
    roubles, fraction = found.groups()
    return int(roubles) * 100 + int((fraction or "").ljust(2, "0"))


def _day(text: str, what: str) -> date:
    found = _DATE.fullmatch(text)
    try:
        if found is not None:
            day, month, year = map(int, found.groups())
            if 2000 <= year < 2100:
                return date(year, month, day)
    except ValueError:
        pass
    raise _Unreadable(what)


def _moment(day: str, time: str) -> datetime:
    on, found = _day(day, "date"), _TIME.fullmatch(time)
    try:
        if found is not None:
            hour, minute, second = map(int, found.groups())
            return datetime(on.year, on.month, on.day, hour, minute, second, tzinfo=MOSCOW)
    except ValueError:
        pass
    raise _Unreadable("time")


def _named_month(text: str) -> Month | None:
    """Return the month that a period field (062026, 06.2026, 0626) names, None when it names none."""
    found = _PERIOD.fullmatch(text)
    if found is None or not 1 <= int(found[1]) <= 12:
        return None
    return Month(f"20{found[2][-2:]}-{found[1]}")


def _totals(tail: list[tuple[int, str]]) -> tuple[ControlTotals | None, list[Finding]]:
    """Return the control totals in the lines from the first `=` on, and what is wrong with them."""
    lines = [(number, row.strip()) for number, row in tail]
    if lines and lines[0][1] == "=":
        lines = lines[1:]
    if not lines:
        return None, []
    (number, row), after = lines[0], lines[1:]
    findings = [refusal(AFTER_TOTALS, line=other, raw=text) for other, text in after]
    fields = [field.strip() for field in row.removeprefix("=").split(";")]
    try:
        if not 4 <= len(fields) <= 7 or any(fields[6:]) or not re.fullmatch(r"[0-9]{1,9}", fields[0]):
            raise _Unreadable("totals")
        amount, transfer, fee = (_kopecks(field, "totals") for field in fields[1:4])
        order_number, order_on = [*fields[4:6], "", ""][:2]
        return ControlTotals(
            count=int(fields[0]),
            kopecks=amount,
            transfer_kopecks=transfer,
            fee_kopecks=fee,
            order_number=order_number[:40],
            order_on=_day(order_on, "totals") if order_on else None,
        ), findings
    except _Unreadable:
        return None, [refusal(BAD_LINE, line=number, raw=row, field="totals"), *findings]

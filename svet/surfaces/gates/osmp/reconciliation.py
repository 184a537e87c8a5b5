"""The agent's registry of one day for comparison: txn_id, date, account, sum, as CSV or XML. Pure; never raises.

XML is read with entities and document types forbidden, so no file can grow in memory or name other files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from svet.domains.payments.rules.register import (
    ENCODING,
    MAX_AMOUNT,
    NOT_XML,
    OPERATION_TWICE,
    ParsedRegister,
    RegisterLine,
    bad_line,
    refusal,
    shortened,
)
from svet.infra.clock import MOSCOW
from svet.kernel.findings import Finding
from svet.surfaces.gates.archives import unpack

FIELDS = ("txn_id", "date", "account", "sum")
_TXN_ID = re.compile(r"[0-9]{1,20}")
_SUM = re.compile(r"([0-9]{1,12})(?:[.,]([0-9]{1,2}))?")
_DATES = {
    re.compile(r"[0-9]{14}"): "%Y%m%d%H%M%S",
    re.compile(r"[0-9]{8}"): "%Y%m%d",
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"): "%Y-%m-%d",
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"): "%Y-%m-%d %H:%M:%S",
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"): "%Y-%m-%dT%H:%M:%S",
    re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}"): "%d.%m.%Y",
    re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}"): "%d.%m.%Y %H:%M:%S",
}

Row = tuple[int, str, list[str]]


class _Unreadable(Exception):
    """A field that cannot be read; the argument is its name."""


def parse_reconciliation(data: bytes) -> ParsedRegister:
    """Return the agent's lines (plain or zipped), with every line that cannot be read listed."""
    content = unpack(data)
    if isinstance(content, Finding):
        return ParsedRegister(form="", findings=(content,))
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content.lstrip()[:1] == b"<":
        return _xml(content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ParsedRegister(form="", findings=(refusal(ENCODING, found="unknown", expected="utf-8"),))
    return _read(_csv_rows(text), form="osmp-csv")


def _xml(content: bytes) -> ParsedRegister:
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        return ParsedRegister(form="", findings=(refusal(NOT_XML, why="entities"),))
    except (ParseError, ValueError, LookupError, RecursionError):
        return ParsedRegister(form="", findings=(refusal(NOT_XML, why="broken"),))
    return _read(_xml_rows(root), form="osmp-xml")


def _csv_rows(text: str) -> Iterator[Row]:
    for number, row in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not row.strip() or row.lower().lstrip().startswith("txn_id"):
            continue
        yield number, row, [field.strip() for field in row.split(";" if ";" in row else ",")]


def _xml_rows(root: Element) -> Iterator[Row]:
    """Yield the fields of each child, written as attributes or as elements."""
    for number, child in enumerate(root, 1):
        fields = [child.get(name) or child.findtext(name) or "" for name in FIELDS]
        yield number, ";".join(fields), [field.strip() for field in fields]


def _read(rows: Iterator[Row], *, form: str) -> ParsedRegister:
    lines: list[RegisterLine] = []
    findings: list[Finding] = []
    seen: dict[str, int] = {}
    for number, raw, fields in rows:
        try:
            line = _line(number, fields)
        except _Unreadable as unreadable:
            findings.append(bad_line(number, raw, what=str(unreadable)))
            continue
        first = seen.setdefault(line.external_id, number)
        if first != number:
            findings.append(refusal(OPERATION_TWICE, line=number, first_line=first, operation=line.external_id))
        lines.append(line)
    return ParsedRegister(form=form, lines=tuple(lines), findings=shortened(findings))


def _line(number: int, fields: list[str]) -> RegisterLine:
    if len(fields) != len(FIELDS):
        raise _Unreadable("fields")
    txn_id, date, account, amount = fields
    if not _TXN_ID.fullmatch(txn_id):
        raise _Unreadable("operation")
    found = _SUM.fullmatch(amount)
    if found is None:
        raise _Unreadable("amount")
    kopecks = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    if not 0 < kopecks <= MAX_AMOUNT:
        raise _Unreadable("amount")
    if not account or len(account) > 200 or "\x00" in account:
        raise _Unreadable("account")
    return RegisterLine(
        number=number,
        external_id=txn_id,
        account_number=account,
        kopecks=kopecks,
        fee_kopecks=0,
        transfer_kopecks=kopecks,
        paid_at=_moment(date),
    )


def _moment(text: str) -> datetime:
    form = next((form for pattern, form in _DATES.items() if pattern.fullmatch(text)), None)
    try:
        if form is not None:
            moment = datetime.strptime(text, form).replace(tzinfo=MOSCOW)
            if 2000 <= moment.year < 2100:
                return moment
    except ValueError:
        pass
    raise _Unreadable("date")

"""A disclosure as a file: a ZIP with all as JSON for machines, and pages to read in any browser without network."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from svet.flows.personal_data import Part, as_plain
from svet.kernel.period import Month
from svet.surfaces.cabinet.data_words import SECTIONS, WORDS, Section
from svet.surfaces.web import words
from svet.surfaces.web.templatetags.svet import moment, month_name, number, rub, short_day


def packed(parts: Iterable[Part], *, made_at: datetime) -> bytes:
    """Return the archive: index.html and person.json, for each account a page and a JSON under its number."""
    buffer, accounts = io.BytesIO(), []
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        person: list[dict[str, Any]] = []
        for part in parts:
            name = f"accounts/{part.account.number}" if part.account else "person"
            plain = {"made_at": as_plain(made_at), "account": as_plain(part.account), **as_plain(part.sections)}
            _write(archive, f"{name}.json", json.dumps(plain, ensure_ascii=False, indent=1), made_at)
            if part.account is None:
                person = _shown(part)
                continue
            accounts.append({"account": part.account, "page": f"{name}.html"})
            page = {"account": part.account, "sections": _shown(part), "made_at": made_at, "index": "../index.html"}
            _write(archive, f"{name}.html", render_to_string("cabinet/archive/account.html", page), made_at)
        index = {"accounts": accounts, "sections": person, "made_at": made_at}
        _write(archive, "index.html", render_to_string("cabinet/archive/index.html", index), made_at)
    return buffer.getvalue()


def _write(archive: zipfile.ZipFile, name: str, text: str, made_at: datetime) -> None:
    entry = zipfile.ZipInfo(name, date_time=made_at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text)


def _shown(part: Part) -> list[dict[str, Any]]:
    """Return the sections as tables of texts; a section without rows says so."""
    return [
        {
            "title": section.title,
            "heads": [head for _, head in section.columns],
            "rows": [
                [_text(_value(row, path), head=head) for path, head in section.columns] for row in part.sections[name]
            ],
        }
        for name, section in _known(part)
    ]


def _known(part: Part) -> list[tuple[str, Section]]:
    return [(name, SECTIONS[name]) for name in part.sections]


def _value(row: Any, path: str) -> Any:
    for name in path.split("."):
        row = row.get(name) if isinstance(row, dict) else getattr(row, name, None)
    return row


def _text(value: Any, *, head: str = "") -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, Month):
        return month_name(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return short_day(value)
    if isinstance(value, Decimal) and head.endswith("₽"):
        return rub(value).removesuffix("₽").rstrip()
    if isinstance(value, Decimal | int):
        return number(value)
    if isinstance(value, list | tuple):
        return ", ".join(_text(one) for one in value) or "—"
    return WORDS.get(str(value)) or words.of(value)

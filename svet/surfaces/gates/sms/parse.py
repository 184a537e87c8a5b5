"""What Kannel hands over by `post-url`: headers about the SMS and its bytes. Pure; takes anything without crashing.

The raw form kept in the inbox is the headers, an empty line and the bytes, as in HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from svet.domains.customers.rules import normal_phone

KEPT = ("content-type", "x-kannel-from", "x-kannel-to", "x-kannel-time", "x-kannel-smsc", "x-kannel-udh")
_CHARSET = re.compile(r"charset=\"?([\w.:-]{1,40})")
_CHARSETS = {"utf-8": "utf-8", "utf8": "utf-8", "utf-16be": "utf-16-be", "ucs-2": "utf-16-be", "ucs2": "utf-16-be"}
_TRIED = ("utf-8", "cp1251")


@dataclass(frozen=True, slots=True)
class Push:
    """One SMS: who sent it (+79161234567 where it is a number of that kind), its text, whether it came whole."""

    phone: str
    text: str
    is_whole: bool


def raw_form(headers: Mapping[str, str], *, body: bytes) -> bytes:
    """Return what is kept of a push."""
    small = {name.lower(): value for name, value in headers.items()}
    lines = [f"{name}: {small[name][:500]}" for name in KEPT if name in small]
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + body


def parse_push(raw: bytes) -> Push:
    r"""Return what a kept push says.

    >>> parse_push(b"x-kannel-from: 79161234567\r\n\r\n4512")
    Push(phone='+79161234567', text='4512', is_whole=True)
    """
    head, _, body = raw.partition(b"\r\n\r\n")
    pairs = (line.partition(": ") for line in head.decode("utf-8", "replace").split("\r\n"))
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return Push(
        phone=sender(headers.get("x-kannel-from", "")),
        text=_text(body, content_type=headers.get("content-type", "")),
        is_whole=not _is_part(headers.get("x-kannel-udh", "")),
    )


def sender(name: str) -> str:
    """Return the sender as a telephone number in normal form; short numbers and names as they are.

    >>> sender("79161234567"), sender("+0611"), sender("BEELINE")
    ('+79161234567', '+0611', 'BEELINE')
    """
    digits = re.sub(r"\D", "", name)
    if len(digits) < 10 or re.search(r"[^\d+ ()-]", name):
        return name.strip()[:40]
    return (normal_phone(name if name.startswith("+") or len(digits) == 10 else f"+{digits}") or name.strip())[:40]


def _text(body: bytes, *, content_type: str) -> str:
    named = _CHARSET.search(content_type.lower())
    charset = _CHARSETS.get(named[1] if named else "", "")
    if charset:
        return body.decode(charset, "replace")
    for tried in _TRIED:
        try:
            return body.decode(tried)
        except UnicodeDecodeError:
            continue
    return body.decode("cp1251", "replace")


def _is_part(header: str) -> bool:
    """Say whether the SMS is one part of several: its other parts never came, or Kannel would have joined them."""
    plain = header.strip()
    packed = re.fullmatch(r"(?:[0-9A-Fa-f]{2} ?)+", plain)
    data = bytes.fromhex(plain) if packed else unquote_to_bytes(plain)
    at, end = 1, min(len(data), 1 + (data[0] if data else 0))
    while at + 1 < end:
        kind, size = data[at], data[at + 1]
        value = data[at + 2 : at + 2 + size]
        if (kind, size) in {(0, 3), (8, 4)} and len(value) == size and value[-2] > 1:
            return True
        at += 2 + size
    return False

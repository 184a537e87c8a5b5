"""Text as paper can carry it: no control characters, no letters that the fonts lack. Pure apart from reading the fonts.

What a font has is read from its own character map, so the two can never disagree.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

from svet.surfaces.paper.engine import FONTS

UNKNOWN = "?"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def printable(text: str) -> str:
    r"""Return `text` on one line, with letters we cannot print replaced by a question mark.

    >>> printable("Иванова\x00\n  Анна #emph[x] $1$ \u4e2d")
    'Иванова Анна #emph[x] $1$ ?'
    """
    if _plain().fullmatch(text):
        return text
    letters = covered()
    shown = []
    for sign in unicodedata.normalize("NFC", text):
        if unicodedata.category(sign) in _INVISIBLE:
            shown.append(" " if sign in "\n\r\t\v\f\u2028\u2029" else "")
        elif ord(sign) in letters or sign == " ":
            shown.append(sign)
        else:
            shown.append(" " if sign.isspace() else UNKNOWN)
    return " ".join(part for part in "".join(shown).split(" ") if part)


@cache
def _plain() -> re.Pattern[str]:
    """Return what needs no cleaning, so nearly every text: printable signs with single spaces between words."""
    signs = [chr(code) for code in sorted(covered()) if code != ord(" ")]
    kept = "".join(re.escape(sign) for sign in signs if unicodedata.category(sign)[0] not in "CM")
    return re.compile(f"(?:[{kept}]+(?: [{kept}]+)*)?")


@cache
def covered() -> frozenset[int]:
    """Return the characters that every shipped font has."""
    maps = [_characters(path) for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset.intersection(*maps)


def _characters(path: Path) -> frozenset[int]:
    """Read the character map (format 4, the only one our fonts carry) of a TrueType file."""
    raw = path.read_bytes()
    tables = struct.unpack_from(">H", raw, 4)[0]
    records = (struct.unpack_from(">4s4xI4x", raw, 12 + 16 * place) for place in range(tables))
    cmap = next(offset for tag, offset in records if tag == b"cmap")
    for place in range(struct.unpack_from(">H", raw, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">I", raw, cmap + 8 + 8 * place)[0]
        if struct.unpack_from(">H", raw, start)[0] == 4:
            return _segments(raw, start)
    raise ValueError(f"{path.name}: no character map of format 4")


def _segments(raw: bytes, start: int) -> frozenset[int]:
    count = struct.unpack_from(">H", raw, start + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", raw, start + 14)
    starts = struct.unpack_from(f">{count}H", raw, start + 16 + 2 * count)
    return frozenset(
        code for first, last in zip(starts, ends, strict=True) if first != 0xFFFF for code in range(first, last + 1)
    )

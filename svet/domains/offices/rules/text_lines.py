"""Lines of a word processor's text made plain: one kind of space and dash, no bookmarks; numbers of lines stay."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import time

MARKS = re.compile(r"\[(?:bookmark|footnoteRef):[^\]\n]*\]", re.IGNORECASE)
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), "")
LABEL = re.compile(r"\s*([^:]+?)\s*:")
TIME = r"(\d{1,2})[:.](\d{2})"
WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
WEEKDAY = rf"({'|'.join(WEEKDAYS)})\.?"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text with its number (from 1); `starts_cell` when a tab stood before it."""

    number: int
    text: str
    starts_cell: bool


def clean_lines(text: str) -> list[Line]:
    """Return the lines, each cut at its tabs into the parts of table cells."""
    plain = MARKS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).translate(DASHES).translate(INVISIBLE)
    lines = []
    for number, line in enumerate(plain.split("\n"), start=1):
        for place, part in enumerate(re.split(r"[\t\x07]", line)):
            lines.append(Line(number, _spaces(part), starts_cell=place > 0))
    return lines


def label_of(text: str) -> str:
    """Return the words before the first colon in one spelling, "" when there are none.

    >>> label_of("Приёма  показаний: 1")
    'приема показаний'
    """
    found = LABEL.match(text)
    return " ".join(found[1].casefold().replace("ё", "е").split()) if found else ""


def read_time(hours: str, minutes: str) -> time | None:
    """Return the time of day, None when there is no such time."""
    return time(int(hours), int(minutes)) if int(hours) < 24 and int(minutes) < 60 else None


def read_weekdays(first: str, last: str | None) -> range | None:
    """Return the numbers of weekdays from `first` to `last`, None when they run backwards."""
    start = WEEKDAYS.index(first.casefold()) + 1
    end = WEEKDAYS.index(last.casefold()) + 1 if last else start
    return range(start, end + 1) if start <= end else None


def _spaces(text: str) -> str:
    """Return the text with single plain spaces; control characters and broken halves of pairs become spaces too."""
    kinds = ("Cc", "Cs", "Zs", "Zl", "Zp")
    return " ".join("".join(" " if unicodedata.category(c) in kinds else c for c in text).split())

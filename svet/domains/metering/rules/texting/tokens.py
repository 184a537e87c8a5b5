"""A plain text cut into what matters: numbers with what their neighbours say of them, names of zones, dates.

What a number is not (a flat, a year, a sum of money) is said here; what it is, only `meaning.py` says, which knows the
meters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from svet.domains.metering.rules.texting.letters import plain
from svet.domains.metering.rules.texting.words import Means, meaning_of, month_of, zone_of
from svet.kernel.energy import TimeBand


class Hint(StrEnum):
    """What the words before a number say of it."""

    NONE = ""
    ACCOUNT = "account"
    METER = "meter"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class Number:
    """A number: its whole digits and fraction as written, where it stands, and what is doubtful about it."""

    whole: str
    fraction: str = ""
    start: int = 0
    end: int = 0
    hint: Hint = Hint.NONE
    is_unclear: bool = False
    is_marked: bool = False
    day_month: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The number as it is submitted."""
        return f"{self.whole}.{self.fraction}" if self.fraction else self.whole


@dataclass(frozen=True, slots=True)
class Zone:
    """The name of a register: a zone of the day, or a place ("T1" is 1)."""

    band: TimeBand | None = None
    place: int | None = None


@dataclass
class Notes:
    """What was found in a message, in its order; `doubt` is a word because of which it is no plain reading."""

    plain: str
    items: list[Number | Zone] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    dates: list[date | None] = field(default_factory=list)
    months: list[int] = field(default_factory=list)
    doubt: str = ""

    @property
    def numbers(self) -> list[Number]:
        """The numbers alone."""
        return [one for one in self.items if isinstance(one, Number)]


_GREETINGS = re.compile(
    r"\b(?:добр\w+|хорош\w+|прекрасн\w+|приятн\w+|спокойн\w+|удачн\w+) (?:день|дня|утр\w+|вечер\w*|ноч\w+|суток)"
    r"|\b(?:день|вечер|утро) (?:добр\w+)|\b(?:сегодняшний|этот|данный|текущий|каждый) день|\bdobr\w+ (?:den|dnya)\b"
)
_SHORTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![^\W_])[лl] ?[/.,] ?[сcs](?:ч(?:ет)?)?(?![^\W\d_])\.?"), " лс "),
    (re.compile(r"(?<![^\W_])(?:[сcs] ?[/.] ?[нhnп])(?![^\W_])"), " сн "),
    (re.compile(r"(?<![^\W_])к[вb]т ?[*/.-]? ?ч(?:ас\w*)?(?![^\W_])"), " квт "),
    (re.compile(r"(?<![^\W_])пок-[яй]\w*"), " пок "),
    (re.compile(r"(?<![^\W_])сч-[ку]\w*"), " счетчик "),
    (re.compile(r"(?<![^\W_])п/п(?![^\W\d_])"), " пп "),
)
_TOKEN = re.compile(
    r"(?P<phone>(?:\+ ?7|(?<!\d)8)[ (-]*9\d\d[ )-]*\d{3}[ -]*\d\d[ -]*\d\d(?!\d))"
    r"|(?P<iso>(?<!\d)20\d\d-\d\d?-\d\d?(?!\d))"
    r"|(?P<date>(?<![\d.,])\d\d?(?P<sep>[./-])\d\d?(?P=sep)(?:20\d\d|\d\d)(?!\d|[.,/-]\d))"
    r"|(?P<time>(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:]))"
    r"|(?P<ordinal>(?<!\d)\d)э(?P<zone>пп|д|н|п)?(?![^\W\d_])"
    r"|(?<![^\W_])т(?P<glued>[1-3])(?=\d\d)"
    r"|(?<![^\W_])(?:т|тар|тариф|зона|шкала|t|tarif)[ .#-]*(?P<place>[1-3])(?![\d])"
    r"|(?P<number>\d+(?:[.,]\d+(?![\dэ]))*)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<mark>[^\w\s])"
)
_FORMS = {None: TimeBand.ALL_DAY, "д": TimeBand.DAY, "н": TimeBand.NIGHT, "п": TimeBand.PEAK, "пп": TimeBand.HALF_PEAK}


def notes_of(text: str) -> Notes:
    """Return what is found in a message."""
    line = _GREETINGS.sub(" ", plain(text))
    for pattern, whole in _SHORTS:
        line = pattern.sub(whole, line)
    notes = Notes(line)
    tokens = list(_TOKEN.finditer(line))
    _Reader(notes, tokens).read()
    return notes


def account_numbers(notes: Notes) -> set[str]:
    """Return what in the message may be an account number: ten digits, also in groups.

    >>> sorted(account_numbers(notes_of("л/с 33-00 000 019, 4512")))
    ['3300000019']
    """
    return {"".join(one.whole for one in run) for run in account_runs(notes)}


def account_runs(notes: Notes) -> Iterator[tuple[Number, ...]]:
    """Return runs of neighbouring numbers that together have ten digits, single numbers first."""
    numbers = [one for one in notes.numbers if not one.fraction and not one.is_unclear]
    for size in range(1, 6):
        for at in range(len(numbers) - size + 1):
            run = tuple(numbers[at : at + size])
            gaps = (notes.plain[one.end : two.start] for one, two in pairwise(run))
            if sum(len(one.whole) for one in run) == 10 and all(gap in {" ", "-", ".", " - "} for gap in gaps):
                yield run


class _Reader:
    """Walks the tokens once; `pending` is what the words before say of the next number."""

    def __init__(self, notes: Notes, tokens: list[re.Match[str]]) -> None:
        self.notes, self.tokens = notes, tokens
        self.pending = Hint.NONE
        self.is_home = self.is_numbered = False

    def read(self) -> None:
        for at, token in enumerate(self.tokens):
            kind = token.lastgroup
            if token["word"]:
                self._word(at, token["word"])
            elif token["number"]:
                self._number(at, token)
            elif token["date"] or token["iso"]:
                self.notes.dates.append(_date(token[0]))
            elif token["time"]:
                self._time(at, token)
            elif token["ordinal"]:
                self._form(token)
            elif token["place"]:
                self.notes.items.append(Zone(place=int(token["place"])))
            elif token["glued"]:
                self.notes.items.append(Zone(place=int(token["glued"])))
            elif kind == "mark":
                self._mark(at, token["mark"])

    def _word(self, at: int, word: str) -> None:
        means, notes = meaning_of(word), self.notes
        notes.words.append(word)
        if means is Means.ZONE and not (word == "д" and self._names_a_house(at)):
            notes.items.append(Zone(band=zone_of(word)))
        elif means is Means.ZONE or means is Means.HOME:
            self.is_home = True
        elif means is Means.DOUBT or (means is Means.MONEY and not (word == "р" and not self._after_number(at))):
            notes.doubt = notes.doubt or word
        elif means is Means.ACCOUNT:
            self.pending = Hint.ACCOUNT
        elif means is Means.SERIAL:
            self.pending = Hint.SERIAL
        elif means is Means.METER and self.pending is not Hint.ACCOUNT:
            self.pending = Hint.METER
        elif means is Means.MONTH:
            notes.months.append(month_of(word) or 0)
        elif means is Means.READING:
            self.pending, self.is_home, self.is_numbered = Hint.NONE, False, False
        elif word in {"номер", "ном", "nomer", "no"}:
            self.is_numbered = True

    def _number(self, at: int, token: re.Match[str]) -> None:
        parts = re.split(r"[.,]", token["number"])
        after = self._word_after(at)
        if self.is_home and len(parts) == 1 and len(parts[0]) <= 4:
            self.is_home = self._goes_on(at)
            return
        if len(parts) == 1 and self._is_of_a_day(at, parts[0], after):
            return
        if len(parts) == 2 and re.fullmatch(r"20\d\d", parts[1]) and 1 <= int(parts[0]) <= 12 and len(parts[0]) <= 2:
            self.notes.months.append(int(parts[0]))
            return
        hint = Hint.SERIAL if self.is_numbered and self.pending is not Hint.ACCOUNT else self.pending
        for one in _numbers(parts, start=token.start(), end=token.end()):
            self.notes.items.append(replace(one, hint=hint, is_marked=one.is_marked or self._is_marked(at)))
            hint = Hint.NONE
        if self.pending is not Hint.ACCOUNT or len(parts[0]) >= 10 or not self._goes_on(at, also=" "):
            self.pending, self.is_numbered = Hint.NONE, False

    def _is_of_a_day(self, at: int, digits: str, after: str) -> bool:
        """Say whether the number is a day or a year of a date written in words."""
        if after and meaning_of(after) is Means.MONTH and len(digits) <= 2:
            return True
        if re.fullmatch(r"20\d\d", digits) and (
            (self.notes.words and month_of(self.notes.words[-1]) and self.tokens[at - 1]["word"])
            or (after and meaning_of(after) is Means.YEAR and after.startswith("г"))
        ):
            return True
        return bool(after and after.startswith(("мес", "числ")) and len(digits) <= 2)

    def _time(self, at: int, token: re.Match[str]) -> None:
        before = self.tokens[at - 1]["word"] if at else ""
        if self.notes.dates or before in {"в", "на", "время"}:
            return
        first, second = token["time"].split(":")
        middle = token.start() + len(first)
        self.notes.items.append(Number(first, start=token.start(), end=middle, is_unclear=True))
        self.notes.items.append(Number(second, start=middle + 1, end=token.end(), is_unclear=True))

    def _form(self, token: re.Match[str]) -> None:
        if token["ordinal"] != "1":
            self.notes.doubt = self.notes.doubt or token[0]
        self.notes.items.append(Zone(band=_FORMS[token["zone"]]))

    def _mark(self, at: int, mark: str) -> None:
        if mark == "#":
            self.is_numbered = not self._after_number(at)
        elif mark in "?~+%$€₽@":
            self.notes.doubt = self.notes.doubt or mark
        elif mark in ";":
            self.is_home = False

    def _names_a_house(self, at: int) -> bool:
        near = [token["word"] for token in self.tokens[max(at - 3, 0) : at + 5] if token["word"]]
        return any(meaning_of(word) is Means.HOME for word in near)

    def _after_number(self, at: int) -> bool:
        return at > 0 and bool(self.tokens[at - 1]["number"])

    def _word_after(self, at: int) -> str:
        tail = self.tokens[at + 1 : at + 2]
        return (tail[0]["word"] or "") if tail else ""

    def _goes_on(self, at: int, *, also: str = "") -> bool:
        """Say whether the next number belongs to this one: "12-10" of a house and a flat, groups of an account."""
        tail = self.tokens[at + 1 : at + 3]
        joined = tail and tail[0]["mark"] in {"-", "/"} and len(tail) > 1 and bool(tail[1]["number"])
        return bool(joined or (also and tail and tail[0]["number"]))

    def _is_marked(self, at: int) -> bool:
        tail = self.tokens[at + 1 : at + 2]
        return bool(tail and (tail[0]["mark"] or "") in set(")=:-."))


def _numbers(parts: list[str], *, start: int, end: int) -> Iterator[Number]:
    """Return what digits joined by points or commas say: decimals, a list, or nobody can tell."""
    first, rest = parts[0], parts[1:]
    if not rest:
        yield Number(first, start=start, end=end)
    elif len(rest) == 1 and len(rest[0]) <= 2:
        is_day = len(rest[0]) == 2 and len(first) <= 2 and 1 <= int(first) <= 31 and 1 <= int(rest[0]) <= 12
        day_month = (int(first), int(rest[0])) if is_day else None
        yield Number(first, rest[0], start=start, end=end, day_month=day_month)
    elif len(rest) == 1 and len(rest[0]) == 3:
        yield Number(first, rest[0], start=start, end=end, is_unclear=len(first) <= 3 and not first.startswith("0"))
    elif all(len(one) >= 3 for one in rest) and (len(first) > 3 or len(rest) == 1 or any(len(x) != 3 for x in rest)):
        at = start
        for one in parts:
            yield Number(one, start=at, end=at + len(one), is_marked=at == start)
            at += len(one) + 1
    else:
        yield Number(first, "".join(rest), start=start, end=end, is_unclear=True)


def _date(text: str) -> date | None:
    places = [int(one) for one in re.split(r"[./-]", text)]
    if places[0] > 31:
        places.reverse()
    day, month, year = places
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None

# ruff: noqa: D102 — what overrides a method does what the base says
"""What a column of a file may hold, and how text becomes values: whole columns at a time, nothing row by row.

Pure. A cell that is no value of its column becomes null and a finding that says what it was.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from svet.kernel.row_findings import found

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
YES = ("да", "1", "true", "истина", "yes", "д", "y", "+")
NO = ("нет", "0", "false", "ложь", "no", "н", "n", "-")
FORBIDDEN = "[\\x00-\\x1f\\x7f-\\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]"
"""Characters that no cell may hold: control characters, invisible ones, and the mark of a lost letter."""
_IDLE = " \t\u00a0\u202f\r\n"
_DAY_FORMS = (
    (r"^\d{4}-\d{2}-\d{2}(?:[ T]00:00(?::00)?)?$", 10, "%Y-%m-%d"),
    (r"^\d{2}\.\d{2}\.\d{4}(?: 0?0:00(?::00)?)?$", 10, "%d.%m.%Y"),
    (r"^\d{4}-\d{2}-\d{2}(?:[ T]00:00:00\.0+)$", 10, "%Y-%m-%d"),
)


@dataclass(frozen=True)
class Column(ABC):
    """A column: its name in code, its Russian heading, other headings it is known by, what it may hold.

    `default` stands in for an empty cell (None: the cell stays empty); a required column must be there, and a
    needed one filled in every row.
    """

    name: str
    title: str
    about: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    needed: bool = False
    default: Any = None

    @property
    @abstractmethod
    def form(self) -> str:
        """What a cell looks like, for the description of the format."""

    @abstractmethod
    def values(self, text: pl.Expr) -> pl.Expr:
        """Return the values of stripped, non-empty text; null for what is none."""

    @property
    @abstractmethod
    def dtype(self) -> Any:
        """The type of the column in the frames that actions get."""

    def findings(self, rows: pl.DataFrame) -> list[pl.DataFrame]:
        """Return findings about cells (text) that the column cannot hold; `rows` has `line`."""
        text = pl.col(self.name)
        dirty = text.str.contains(FORBIDDEN)
        wrong = [found(rows, dirty, code="forbidden_character", column=self.name)]
        if self.needed:
            wrong.append(found(rows, text.is_null(), code="cell_is_empty", column=self.name))
        clean = rows.filter(text.is_not_null() & ~dirty)
        return [*wrong, *self.misfits(clean)]

    def misfits(self, rows: pl.DataFrame) -> list[pl.DataFrame]:
        """Return findings about clean, filled cells."""
        return [found(rows, self.values(pl.col(self.name)).is_null(), code=self.misfit, column=self.name)]

    @property
    def misfit(self) -> str:
        """The code of the finding about a cell that is no value."""
        return "value_is_wrong"


@dataclass(frozen=True)
class Text(Column):
    """Text of at most `longest` characters; an empty cell is empty text."""

    longest: int = 255
    default: Any = ""

    @property
    def form(self) -> str:
        return f"text, up to {self.longest}"

    @property
    def dtype(self) -> Any:
        return pl.String

    def values(self, text: pl.Expr) -> pl.Expr:
        return text

    def misfits(self, rows: pl.DataFrame) -> list[pl.DataFrame]:
        too_long = pl.col(self.name).str.len_chars() > self.longest
        return [found(rows, too_long, code="text_is_too_long", column=self.name, facts={"most": pl.lit(self.longest)})]


@dataclass(frozen=True)
class Code(Text):
    """A code or number kept as text: in a spreadsheet its cells must be text, or leading zeros are lost.

    `figures` are the lengths at which a numeric cell cannot have lost anything.
    """

    longest: int = 40
    figures: tuple[int, ...] = ()

    @property
    def form(self) -> str:
        return f"code (a text cell), up to {self.longest}"


@dataclass(frozen=True)
class Choice(Column):
    """One of a few words: the code's own, or the Russian ones."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def form(self) -> str:
        return "; ".join(f"`{value}` ({', '.join(said)})" for value, said in self.words.items())

    @property
    def dtype(self) -> Any:
        return pl.String

    def values(self, text: pl.Expr) -> pl.Expr:
        said = {word: value for value, words in self.words.items() for word in (value, *words)}
        plain = text.str.to_lowercase().str.replace_all("ё", "е", literal=True).str.replace_all(r"\s+", " ")
        return plain.replace_strict(said, default=None, return_dtype=pl.String)

    def misfits(self, rows: pl.DataFrame) -> list[pl.DataFrame]:
        wrong = self.values(pl.col(self.name)).is_null()
        choices = ", ".join((words or (value,))[0] for value, words in self.words.items())
        return [found(rows, wrong, code="not_a_choice", column=self.name, facts={"choices": pl.lit(choices)})]


@dataclass(frozen=True)
class Day(Column):
    """A day: 31.12.2026 or 2026-12-31."""

    @property
    def form(self) -> str:
        return "day, 31.12.2026 or 2026-12-31"

    @property
    def dtype(self) -> Any:
        return pl.Date

    @property
    def misfit(self) -> str:
        return "day_is_wrong"

    def values(self, text: pl.Expr) -> pl.Expr:
        days = [
            pl.when(text.str.contains(form)).then(text.str.head(length)).str.to_date(pattern, strict=False)
            for form, length, pattern in _DAY_FORMS
        ]
        day = pl.coalesce(days)
        return pl.when(day.is_between(FIRST_DAY, LAST_DAY)).then(day)


@dataclass(frozen=True)
class Whole(Column):
    """A whole number from `least` to `most`."""

    least: int = 0
    most: int = 32_767

    @property
    def form(self) -> str:
        return f"whole number, {self.least} to {self.most}"

    @property
    def dtype(self) -> Any:
        return pl.Int64

    def values(self, text: pl.Expr) -> pl.Expr:
        figures = text.str.extract(r"^\+?(-?\d{1,15})(?:[.,]0{1,6})?$")
        number = figures.cast(pl.Int64, strict=False)
        return pl.when(number.is_between(self.least, self.most)).then(number)

    def misfits(self, rows: pl.DataFrame) -> list[pl.DataFrame]:
        wrong = self.values(pl.col(self.name)).is_null()
        facts = {"least": pl.lit(self.least), "most": pl.lit(self.most)}
        return [found(rows, wrong, code="whole_number_is_wrong", column=self.name, facts=facts)]


@dataclass(frozen=True)
class Number(Column):
    """An exact number (never a float) with at most `scale` digits after the comma or point, from 0 or above it."""

    precision: int = 14
    scale: int = 3
    above_zero: bool = False

    @property
    def form(self) -> str:
        least = "more than 0" if self.above_zero else "0 or more"
        return f"number, {least}, up to {self.precision - self.scale} digits and {self.scale} after the comma or point"

    @property
    def dtype(self) -> Any:
        return pl.Decimal(self.precision, self.scale)

    def values(self, text: pl.Expr) -> pl.Expr:
        whole = self.precision - self.scale
        form = rf"^\+?0*\d{{1,{whole}}}(?:\.\d{{1,{self.scale}}}0*)?$"
        plain = text.str.replace_all(r"[\s\u00a0\u202f]", "").str.replace(",", ".", literal=True)
        fitting = pl.when(plain.str.contains(form)).then(plain.str.strip_chars_start("+"))
        number = fitting.cast(self.dtype, strict=False)
        return pl.when(number > Decimal(0)).then(number) if self.above_zero else number

    def misfits(self, rows: pl.DataFrame) -> list[pl.DataFrame]:
        wrong = self.values(pl.col(self.name)).is_null()
        facts = {"whole": pl.lit(self.precision - self.scale), "scale": pl.lit(self.scale)}
        code = "positive_number_is_wrong" if self.above_zero else "number_is_wrong"
        return [found(rows, wrong, code=code, column=self.name, facts=facts)]


@dataclass(frozen=True)
class YesNo(Column):
    """Yes or no; an empty cell is no."""

    default: Any = False

    @property
    def form(self) -> str:
        return "да / нет (also 1 / 0, true / false)"

    @property
    def dtype(self) -> Any:
        return pl.Boolean

    @property
    def misfit(self) -> str:
        return "not_yes_or_no"

    def values(self, text: pl.Expr) -> pl.Expr:
        said = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
        return text.str.to_lowercase().replace_strict(said, default=None, return_dtype=pl.Boolean)


def stripped(column: str) -> pl.Expr:
    """Return the text of a column without idle space around it, null for an empty cell.

    The mark that databases write for "nothing" is nothing too: it could not travel by COPY as text.
    """
    text = pl.col(column).str.strip_chars(_IDLE)
    return pl.when(~text.is_in(["", "\\N"])).then(text)

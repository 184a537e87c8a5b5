"""Exact whole-number arithmetic and periods on Polars frames, shared by the rules of calculation.

No business here. Products are formed in 128 bits, so that nothing overflows on the way; every division is one
of the two below. Periods are the columns `from_on` <= day < `until_on`; an open end is null.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import Any, TypeVar

import polars as pl

Result = TypeVar("Result")
_Columns = tuple[tuple[str, pl.DataType], ...]
_Contents = tuple[_Columns, tuple[tuple[Any, ...], ...]]
_Terms = tuple[tuple[str, Any], ...]

WIDE = pl.Int128
FEW = 250
"""Up to so many rows in each of its frames, finding a result again is cheaper than reckoning it."""
DAYS = (pl.col("until_on") - pl.col("from_on")).dt.total_days()
"""The number of days of a row's period."""


def follows(*places: int) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Return the decorator of a rule whose every row follows from a row of each of its frames at `places`.

    Where one of them has no rows the result has none either, so it is made once for the columns and terms and used
    again: for one account most rules have nothing to do, and a frame without rows costs as much as one with a thousand.
    Terms are hashable, or lists of names.
    """

    def decorate(rule: Callable[..., Result]) -> Callable[..., Result]:
        @lru_cache(maxsize=64)
        def of_nothing(frames: tuple[_Columns, ...], named: tuple[tuple[str, _Columns], ...], terms: _Terms) -> Result:
            return rule(*map(_nothing, frames), **{name: _nothing(one) for name, one in named}, **dict(terms))

        @wraps(rule)
        def applied(*frames: pl.DataFrame, **others: Any) -> Result:
            if all(frames[place].height for place in places):
                return rule(*frames, **others)
            named = tuple((name, _columns(one)) for name, one in others.items() if isinstance(one, pl.DataFrame))
            terms = tuple((name, _fixed(one)) for name, one in others.items() if not isinstance(one, pl.DataFrame))
            return of_nothing(tuple(map(_columns, frames)), named, terms)

        return applied

    return decorate


def remembered(rule: Callable[..., Result]) -> Callable[..., Result]:
    """Return the rule, which keeps its last results for frames of few rows and gives them again for the same contents.

    For what is reckoned of one home the same few prices, norms and days come again and again. Nobody changes a frame.
    """

    @lru_cache(maxsize=512)
    def of_few(frames: tuple[_Contents, ...], terms: _Terms) -> Result:
        return rule(
            *(pl.DataFrame(rows, schema=list(columns), orient="row") for columns, rows in frames), **dict(terms)
        )

    @wraps(rule)
    def applied(*frames: pl.DataFrame, **terms: Any) -> Result:
        if any(one.height > FEW for one in frames):
            return rule(*frames, **terms)
        contents = tuple((_columns(one), tuple(one.rows())) for one in frames)
        return of_few(contents, tuple((name, _fixed(one)) for name, one in terms.items()))

    return applied


def _columns(frame: pl.DataFrame) -> _Columns:
    return tuple(zip(frame.columns, frame.dtypes, strict=True))


def _nothing(columns: _Columns) -> pl.DataFrame:
    return pl.DataFrame(schema=list(columns))


def _fixed(term: Any) -> Any:
    return tuple(term) if isinstance(term, list) else term


def half_up(numerator: pl.Expr, denominator: pl.Expr | int) -> pl.Expr:
    """Return numerator / denominator (> 0) as a whole number, halves away from zero.

    >>> pl.select(half_up(pl.lit(-15), 10)).item(), pl.select(half_up(pl.lit(14), 10)).item()
    (-2, 1)
    """
    top = numerator.cast(WIDE)
    bottom = denominator.cast(WIDE) if isinstance(denominator, pl.Expr) else pl.lit(denominator, dtype=WIDE)
    return (top.sign() * ((top.abs() * 2 + bottom) // (bottom * 2))).cast(pl.Int64)


def wide(column: str) -> pl.Expr:
    """Return the column in 128 bits, for a product."""
    return pl.col(column).cast(WIDE)


def starts(*keys: str) -> pl.Expr:
    """Return whether a row is the first of its run of equal keys; the frame is sorted by them.

    Runs on a sorted frame do what windows do, many times faster. The expressions below take this as a column.
    """
    changed = [pl.col(key).ne_missing(pl.col(key).shift(1)) for key in keys]
    return pl.any_horizontal(pl.int_range(pl.len()) == 0, *changed)


def running(value: pl.Expr, *, first: str) -> pl.Expr:
    """Return the sum of `value` (no nulls) from the start of the run up to the row, in 128 bits."""
    wide_value = value.cast(WIDE)
    reached = wide_value.cum_sum()
    return reached - pl.when(pl.col(first)).then(reached - wide_value).forward_fill()


def at_end(value: pl.Expr, *, first: str) -> pl.Expr:
    """Return what `value` (no nulls) is on the last row of the run: of a running sum, the total."""
    return pl.when(pl.col(first).shift(-1, fill_value=True)).then(value).backward_fill()


def place(*, first: str) -> pl.Expr:
    """Return the number of the row within its run, from 1."""
    row = pl.int_range(1, pl.len() + 1)
    return row - pl.when(pl.col(first)).then(row - 1).forward_fill()


def peak(value: pl.Expr, *, first: str) -> pl.Expr:
    """Return the greatest `value` (no nulls) from the start of the run up to the row.

    Each run is lifted above all before it, so that one pass serves them all.
    """
    lift = pl.col(first).cast(WIDE).cum_sum() * 2**64
    return ((value.cast(WIDE) + lift).cum_max() - lift).cast(pl.Int64)


def since_last(reached: pl.Expr, *, first: str) -> pl.Expr:
    """Return the steps of a running column within its run, the first one counted from zero.

    Rounding the running sum and taking its steps splits a total into parts that add up to it exactly.
    """
    return reached - pl.when(pl.col(first)).then(0).otherwise(reached.shift(1))


def days_in_month(day: str) -> pl.Expr:
    """Return the number of days of the month in which the column's day lies."""
    return pl.col(day).dt.month_end().dt.day().cast(pl.Int64)


def month_index(day: pl.Expr) -> pl.Expr:
    """Return the number of the day's month, such that consecutive months differ by one."""
    return day.dt.year().cast(pl.Int32) * 12 + day.dt.month().cast(pl.Int32)


@follows(0, 1)
def overlap(left: pl.DataFrame, right: pl.DataFrame, *, on: Sequence[str]) -> pl.DataFrame:
    """Return a row for each pair equal in `on` whose periods meet, clipped to the days in both."""
    return (
        left.join(right, on=on, how="inner", suffix="_right")
        .with_columns(
            from_on=pl.max_horizontal("from_on", "from_on_right"),
            until_on=pl.min_horizontal("until_on", "until_on_right"),
        )
        .filter((pl.col("from_on") < pl.col("until_on")) | pl.col("until_on").is_null())
        .drop("from_on_right", "until_on_right")
    )


@follows(0)
@remembered
def uncovered(spans: pl.DataFrame, covers: pl.DataFrame, *, on: Sequence[str]) -> pl.DataFrame:
    """Return the parts of `spans` (columns `on`, from_on, until_on) that no period of `covers` holds.

    Spans of one key do not meet; covers may.
    """
    periods = [*on, "from_on", "until_on"]
    spans = spans.select(periods).with_row_index("span")
    held = overlap(spans, covers.select(periods), on=on).sort("span", "from_on")
    before_this = pl.col("until_on").cum_max().shift(1).over("span")
    holes = held.with_columns(hole=before_this).join(spans.select("span", first=pl.col("from_on")), on="span")
    before = holes.select(*on, from_on=pl.coalesce("hole", "first"), until_on=pl.col("from_on"))
    reached = held.group_by("span").agg(pl.col("until_on").max().alias("reached"))
    after = spans.join(reached, on="span", how="left").select(
        *on, from_on=pl.coalesce("reached", "from_on"), until_on="until_on"
    )
    return pl.concat([before, after]).filter(pl.col("from_on") < pl.col("until_on"))


def elementary(periods: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """Return the periods of `by` cut at every border within it: inside one, the same rows are in force."""
    borders = pl.concat([periods.select(*by, on="from_on"), periods.select(*by, on="until_on")]).unique()
    cut = borders.sort("on", nulls_last=True).select(
        *by, from_on="on", until_on=pl.col("on").shift(-1).over(by, order_by="on", nulls_last=True)
    )
    return cut.filter(pl.col("from_on").is_not_null())

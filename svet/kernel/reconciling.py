"""What a table that came from outside changes in the rows that are known: new, changed, unchanged, overlapping.

Both sides are frames with the same column names; given rows have a `line`, known rows an `id`. Nothing is ever
taken away: a known row that the table does not name stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from svet.kernel.row_findings import found, sound, together

_FOR_EVER = pl.lit(date(9999, 12, 31))


@dataclass(frozen=True)
class Changes:
    """Rows to add, rows to change (with the `id` of the known row), and how many are there already just so."""

    new: pl.DataFrame
    changed: pl.DataFrame
    unchanged: int


def compare(given: pl.DataFrame, known: pl.DataFrame, *, key: Sequence[str], values: Sequence[str]) -> Changes:
    """Return what `given` changes in `known`; both have `key` (unique on each side), values are compared as they are.

    >>> given = pl.DataFrame({"line": [2, 3, 4], "code": ["a", "b", "c"], "age": [1, 2, 3]})
    >>> known = pl.DataFrame({"id": [7, 8], "code": ["a", "b"], "age": [1, 9]})
    >>> changes = compare(given, known, key=["code"], values=["age"])
    >>> changes.new["code"].to_list(), changes.changed["id"].to_list(), changes.unchanged
    (['c'], [8], 1)
    """
    new = given.join(known.select(key), on=key, how="anti", maintain_order="left")
    both = given.join(known.select("id", *key, *values), on=key, how="inner", suffix="_known", maintain_order="left")
    if not values:
        return Changes(new, both.clear(), both.height)
    differs = pl.any_horizontal(pl.col(value).ne_missing(pl.col(f"{value}_known")) for value in values)
    changed = both.filter(differs).drop(f"{value}_known" for value in values)
    return Changes(new, changed, both.height - changed.height)


def completed(
    given: pl.DataFrame, known: pl.DataFrame, *, key: Sequence[str], defaults: Mapping[str, object]
) -> pl.DataFrame:
    """Return `given` with every column of `defaults`: an absent one says what is known, or else the default.

    >>> given = pl.DataFrame({"line": [2, 3], "code": ["a", "b"]})
    >>> known = pl.DataFrame({"id": [7], "code": ["a"], "age": [30]})
    >>> completed(given, known, key=["code"], defaults={"age": 0})["age"].to_list()
    [30, 0]
    """
    absent = [column for column in defaults if column not in given.columns]
    if not absent:
        return given
    told = known.select(*key, *absent, pl.lit(True).alias("is_known"))
    rows = given.join(told, on=key, how="left", maintain_order="left")
    return rows.with_columns(
        pl.when(pl.col("is_known").is_null()).then(pl.lit(defaults[column])).otherwise(column).alias(column)
        for column in absent
    ).drop("is_known")


def overlapping(given: pl.DataFrame, known: pl.DataFrame, *, by: Sequence[str], column: str) -> pl.DataFrame:
    """Return findings (about `column`) for given rows whose period meets that of another row with the same `by`.

    Periods are `from_on` <= day < `until_on`, null for no end. A known row that begins on the same day as a given
    one is the one it changes and so is left out; given rows are unique in `by` and `from_on`. Rows are taken out
    until the rest fits together: a row that is refused leaves the known row as it was.
    """
    findings = [_meeting(given, known, by=by, column=column)]
    while findings[-1].height:
        given = sound(given, findings[-1])
        findings.append(_meeting(given, known, by=by, column=column))
    return together(findings)


def _meeting(given: pl.DataFrame, known: pl.DataFrame, *, by: Sequence[str], column: str) -> pl.DataFrame:
    columns = [*by, "from_on", "until_on", "line"]
    others = known.join(given, on=[*by, "from_on"], how="anti").with_columns(line=pl.lit(None, dtype=pl.Int64))
    rows = pl.concat([given.select(columns), others.select(columns)]).sort(*by, "from_on")
    rows = rows.with_columns(end=pl.col("until_on").fill_null(_FOR_EVER), told=pl.col("line").fill_null(0))
    rows = rows.with_columns(reached=pl.col("end").cum_max().over(by))
    # Of the rows before, the one that lasts longest: the first of each group always is, so filling never leaks.
    longest = pl.when(pl.col("end") == pl.col("reached"))
    rows = rows.with_columns(
        holder_from=longest.then("from_on").forward_fill(), holder_line=longest.then("told").forward_fill()
    )
    before = [pl.col(name).shift(1).over(by) for name in ("holder_line", "holder_from", "reached")]
    after = [pl.col(name).shift(-1).over(by) for name in ("told", "from_on", "end")]
    rows = rows.with_columns(before=pl.struct(*before), after=pl.struct(*after))
    runs_back = (pl.col("from_on") < pl.col("before").struct.field("reached")).fill_null(False)
    runs_on = (pl.col("end") > pl.col("after").struct.field("from_on")).fill_null(False)
    names = ["other_line", "other_from", "other_until"]
    other = pl.when(runs_back).then(pl.col("before").struct.rename_fields(names))
    rows = rows.filter(pl.col("line").is_not_null() & (runs_back | runs_on)).with_columns(
        other=other.otherwise(pl.col("after").struct.rename_fields(names))
    )
    until = pl.col("other").struct.field("other_until")
    return found(
        rows.rename({"from_on": column}),
        pl.lit(True),
        code="overlaps",
        column=column,
        facts={
            "other_line": pl.col("other").struct.field("other_line"),
            "other_from": pl.col("other").struct.field("other_from").cast(pl.String),
            "other_until": pl.when(until < _FOR_EVER).then(until).cast(pl.String),
        },
    )

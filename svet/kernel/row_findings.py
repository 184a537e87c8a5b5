"""Findings about the rows of a table that came from outside: which line, which column, what is wrong.

A frame of findings has the columns of `ROW_FINDINGS`; `facts` is a JSON object for the text that a surface makes
of the code. A row with a finding of the level `refuse` is bad; `note` only warns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from svet.kernel.findings import Level

ROW_FINDINGS = {
    "line": pl.Int64,
    "column": pl.String,
    "code": pl.String,
    "level": pl.String,
    "value": pl.String,
    "facts": pl.String,
}
NO_FINDINGS = pl.DataFrame(schema=ROW_FINDINGS)


def found(
    rows: pl.DataFrame,
    bad: pl.Expr,
    *,
    code: str,
    column: str,
    level: Level = Level.REFUSE,
    facts: Mapping[str, pl.Expr] | None = None,
) -> pl.DataFrame:
    """Return a finding for each row of `rows` (they have `line`) for which `bad` is true; null counts as false.

    >>> rows = pl.DataFrame({"line": [2, 3], "age": [4, -1]})
    >>> found(rows, pl.col("age") < 0, code="negative", column="age").row(0)
    (3, 'age', 'negative', 'refuse', '-1', '{}')
    """
    told = (
        pl.struct(*(fact.alias(name) for name, fact in facts.items())).struct.json_encode() if facts else pl.lit("{}")
    )
    value = pl.col(column).cast(pl.String) if column in rows.columns else pl.lit(None, dtype=pl.String)
    return rows.filter(bad).select(
        pl.col("line").cast(pl.Int64),
        column=pl.lit(column),
        code=pl.lit(code),
        level=pl.lit(level.value),
        value=value,
        facts=told,
    )


def together(findings: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return all findings in the order of lines."""
    return pl.concat([NO_FINDINGS, *findings]).sort("line", maintain_order=True)


def sound(rows: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that nothing refuses."""
    refused = findings.filter(pl.col("level") == Level.REFUSE.value)
    return rows.join(refused.select("line"), on="line", how="anti", maintain_order="left")


def repeated(rows: pl.DataFrame, *, key: Sequence[str], column: str) -> pl.DataFrame:
    """Return a finding for every row whose `key` an earlier row of the same table has."""
    first = pl.col("first_line")
    return found(
        rows.with_columns(first_line=pl.col("line").min().over(key)),
        pl.col("line") > first,
        code="repeated_in_file",
        column=column,
        facts={"first_line": first},
    )


def contradicting(rows: pl.DataFrame, *, key: Sequence[str], values: Sequence[str]) -> list[pl.DataFrame]:
    """Return findings for rows that say something else of the same thing (`key`) than its first row does."""
    # Seen over all rows, before the sound ones are left out.
    first_value = [pl.col(value).first().over(key, order_by="line").alias(f"first_{value}") for value in values]
    rows = rows.with_columns(pl.col("line").min().over(key).alias("first_line"), *first_value)
    return [
        found(
            rows,
            pl.col(value).ne_missing(pl.col(f"first_{value}")),
            code="differs_in_file",
            column=value,
            facts={
                "first_line": pl.col("first_line"),
                "first_value": pl.col(f"first_{value}").cast(pl.String),
            },
        )
        for value in values
    ]

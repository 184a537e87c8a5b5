"""The tables that the penalty engine takes and returns: declared columns, whole numbers only.

Money is in kopecks, percents in hundredths, days are counted. An exact penalty is kept in `parts`, of which a kopeck
has `KOPECK_PARTS`: every share of the law divides that number, so nothing is rounded before the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

SHARES_MULTIPLE = 66_300
"""The least common multiple of the shares of the law: 300, 170 and 130."""

KOPECK_PARTS = 10_000 * SHARES_MULTIPLE
"""How many parts make a kopeck: hundredths of a percent times the multiple of the shares."""

PIECES = {
    # A part of a debt that was closed on one day (null: not yet). No term (null): the calendar does not tell it.
    "account_id": pl.Int64,
    "debt_on": pl.Date,  # the first day of the month that the debt is for
    "due_on": pl.Date,  # the last day to pay it
    "kop": pl.Int64,
    "closed_on": pl.Date,  # a day that counts
}
RATES = {"from_on": pl.Date, "until_on": pl.Date, "percent_e2": pl.Int64}
CAPS = {"from_on": pl.Date, "until_on": pl.Date, "percent_e2": pl.Int64}
"""A cap of null says that on these days there was none; a day in no row is unknown."""
MORATORIA: dict[str, type[pl.DataType]] = {
    "from_on": pl.Date,
    "until_on": pl.Date,
    "due_before": pl.Date,  # only debts due before this day (null: all)
}

INTERVALS = {
    # On these days so much was owed for a month at one share of one rate; a row never crosses the border of a month.
    "account_id": pl.Int64,
    "debt_on": pl.Date,
    "due_on": pl.Date,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "share": pl.Int64,
    "percent_e2": pl.Int64,
    "base_kop": pl.Int64,
    "days": pl.Int64,
    "parts": pl.Int64,
}
TOTALS = {
    "account_id": pl.Int64,
    "debt_on": pl.Date,
    "due_on": pl.Date,
    "parts": pl.Int64,
    "amount_kop": pl.Int64,
}
FINDINGS = {"account_id": pl.Int64, "code": pl.String, "day": pl.Date}
"""Why an account has no penalty computed: the rule's code and the first day it is about."""


@dataclass(frozen=True)
class Terms:
    """What the law and the Bank of Russia say, dated: nothing is guessed beyond what is known."""

    rates: pl.DataFrame
    caps: pl.DataFrame
    moratoria: pl.DataFrame
    rates_known_until: date
    """The last day on which the key rate is known."""

    def __post_init__(self) -> None:
        check(self.rates, RATES, name="rates")
        check(self.caps, CAPS, name="caps")
        check(self.moratoria, MORATORIA, name="moratoria")


@dataclass(frozen=True)
class Penalties:
    """Penalties as of a day. An account with a finding has no interval and no total."""

    intervals: pl.DataFrame
    totals: pl.DataFrame
    findings: pl.DataFrame

    def __post_init__(self) -> None:
        for name, schema in (("intervals", INTERVALS), ("totals", TOTALS), ("findings", FINDINGS)):
            check(getattr(self, name), schema, name=name)


def check(frame: pl.DataFrame, schema: dict[str, type[pl.DataType]], *, name: str) -> None:
    """Raise ValueError unless `frame` has exactly the columns and types of `schema`, in order."""
    declared = [(column, dtype()) for column, dtype in schema.items()]
    if list(frame.schema.items()) != declared:
        raise ValueError(f"frame {name}: expected {declared}, found {frame.schema}")


def parts() -> pl.Expr:
    """Return the exact penalty of intervals: base × days × percent / share."""
    wide = pl.col("base_kop").cast(pl.Int128) * pl.col("days") * pl.col("percent_e2")
    return (wide * (SHARES_MULTIPLE // pl.col("share"))).cast(pl.Int64).alias("parts")

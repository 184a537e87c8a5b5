"""Which rate penalties are counted by on a day: the Bank of Russia's, not above the cap in force (N08, N09). Pure."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from svet.domains.debts.rules.frames import Terms
from svet.kernel.tables import elementary, overlap

MERGED = ["from_on", "until_on", "percent_e2", "unknown"]
ALWAYS = (date(1990, 1, 1), date(2200, 1, 1))
"""All days there are, so that no day is left without a row."""


def merged_rates(terms: Terms) -> pl.DataFrame:
    """Return for every day the percent that holds, or the code of what is unknown: N90 a rate, N91 a cap."""
    known = terms.rates_known_until + timedelta(days=1)
    rates = _cut(terms.rates, until=known).with_columns(has_rate=pl.lit(value=True))
    caps = terms.caps.rename({"percent_e2": "cap_e2"}).with_columns(has_cap=pl.lit(value=True))
    days = pl.DataFrame({"from_on": [ALWAYS[0]], "until_on": [ALWAYS[1]]})
    borders = pl.concat([days, rates.select(days.columns), caps.select(days.columns)]).with_columns(
        pl.col("until_on").fill_null(ALWAYS[1])
    )
    pieces = elementary(borders.with_columns(all=pl.lit(1)), by=["all"]).filter(pl.col("until_on").is_not_null())
    found = _laid(_laid(pieces, rates), caps)
    unknown = pl.when(pl.col("has_rate").is_null()).then(pl.lit("N90")).when(pl.col("has_cap").is_null()).then(
        pl.lit("N91")
    )  # fmt: skip
    return found.with_columns(percent_e2=pl.min_horizontal("percent_e2", "cap_e2"), unknown=unknown).select(MERGED)


def _cut(periods: pl.DataFrame, *, until: date) -> pl.DataFrame:
    """Return the periods up to a day: the last one known goes no further."""
    ends = pl.min_horizontal(pl.col("until_on").fill_null(until), pl.lit(until))
    return periods.with_columns(until_on=ends).filter(pl.col("from_on") < pl.col("until_on"))


def _laid(pieces: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """Return the pieces (cut at every border) in order, each with the values of the period that holds it."""
    with_key = values.with_columns(all=pl.lit(1), until_on=pl.col("until_on").fill_null(ALWAYS[1]))
    met = overlap(pieces.select("all", "from_on", "until_on"), with_key, on=["all"])
    return pieces.join(met.drop("all", "until_on"), on="from_on", how="left").sort("from_on")

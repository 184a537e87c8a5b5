"""The penalty of households for late payment (Housing Code art. 155 p. 14), for one account or a million. Pure.

Day 1 is the day after the term and the day of payment counts. Whatever is asked, everything is computed anew from the
pieces of all debts, paid ones too, so that paying a debt never loses its penalty.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from svet.domains.debts.rules.frames import (
    FINDINGS,
    INTERVALS,
    KOPECK_PARTS,
    PIECES,
    TOTALS,
    Penalties,
    Terms,
    check,
    parts,
)
from svet.domains.debts.rules.rates import MERGED, merged_rates
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.tables import DAYS, elementary, half_up, overlap, running, since_last, starts, uncovered

FREE_DAYS = 30
STAGES = ((31, 91, 300), (91, None, 130))
"""N05, N06: the first day of the stage, the first day after it, the share of the rate a day."""

DEBT = ["account_id", "debt_on", "due_on"]
_SPAN = ["from_on", "until_on"]


def penalties(pieces: pl.DataFrame, *, terms: Terms, as_of: date, policies: Policies) -> Penalties:
    """Return the penalties of all accounts at the end of the day `as_of`, by intervals and by debts (N04 to N13).

    What is closed after that day counts as open on it. An account whose rate or term is not known for a day that
    matters has a finding instead.
    """
    check(pieces, PIECES, name="pieces")
    late = _late(pieces, as_of=as_of)
    spans = _without_moratoria(_staged(late.filter(pl.col("due_on").is_not_null())), terms.moratoria)
    rated = _rated(spans, terms, policies=policies)
    findings = _findings(late, rated)
    known = rated.join(findings, on="account_id", how="anti")
    intervals = _summed(_by_months(known))
    return Penalties(
        intervals=intervals,
        totals=_totals(intervals, rounding=str(policies.penalty_rounding)),
        findings=findings,
    )


def amounts(lines: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    """Return what intervals that were written (account, debt, days, share, percent, base) come to, by debts."""
    return _totals(lines.with_columns(days=DAYS).with_columns(parts()), rounding=str(policies.penalty_rounding))


def overdue_days(due_on: date, *, until_on: date) -> tuple[int, int]:
    """Return the days at 1/300 and at 1/130 of a debt paid on `until_on`, which counts (P0).

    >>> overdue_days(date(2024, 1, 1), until_on=date(2024, 4, 1))
    (60, 1)
    """
    day = (until_on - due_on).days
    low, high = (max(min(day + 1, after or day + 1) - first, 0) for first, after, _ in STAGES)
    return low, high


def _late(pieces: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Return the pieces still open after the free days, with the last day that counts for each."""
    last = pl.min_horizontal(pl.col("closed_on").fill_null(as_of), pl.lit(as_of))
    free_until = pl.col("due_on") + pl.duration(days=FREE_DAYS)
    return pieces.with_columns(last_on=last).filter(pl.col("due_on").is_null() | (pl.col("last_on") > free_until))


def _staged(late: pl.DataFrame) -> pl.DataFrame:
    """Return a row per piece and stage, with the days from_on <= day < until_on at its share."""
    after_last = pl.col("last_on") + pl.duration(days=1)
    stages = []
    for first, after, share in STAGES:
        ends = (
            after_last if after is None else pl.min_horizontal(after_last, pl.col("due_on") + pl.duration(days=after))
        )
        stages.append(
            late.with_columns(
                from_on=pl.col("due_on") + pl.duration(days=first), until_on=ends, share=pl.lit(share, dtype=pl.Int64)
            )
        )
    return pl.concat(stages).filter(pl.col("from_on") < pl.col("until_on"))


def _without_moratoria(spans: pl.DataFrame, moratoria: pl.DataFrame) -> pl.DataFrame:
    """Return the spans without the days of moratoria; the count of days of delay goes on through them (N10)."""
    numbered = spans.with_row_index("number")
    covers = numbered.select("number", "due_on", first="from_on", after="until_on").join(moratoria, how="cross")
    covers = covers.filter(
        (pl.col("due_before").is_null() | (pl.col("due_on") < pl.col("due_before")))
        & (pl.col("from_on") < pl.col("after"))
        & (pl.col("until_on") > pl.col("first"))
    )
    if covers.is_empty():
        return spans
    free = uncovered(numbered.join(covers, on="number", how="semi"), covers, on=["number"])
    kept = numbered.join(covers, on="number", how="anti")
    left = numbered.drop(_SPAN).join(free, on="number").select(numbered.columns)
    return pl.concat([kept, left]).drop("number")


def _rated(spans: pl.DataFrame, terms: Terms, *, policies: Policies) -> pl.DataFrame:
    """Return the spans with the percent that holds for them and the codes of what is unknown (N08, N09)."""
    rates = merged_rates(terms)
    if policies.penalty_rate_day == "each_day":
        periods = rates.with_columns(all=pl.lit(1))
        cut = overlap(spans.with_columns(all=pl.lit(1)), periods, on=["all"]).drop("all")
        return cut.select(*spans.columns, *MERGED[2:], day="from_on")
    ordered = spans.sort("last_on", *DEBT)
    found = ordered.join_asof(rates.drop("until_on"), left_on="last_on", right_on="from_on", strategy="backward")
    return found.select(*spans.columns, *MERGED[2:], day="last_on")


def _findings(late: pl.DataFrame, rated: pl.DataFrame) -> pl.DataFrame:
    """Return one finding per account: the first day on which something is not known."""
    without_term = late.filter(pl.col("due_on").is_null()).select(
        "account_id", code=pl.lit("N92"), day=pl.col("debt_on")
    )
    without_rate = rated.filter(pl.col("unknown").is_not_null()).select("account_id", code="unknown", day="day")
    return pl.concat([without_term, without_rate]).sort("account_id", "day", "code").unique(
        "account_id", keep="first", maintain_order=True
    ).select(list(FINDINGS))  # fmt: skip


def _by_months(spans: pl.DataFrame) -> pl.DataFrame:
    """Return the spans cut at the borders of months: what a month added is then told by its own rows."""
    months = pl.date_ranges(
        pl.col("from_on").dt.month_start(), pl.col("until_on") - pl.duration(days=1), interval="1mo"
    )
    cut = spans.with_columns(month_on=months).explode("month_on", empty_as_null=True, keep_nulls=True)
    return cut.with_columns(
        from_on=pl.max_horizontal("from_on", "month_on"),
        until_on=pl.min_horizontal("until_on", pl.col("month_on").dt.offset_by("1mo")),
    ).drop("month_on")


def _summed(spans: pl.DataFrame) -> pl.DataFrame:
    """Return intervals: on each day, the pieces of one debt at one share and rate are one base."""
    same = [*DEBT, "share", "percent_e2"]
    cut = overlap(elementary(spans, by=same), spans, on=same)
    return (
        cut.group_by(*same, *_SPAN)
        .agg(base_kop=pl.col("kop").sum())
        .with_columns(days=DAYS)
        .with_columns(parts())
        .select(list(INTERVALS))
        .sort(*DEBT, "from_on", "share", "percent_e2")
    )


def _totals(intervals: pl.DataFrame, *, rounding: str) -> pl.DataFrame:
    """Return each debt's penalty; kopecks are rounded once a debt, or once an account and split exactly (N13)."""
    by_debt = intervals.group_by(DEBT).agg(pl.col("parts").sum()).sort(DEBT)
    if rounding == "account":
        first = by_debt.with_columns(first=starts("account_id"))
        reached = first.with_columns(reached=half_up(running(pl.col("parts"), first="first"), KOPECK_PARTS))
        rounded = reached.with_columns(amount_kop=since_last(pl.col("reached"), first="first"))
    else:
        rounded = by_debt.with_columns(amount_kop=half_up(pl.col("parts"), KOPECK_PARTS))
    return rounded.select(list(TOTALS))

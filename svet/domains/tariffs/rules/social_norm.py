"""The social norm of each segment, by household size, prorated by person-days.

Zero residents take the norm of one person (policy). A privileged household takes the privileged rows where a
territory has them.
"""

from __future__ import annotations

import polars as pl

from svet.domains.tariffs.rules import Structure
from svet.domains.tariffs.rules.policies import Policies
from svet.domains.tariffs.rules.segments import SEGMENT, UNIT
from svet.kernel.tables import (
    DAYS,
    days_in_month,
    elementary,
    half_up,
    overlap,
    remembered,
    running,
    since_last,
    starts,
    wide,
)

_PLACE = ["territory", "category"]
_NEED = [*_PLACE, "privileged", "size", "day"]


@remembered
def social_bounds(
    segments: pl.DataFrame, households: pl.DataFrame, norms: pl.DataFrame, *, policies: Policies
) -> pl.DataFrame:
    """Return `norm_wh` for each segment priced by social norm; null when the norm is not published for it.

    Vladimir's 100 / +60 / +40 gives two residents 160 kWh a month, 80 for 15 days of a month of 30.
    """
    asked = segments.filter(pl.col("structure") == Structure.SOCIAL_NORM.value)
    size = pl.col("residents")
    if policies.social_norm_without_residents == "owners":
        size = pl.col("persons")
    living = households.select(
        "account_id", "from_on", "until_on", "privileged", size=pl.max_horizontal(size.fill_null(1), 1)
    )
    pieces = asked.select(*UNIT, *_PLACE, "from_on", "until_on", segment_on="from_on")
    pieces = overlap(pieces, living, on=["account_id"])
    pieces = overlap(pieces, elementary(norms, by=_PLACE), on=_PLACE).with_columns(day="from_on")
    found = pieces.join(_norm_of(pieces, norms, policies=policies), on=_NEED, how="left")
    summed = found.group_by([*UNIT, "segment_on"]).agg(
        (wide("norm") * DAYS).sum().alias("wh_days"),
        pl.col("norm").is_null().any().alias("lacks"),
        DAYS.sum().alias("normed_days"),
    )
    complete = ~pl.col("lacks") & (pl.col("normed_days") == pl.col("days"))
    return (
        asked.select(*SEGMENT, "days")
        .join(summed, left_on=SEGMENT, right_on=[*UNIT, "segment_on"], how="left")
        .sort(SEGMENT)
        .with_columns(first=starts(*UNIT))
        .with_columns(
            reached=half_up(running(pl.col("wh_days").fill_null(0), first="first"), days_in_month("month_on"))
        )
        .select(*SEGMENT, norm_wh=pl.when(complete).then(since_last(pl.col("reached"), first="first")))
    )


def _norm_of(pieces: pl.DataFrame, norms: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    """Return the month's `norm` for each need: the largest row not above the household, plus each person more.

    By policy the privileged norm of one person is that of each.
    """
    rows = norms.rename({"privileged": "row_privileged", "persons": "row_persons"})
    each_person = policies.privileged_social_norm == "person"
    each = pl.col("row_privileged") & pl.lit(each_person)
    more = (pl.col("size") - pl.col("row_persons")) * pl.col("wh_each_next").fill_null(0)
    return (
        pieces.select(_NEED)
        .unique()
        .join(rows, on=_PLACE)
        .filter(
            (pl.col("row_persons") <= pl.col("size"))
            & (pl.col("privileged") | ~pl.col("row_privileged"))
            & (pl.lit(not each_person) | ~pl.col("row_privileged") | (pl.col("row_persons") == 1))
            & (pl.col("from_on") <= pl.col("day"))
            & ((pl.col("until_on") > pl.col("day")) | pl.col("until_on").is_null())
        )
        .sort("row_privileged", "row_persons")
        .group_by(_NEED, maintain_order=True)
        .last()
        .select(*_NEED, norm=pl.when(each).then(pl.col("wh") * pl.col("size")).otherwise(pl.col("wh") + more))
    )

"""The monthly average of a register from its actual readings (V04).

The average is (last − first) / months between actual readings, never a mean of estimates. The months are those
the readings count for. Whole watt-hours, after the multiplier.
"""

from __future__ import annotations

import polars as pl

from svet.domains.metering.rules.volumes.registers import KEY, REGISTER
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.tables import follows, half_up, wide

AVERAGE = ["average_wh", "average_months_used", "average_first_id", "average_last_id"]


@follows(0, 1)
def averages(places: pl.DataFrame, known: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    """Return `average_wh` of a full month for each register of `places` that has history enough.

    The first reading is the latest one at least a window before the last; without it, the earliest one at least
    the minimum before. Worked example E8: 1,200 kWh in six months are 200 a month.
    """
    monthly = (
        known.join(places.select(REGISTER), on=REGISTER, how="semi")
        .group_by([*REGISTER, "counts"], maintain_order=True)
        .last()
    )
    last = (
        monthly.sort("counts")
        .group_by(REGISTER, maintain_order=True)
        .last()
        .select(*REGISTER, last="counts", average_last_id="reading_id", last_wh="value_wh")
    )
    gap = pl.col("last") - pl.col("counts")
    whole_window = gap >= policies.average_window_months
    longest_first = pl.when(whole_window).then(gap).otherwise(1000 - gap)
    chosen = (
        monthly.join(last, on=REGISTER)
        .filter(gap.is_between(policies.average_min_months, policies.average_window_max_months))
        .sort(longest_first)
        .group_by(REGISTER, maintain_order=True)
        .first()
        .join(places.select(*REGISTER, "digits", "multiplier_e4").unique(REGISTER), on=REGISTER)
    )
    used = pl.col("last_wh") - pl.col("value_wh")
    passed_zero = pl.when(used < 0).then(dial_wh()).otherwise(0)
    return chosen.select(
        *REGISTER,
        average_wh=half_up((used + passed_zero) * wide("multiplier_e4"), gap.cast(pl.Int64) * 10_000),
        average_months_used=gap,
        average_first_id="reading_id",
        average_last_id="average_last_id",
    )


def with_averages(standing: pl.DataFrame, known: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    """Return `standing` with the columns `AVERAGE` where a register lacks an end or its reading fell.

    A register without history takes the average of the register of the same band of the meter before it. A reading
    that fell is not its own judge: it is left out of the average that it is measured by.
    """
    wanting = standing.filter((pl.col("hangs") & pl.col("end_id").is_null()) | (pl.col("end_wh") < pl.col("base_wh")))
    return standing.join(_found(wanting, standing, known, policies=policies), on=REGISTER, how="left")


@follows(0)
def _found(wanting: pl.DataFrame, standing: pl.DataFrame, known: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    judged = wanting.filter(pl.col("end_id").is_not_null()).select(reading_id="end_id")
    own = averages(wanting, known.join(judged, on="reading_id", how="anti"), policies=policies)
    before = _predecessors(wanting, standing).join(own, on=REGISTER, how="anti")
    asked = standing.join(before.select(*KEY, register_id="before_id").unique(), on=REGISTER, how="semi")
    found = averages(asked, known, policies=policies)
    borrowed = before.join(found, left_on=[*KEY, "before_id"], right_on=REGISTER).select(*REGISTER, *AVERAGE)
    return pl.concat([own, borrowed])


def dial_wh() -> pl.Expr:
    """Return the watt-hours after which the dial shows zero again."""
    return pl.lit(10, dtype=pl.Int64).pow(pl.col("digits")) * 1000


@follows(0)
def _predecessors(wanting: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    """Return for each register the one of the same band that hung there last before it (`before_id`)."""
    place = [*KEY, "zoning", "band"]
    gone = standing.filter(pl.col("removed_on").is_not_null()).select(
        *place, before_id="register_id", gone_on="removed_on"
    )
    return (
        wanting.select(*place, "register_id", "installed_on")
        .join(gone, on=place)
        .filter((pl.col("gone_on") <= pl.col("installed_on")) & (pl.col("before_id") != pl.col("register_id")))
        .sort("gone_on", "before_id")
        .group_by(REGISTER, maintain_order=True)
        .last()
        .select(*REGISTER, "before_id")
    )

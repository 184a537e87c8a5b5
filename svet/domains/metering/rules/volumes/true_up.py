"""What a reading settles: estimates are taken back, and what was truly used is spread over the months of the gap.

    last reading          estimated     estimated     reading
    ────┤ ───────────────┼─────────────┼─────────────┼──┤
        └── the rise, by the days of each month ─────────┘

A month whose lines are known is settled at its own prices (`repriced`); any other in the month of the reading.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from svet.domains.metering.rules import VolumeBasis
from svet.domains.metering.rules.volumes.measured import as_rows, multiplied
from svet.domains.metering.rules.volumes.registers import KEY, REGISTER
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.period import Month
from svet.kernel.tables import at_end, follows, half_up, running, since_last, starts, wide

PART = [*REGISTER, "base_id"]
"""A measured part of a register's month: what was measured since one base."""
SURCHARGE = "V16"


@dataclass(frozen=True)
class TrueUp:
    """Volumes taken back (V07, V08, V17), and the shares (`PART`, zoning, band, month_on, wh) of earlier months."""

    rows: pl.DataFrame
    shares: pl.DataFrame


@follows(1)
def true_up(risen: pl.DataFrame, estimates: pl.DataFrame, *, month: Month, policies: Policies) -> TrueUp:
    """Return what the readings of the month settle of `estimates` (frame ESTIMATES and `repriced`).

    An estimate is settled by a register that was measured since a reading before the estimate's end: its own by
    average, that of its supply by norm. 950 kWh over February to June (150 days) are 177.333 for February.
    """
    known = risen.filter(pl.col("rise_wh").is_not_null()).with_columns(used_up_wh=multiplied("rise_wh"))
    numbered = estimates.with_row_index("estimate")
    own = numbered.filter(pl.col("register_id").is_not_null())
    place = numbered.filter(pl.col("register_id").is_null()).drop("register_id")
    columns = [
        *PART, "zoning", "band", "position", "multiplier_e4", "base_on", "end_on", "hangs", "hang_from", "hang_until",
        "used_up_wh", "estimate", "month_on", "from_on", "until_on", "wh", "rule", "repriced",
    ]  # fmt: skip
    applies = pl.col("until_on").is_null() | (pl.col("until_on") > pl.col("base_on"))
    by_average = known.join(own, on=REGISTER).filter(applies).select(columns)
    by_norm = known.join(place, on=KEY).filter(applies).select(columns)
    if policies.surcharge_taken_back == "no":
        by_norm = by_norm.filter(pl.col("rule") != SURCHARGE)
    rows = pl.concat(
        [
            _back(by_average.unique("estimate"), [*REGISTER, "zoning", "band", "position", "multiplier_e4"], "V07"),
            _of_norm(by_norm.filter(pl.col("rule") != SURCHARGE), "V08"),
            _of_norm(by_norm.filter(pl.col("rule") == SURCHARGE), "V17"),
        ]
    )
    gaps = pl.concat([by_average, by_norm]).filter(pl.col("repriced") & (pl.col("rule") != SURCHARGE))
    return TrueUp(rows=rows, shares=_shares(gaps, month=month))


def _of_norm(rows: pl.DataFrame, rule: str) -> pl.DataFrame:
    whole_day = {"zoning": "1", "band": "all"}
    days = rows.group_by(KEY).agg(pl.col("base_on").min(), pl.col("end_on").max())
    once = rows.unique("estimate").drop("base_on", "end_on", *whole_day).join(days, on=KEY)
    of_place = once.with_columns(
        *(pl.lit(value).alias(name) for name, value in whole_day.items()),
        register_id=pl.lit(None, dtype=pl.Int64),
        position=pl.lit(9, dtype=pl.Int32),
        multiplier_e4=pl.lit(10_000, dtype=pl.Int64),
    )
    return _back(of_place, [*REGISTER, "zoning", "band", "position", "multiplier_e4"], rule)


def _back(rows: pl.DataFrame, by: list[str], rule: str) -> pl.DataFrame:
    """Return what is taken back: each estimate that is priced anew in its month, the others in one sum."""
    settled = {
        "wh": -pl.col("wh"),
        "basis": pl.lit(VolumeBasis.MEASURED.value),
        "rule": pl.lit(rule),
        "months": pl.lit(0),
        "facts": pl.lit("{}"),
    }
    known = rows.filter(pl.col("repriced")).select(*by, "month_on", "from_on", "until_on", "wh")
    others = (
        rows.filter(~pl.col("repriced"))
        .group_by(by)
        .agg(pl.col("wh").sum(), from_on=pl.col("base_on").min(), until_on=pl.col("end_on").max())
    )
    return pl.concat([as_rows(part.filter(pl.col("wh") != 0), **settled) for part in (known, others)])


def _shares(gaps: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return the shares of earlier months in what was measured, by days: the billed month keeps the rest."""
    part = [*PART, "zoning", "band"]
    earlier = gaps.group_by([*part, "used_up_wh", "month_on"]).agg(
        days=(pl.col("until_on") - pl.col("from_on")).dt.total_days().max()
    )
    hanging = pl.when("hangs").then((pl.col("hang_until") - pl.col("hang_from")).dt.total_days()).otherwise(0)
    now = gaps.select(*part, "used_up_wh", month_on=pl.lit(month.first_on), days=hanging).unique(PART)
    spread = (
        pl.concat([earlier.select(now.columns), now])
        .sort(*PART, "month_on")
        .with_columns(first=starts(*PART))
        .with_columns(run=running(pl.col("days"), first="first"))
        .with_columns(all_days=pl.max_horizontal(at_end(pl.col("run"), first="first"), 1))
        .with_columns(reached=half_up(wide("used_up_wh") * pl.col("run"), pl.col("all_days")))
    )
    return (
        spread.with_columns(wh=since_last(pl.col("reached"), first="first"))
        .filter(pl.col("month_on") < month.first_on)
        .select(*part, "month_on", "wh")
    )

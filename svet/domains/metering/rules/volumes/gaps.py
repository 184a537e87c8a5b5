"""The days between a meter taken down and the next one hung up (V18), and a meter that came back to its place.

    ──old measured──┤ removed      gap      installed ├──new measured──

A gap is charged by the average of what hung there last, to the end: no later reading takes it back. Only where a meter
was removed is anything computed.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from svet.domains.metering.rules import ReadingKind, VolumeBasis
from svet.domains.metering.rules.volumes.average import AVERAGE, averages
from svet.domains.metering.rules.volumes.measured import as_rows
from svet.domains.metering.rules.volumes.registers import KEY, REGISTER
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.period import Month
from svet.kernel.tables import follows, half_up, month_index, overlap, uncovered, wide

IN_GAP = "V18"
HANG = [*KEY, "hang_from", "hang_until"]
_HOLE = [*KEY, "from_on", "until_on"]


@dataclass(frozen=True)
class Gaps:
    """`rows` are volumes of gaps; `covered` are the days (`HANG`) that no norm is due for because of them."""

    rows: pl.DataFrame
    covered: pl.DataFrame


def gaps(
    supplies: pl.DataFrame,
    registers: pl.DataFrame,
    standing: pl.DataFrame,
    known: pl.DataFrame,
    *,
    month: Month,
    policies: Policies,
) -> Gaps:
    """Return the volumes of gaps, and the days of earlier stays of registers that were measured in the month.

    Worked example: 200 kWh a month, removed on 10 March, installed on 13 March: 200 × 3 / 31 = 19.355 kWh.
    """
    gone = registers.filter(pl.col("removed_on").is_not_null())
    return _gaps(gone, supplies, registers, standing, known, month=month, policies=policies)


@follows(0)
def _gaps(
    removed: pl.DataFrame,
    supplies: pl.DataFrame,
    registers: pl.DataFrame,
    standing: pl.DataFrame,
    known: pl.DataFrame,
    *,
    month: Month,
    policies: Policies,
) -> Gaps:
    gone = removed.select("supply_point_id").unique()
    spans = supplies.join(gone, on="supply_point_id", how="semi").select(*_HOLE, "agreement_from_on")
    stays = (
        spans.select(*KEY, "agreement_from_on")
        .unique()
        .join(registers.select("supply_point_id", "register_id", "installed_on", "removed_on"), on="supply_point_id")
    )
    back = _came_back(spans, stays, standing)
    if policies.meter_gap == "norm" or stays.is_empty():
        return Gaps(as_rows(standing.clear()), back)
    holes = _holes(spans, stays, standing, month=month)
    last = _last_before(holes, stays, month=month, policies=policies)
    rated = last.join(_averages(last, standing, known, policies=policies), on=REGISTER, how="left")
    whole = pl.col("average_wh").is_not_null().all().over([*KEY, "from_on"])
    told = rated.filter(whole)
    in_month = told.select(
        *KEY, hang_from=pl.max_horizontal("from_on", pl.lit(month.first_on)), hang_until="until_on"
    ).filter(pl.col("hang_from") < pl.col("hang_until"))
    return Gaps(_rows(told, standing, month=month), pl.concat([back, in_month.unique()]))


def gap_days(rows: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return the energy of the gaps of the month with its own days, by which a change of the price splits it.

    What is charged late, for days of a gap before the month, takes the prices of the month by its days like the rest.
    """
    own = rows.filter((pl.col("rule") == IN_GAP) & (pl.col("from_on") >= month.first_on))
    return own.select(*KEY, "month_on", "zoning", "band", "from_on", "until_on", "wh")


def _came_back(spans: pl.DataFrame, stays: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    """Return the days of the stays before the last one of registers that were measured in the month."""
    measured = standing.filter(pl.col("end_id").is_not_null() & pl.col("base_on").is_not_null())
    own = measured.select(*REGISTER, latest_on="installed_on")
    before = stays.join(own, on=REGISTER).filter(pl.col("installed_on") < pl.col("latest_on"))
    days = overlap(spans.select(_HOLE), before.select(*KEY, from_on="installed_on", until_on="removed_on"), on=KEY)
    return days.select(*KEY, hang_from="from_on", hang_until="until_on")


def _holes(spans: pl.DataFrame, stays: pl.DataFrame, standing: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return the days on which nothing hangs: of the month, and earlier ones that were charged before an act came."""
    hung = stays.select(
        *KEY, from_on="installed_on", until_on=pl.col("removed_on").fill_null(pl.lit(month.next.first_on))
    )
    now = uncovered(spans, hung, on=KEY)
    late = standing.filter(
        (pl.col("end_kind") == ReadingKind.REMOVED.value)
        & (pl.col("end_on") == pl.col("removed_on"))
        & (pl.col("removed_on") < month.first_on)
    )
    since = late.group_by(KEY).agg(from_on=pl.max_horizontal("removed_on", "gap_until_on").max())
    begun = since.filter(pl.col("from_on") < month.first_on).with_columns(until_on=pl.lit(month.first_on))
    earlier = uncovered(begun, hung, on=KEY)
    return pl.concat([now.select(_HOLE), earlier.select(_HOLE)])


def _last_before(holes: pl.DataFrame, stays: pl.DataFrame, *, month: Month, policies: Policies) -> pl.DataFrame:
    """Return the registers that were removed last before each hole, at this account, not too long ago."""
    limit = None if policies.failed_meter_average == "until_replaced" else policies.average_limit_failed_months
    since = pl.lit(month.first_on.year * 12 + month.first_on.month, dtype=pl.Int32) - month_index(pl.col("removed_on"))
    last = (
        holes.join(stays, on=KEY)
        .filter((pl.col("removed_on") <= pl.col("from_on")) & (pl.col("removed_on") > pl.col("agreement_from_on")))
        .filter(pl.col("removed_on") == pl.col("removed_on").max().over([*KEY, "from_on"]))
        .with_columns(months=since + 1)
    )
    return last if limit is None else last.filter(pl.col("months") <= limit)


def _averages(last: pl.DataFrame, standing: pl.DataFrame, known: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    places = standing.join(last.select(REGISTER).unique(), on=REGISTER, how="semi")
    return averages(places.unique(REGISTER), known, policies=policies).select(*REGISTER, *AVERAGE)


def _rows(told: pl.DataFrame, standing: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    days = (pl.col("until_on") - pl.col("from_on")).dt.total_days()
    dials = standing.select(*REGISTER, "position", "zoning", "band", "multiplier_e4").unique(REGISTER)
    return as_rows(
        told.join(dials, on=REGISTER),
        wh=half_up(wide("average_wh") * days, month.days),
        basis=pl.lit(VolumeBasis.AVERAGE.value),
        rule=pl.lit(IN_GAP),
        facts=pl.struct(
            "average_wh",
            months="average_months_used",
            month="months",
            first_reading_id="average_first_id",
            last_reading_id="average_last_id",
            removed_on=pl.col("removed_on").cast(pl.String),
            days=days,
            month_days=pl.lit(month.days),
        ).struct.json_encode(),
    )

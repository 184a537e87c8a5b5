"""What the conditions of a meter or a supply do to its readings and to the reason of an estimate.

An unfit meter (failed, or by policy with its verification expired) shows nothing from the day after it failed until
it is mended; then its count opens anew. Refused access leaves the meter fit: the consumer's own values wait.
"""

from __future__ import annotations

import polars as pl

from svet.domains.metering.rules import ConditionKind, EstimateReason, ReadingKind
from svet.domains.metering.rules.volumes.registers import REGISTER, later_ends
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.period import Month
from svet.kernel.tables import follows, month_index

DAY = "1d"


@follows(0)
def of_kind(conditions: pl.DataFrame, *, kind: ConditionKind, month: Month) -> pl.DataFrame:
    """Return the conditions of a kind that have begun by the end of the month."""
    return conditions.filter((pl.col("kind") == kind.value) & (pl.col("from_on") < month.next.first_on))


@follows(0)
def in_month(conditions: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return those that hold on some day of the month."""
    return conditions.filter(pl.col("until_on").is_null() | (pl.col("until_on") > month.first_on))


def unfit_spans(places: pl.DataFrame, conditions: pl.DataFrame, *, month: Month, policies: Policies) -> pl.DataFrame:
    """Return when the meter of each register was unfit: from the day it failed (null end: not mended)."""
    spans = _failed(of_kind(conditions, kind=ConditionKind.FAILED, month=month), places)
    if policies.verification_expired != "average":
        return spans
    after_on = pl.col("verification_due_on").dt.offset_by(DAY)
    expired = places.filter(after_on < month.next.first_on).select(
        *REGISTER, from_on=after_on, until_on=pl.lit(None, dtype=pl.Date)
    )
    return pl.concat([spans, expired])


@follows(0)
def _failed(conditions: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    spans = places.select(*REGISTER, "meter_id").join(
        conditions.select("supply_point_id", "meter_id", "from_on", "until_on"), on=["supply_point_id", "meter_id"]
    )
    return spans.select(*REGISTER, "from_on", "until_on")


def trusted(known: pl.DataFrame, spans: pl.DataFrame, refusals: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    """Return the readings without those of an unfit meter and the consumer's own after too many refusals."""
    within = (pl.col("taken_on") > pl.col("from_on")) & (
        pl.col("until_on").is_null() | (pl.col("taken_on") < pl.col("until_on"))
    )
    if not spans.is_empty():
        unfit = known.join(spans, on=REGISTER).filter(within).select("reading_id")
        known = known.join(unfit, on="reading_id", how="anti")
    if not refusals.is_empty():
        own = known.filter(pl.col("kind") == ReadingKind.REGULAR.value).select(
            "supply_point_id", "reading_id", "taken_on"
        )
        acts = own.join(refusals, on="supply_point_id").filter(within).group_by("reading_id").len()
        unused = acts.filter(pl.col("len") >= policies.access_refused_acts)
        known = known.join(unused, on="reading_id", how="anti")
    return known


def telling(known: pl.DataFrame, spans: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    """Return the readings an average may be formed of: of whole months before a failure, or since it was mended."""
    if spans.is_empty():
        return known
    now = standing.filter(pl.col("unfit") & pl.col("hangs"))
    before = spans.join(now, on=REGISTER, how="semi").group_by(REGISTER).agg(pl.col("from_on").min())
    mended = spans.join(now, on=REGISTER, how="anti").group_by(REGISTER).agg(pl.col("until_on").max())
    limits = pl.concat([before, mended], how="diagonal")
    kept = known.join(limits, on=REGISTER, how="left")
    fits = (pl.col("from_on").is_null() | (pl.col("counts") < month_index(pl.col("from_on")))) & (
        pl.col("until_on").is_null() | (pl.col("taken_on") >= pl.col("until_on"))
    )
    return kept.filter(fits).drop("from_on", "until_on").sort("taken_on", "reading_id")


def with_reasons(standing: pl.DataFrame, refusals: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Add `reason`, why a register without a reading is estimated, and `refused_twice`."""
    acts = in_month(refusals, month=month).group_by("supply_point_id").agg(acts=pl.len())
    if acts.is_empty():
        return standing.with_columns(
            reason=pl.when("unfit")
            .then(pl.lit(EstimateReason.FAILED.value))
            .otherwise(pl.lit(EstimateReason.NO_READING.value)),
            refused_twice=pl.lit(False),
        )
    return (
        standing.join(acts, on="supply_point_id", how="left")
        .with_columns(
            reason=pl.when("unfit")
            .then(pl.lit(EstimateReason.FAILED.value))
            .when(pl.col("acts") >= 1)
            .then(pl.lit(EstimateReason.REFUSED.value))
            .otherwise(pl.lit(EstimateReason.NO_READING.value)),
            refused_twice=(pl.col("acts") >= 2).fill_null(False),
        )
        .drop("acts")
    )


def parted(standing: pl.DataFrame, known: pl.DataFrame, spans: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return the registers with `unfit`; one that was unfit in the month as up to three rows.

        ──measured──┤ failed ├──── estimated ────┤ mended, first reading ├──measured──
          before            unfit (true)                      after

    What was charged for a failed meter stands for good (`final_until_on`): a count from before it is not gone on with.
    """
    standing = standing.with_columns(unfit=pl.lit(False))
    void = (pl.col("final_until_on") > pl.col("base_on")).fill_null(False)
    touching, voided = _touching(in_month(spans, month=month)), standing.filter(void)
    if touching.is_empty() and voided.is_empty():
        return standing
    asked = pl.concat([touching.select(REGISTER), voided.select(REGISTER)]).unique()
    broken = (
        standing.join(asked, on=REGISTER, how="semi")
        .join(touching.with_columns(spanned=True), on=REGISTER, how="left")
        .with_columns(
            void=void,
            mended_on=pl.when(pl.col("spanned").is_null()).then(pl.lit(month.first_on)).otherwise("mended_on"),
        )
    )
    before, after = _before(broken, known), _after(broken, known)
    columns = standing.columns
    parts = [before, _between(before, after), after]
    return pl.concat(
        [standing.join(asked, on=REGISTER, how="anti"), *(part.select(columns) for part in parts)]
    ).with_columns(hangs=pl.col("hangs") & (pl.col("hang_from") < pl.col("hang_until")))


@follows(0)
def _touching(spans: pl.DataFrame) -> pl.DataFrame:
    """Return the days of each register that was unfit in the month."""
    return spans.group_by(REGISTER).agg(
        unfit_from=pl.col("from_on").min(),
        mended_on=pl.when(pl.col("until_on").is_null().any()).then(None).otherwise(pl.col("until_on").max()),
    )


def _before(broken: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the rows up to the failure: they end at the last reading that a fit meter showed."""
    ends = [name for name in broken.columns if name.startswith("end_")]
    fresh = broken.drop(ends)
    believed = known.join(broken.filter(~pl.col("void")).select(*REGISTER, "unfit_from"), on=REGISTER).filter(
        pl.col("taken_on") <= pl.col("unfit_from")
    )
    ended = fresh.join(later_ends(fresh, believed), on=REGISTER, how="left")
    reached = pl.min_horizontal("hang_until", pl.max_horizontal("hang_from", "end_on"))
    return ended.with_columns(
        opens=pl.col("opens") & ~pl.col("void"),
        whole_until="hang_until",
        hang_until=pl.when(pl.col("end_id").is_null()).then("hang_from").otherwise(reached),
    )


def _after(broken: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the rows since the meter was mended: their count opens with the first reading of that day or later."""
    opening = (
        known.join(broken.select(*REGISTER, "mended_on"), on=REGISTER)
        .filter(pl.col("taken_on") >= pl.col("mended_on"))
        .group_by(REGISTER, maintain_order=True)
        .first()
        .select(*REGISTER, base_id="reading_id", base_wh="value_wh", base_on="taken_on", opening_kind="kind")
    )
    stale = [name for name in broken.columns if name.startswith(("end_", "base_"))]
    based = (
        broken.drop(*stale, "opening_kind")
        .join(opening, on=REGISTER)
        .with_columns(
            opens=pl.lit(True),
            used_id=pl.lit(None, dtype=pl.Int64),
            now_reading_id=pl.lit(None, dtype=pl.Int64),
            hang_from=pl.max_horizontal("hang_from", "base_on"),
        )
    )
    return based.join(later_ends(based, known), on=REGISTER, how="left")


def _between(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the days that are estimated: from the last reading believed to the first one anew."""
    reopened = after.select(*REGISTER, reopened_on="hang_from")
    ends = [name for name in before.columns if name.startswith("end_")]
    return before.join(reopened, on=REGISTER, how="left").with_columns(
        *(pl.lit(None, dtype=before.schema[name]).alias(name) for name in ends),
        unfit=pl.lit(True),
        opens=pl.lit(False),
        now_reading_id=pl.lit(None, dtype=pl.Int64),
        hang_from="hang_until",
        hang_until=pl.min_horizontal("whole_until", "reopened_on"),
    )

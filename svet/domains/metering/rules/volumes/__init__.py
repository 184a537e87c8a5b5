"""Volumes of a month: by meter, by average, by norm, each row with its rule and the readings behind it.

A volume is a row of a table; prices are not known here. Readings are facts that other rules accepted.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from svet.domains.metering.rules import ConditionKind
from svet.domains.metering.rules.volumes.average import with_averages
from svet.domains.metering.rules.volumes.conditions import (
    in_month,
    of_kind,
    parted,
    telling,
    trusted,
    unfit_spans,
    with_reasons,
)
from svet.domains.metering.rules.volumes.estimated import (
    averaged,
    may_average,
    norm_days,
    normed,
    with_factor,
    with_limits,
)
from svet.domains.metering.rules.volumes.gaps import HANG, gaps
from svet.domains.metering.rules.volumes.measured import corrections, measured, openings, with_rise
from svet.domains.metering.rules.volumes.registers import KEY, positions, registers_of, usable
from svet.domains.metering.rules.volumes.true_up import true_up
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.period import Month
from svet.kernel.tables import follows, overlap

__all__ = ["KEY", "Volumes", "month_volumes"]


@dataclass(frozen=True)
class Volumes:
    """The volumes of a month (columns `measured.ROW`), findings, and the readings that may be used.

    `shares` are what earlier months have of the volumes between two readings (`true_up.TrueUp`).
    """

    rows: pl.DataFrame
    shares: pl.DataFrame
    findings: pl.DataFrame
    readings: pl.DataFrame


def month_volumes(
    *,
    supplies: pl.DataFrame,
    registers: pl.DataFrame,
    conditions: pl.DataFrame,
    readings: pl.DataFrame,
    billed: pl.DataFrame,
    estimates: pl.DataFrame,
    households: pl.DataFrame,
    categories: pl.DataFrame,
    norms: pl.DataFrame,
    month: Month,
    policies: Policies,
) -> Volumes:
    """Return every volume of `month` for `supplies`, in the columns that `billing.rules.frames` declares.

    1. find where each register stands, and what its conditions leave of it; 2. measure what has a second reading;
    3. average what hangs without one, and days between two meters; 4. charge the days left over by norm.
    `households` cover every day and carry `persons`.
    """
    places = registers_of(supplies, registers)
    spans = unfit_spans(places, conditions, month=month, policies=policies)
    refusals = of_kind(conditions, kind=ConditionKind.ACCESS_REFUSED, month=month)
    known = trusted(usable(readings, places, month=month, policies=policies), spans, refusals, policies=policies)
    stood = parted(positions(places, known, billed), known, spans, month=month)
    told = telling(known, spans, stood)
    standing = with_averages(stood, told, policies=policies)
    risen = with_rise(standing, policies=policies)
    open_ended = standing.filter(pl.col("hangs") & pl.col("end_id").is_null())
    by_average, wanting = _unread(open_ended, refusals, month=month, policies=policies)
    covered = standing.filter(pl.col("hangs")).join(wanting, on=[*KEY, "register_id", "hang_from"], how="anti")
    between = gaps(supplies, registers, stood, told, month=month, policies=policies)
    days = with_factor(
        norm_days(supplies, pl.concat([covered.select(HANG), between.covered.select(HANG)]), wanting),
        billed,
        in_month(of_kind(conditions, kind=ConditionKind.METER_FEASIBLE, month=month), month=month),
        in_month(refusals, month=month),
        policies=policies,
    )
    by_norm, missing = normed(
        days,
        supplies=supplies,
        households=households,
        categories=categories,
        norms=norms,
        month=month,
        policies=policies,
    )
    settled = true_up(risen, estimates, month=month, policies=policies)
    rows = pl.concat(
        [
            corrections(standing),
            openings(standing),
            measured(risen, month=month),
            averaged(by_average, month=month),
            between.rows,
            by_norm,
            settled.rows,
        ]
    )
    findings = pl.concat([missing, _fallen(risen), _silent(covered, wanting), _unverified(standing, month=month)])
    return Volumes(rows=rows, shares=settled.shares, findings=findings, readings=known)


@follows(0)
def _unread(
    open_ended: pl.DataFrame, refusals: pl.DataFrame, *, month: Month, policies: Policies
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the registers without a reading that are charged by average, and those that may not be."""
    told = with_limits(with_reasons(open_ended, refusals, month=month), policies=policies)
    told = told.with_columns(averages=may_average(policies=policies))
    return told.filter("averages"), told.filter(~pl.col("averages"))


def _fallen(risen: pl.DataFrame) -> pl.DataFrame:
    """F01: the reading fell and no wrap explains it."""
    return _told_fallen(risen.filter(pl.col("end_id").is_not_null() & pl.col("rise_wh").is_null()))


@follows(0)
def _told_fallen(fallen: pl.DataFrame) -> pl.DataFrame:
    return fallen.select(
        *KEY,
        code=pl.lit("F01"),
        level=pl.lit("hold"),
        facts=pl.struct(
            "register_id", "band", "base_wh", "end_wh", "digits", "average_wh", end_on=pl.col("end_on").cast(pl.String)
        ).struct.json_encode(),
    )


@follows(0, 1)
def _silent(covered: pl.DataFrame, wanting: pl.DataFrame) -> pl.DataFrame:
    """F07: a register waits for its reading while the days are covered by another."""
    hang = {"from_on": pl.col("hang_from"), "until_on": pl.col("hang_until")}
    beside = overlap(wanting.select(*KEY, "register_id", "band", **hang), covered.select(*KEY, **hang), on=KEY)
    return beside.unique([*KEY, "register_id"]).select(
        *KEY,
        code=pl.lit("F07"),
        level=pl.lit("note"),
        facts=pl.struct("register_id", "band").struct.json_encode(),
    )


def _unverified(standing: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """F08: a meter hangs with its verification expired before the month."""
    return _told_expired(standing.filter(pl.col("hangs") & (pl.col("verification_due_on") < month.first_on)))


@follows(0)
def _told_expired(expired: pl.DataFrame) -> pl.DataFrame:
    return (
        expired.select(*KEY, "meter_id", due_on=pl.col("verification_due_on").cast(pl.String))
        .unique()
        .select(
            *KEY,
            code=pl.lit("F08"),
            level=pl.lit("note"),
            facts=pl.struct("meter_id", "due_on").struct.json_encode(),
        )
    )
